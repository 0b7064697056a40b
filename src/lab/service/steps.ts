/** What the agent is told to do, by the host's status, and the arguments of each step (assisted-service.md §3.3, §3.4). */
import { CONTROLLER_IMAGE, neededImages } from './catalogue.ts';
import { addressIn, disksToFormat, networksOf } from './hardware.ts';
import type { Host, HostStatus } from './host-state.ts';
import { type Call, clusterOf, hostOf, now, touch } from './service.ts';
import type { Cluster, InfraEnv } from './state.ts';
import type { Answer } from './wire.ts';

const CHECKS = ['inventory', 'free-network-addresses', 'ntp-synchronizer', 'domain-resolution'];
const STEPS: Partial<Record<HostStatus, string[]>> = {
  discovering: ['inventory'],
  insufficient: CHECKS,
  'pending-for-input': CHECKS,
  known: CHECKS,
  disconnected: ['inventory'],
  'preparing-for-installation': ['installation-disk-speed-check', 'container-image-availability'],
  installing: ['install'],
  error: ['logs-gather', 'stop-installation'],
  cancelled: ['logs-gather', 'stop-installation'],
};
const IMAGE_SECONDS = 960;

/** GET instructions: the check-in of the agent, and its next steps. `timestamp` is compared with the real time. */
export function giveInstructions(call: Call): Answer {
  const { service, query } = call;
  const { clock, random } = service.lab;
  const host = hostOf(call);
  const cluster = clusterOf(call, host.cluster_id);
  const timestamp = Number(query.get('timestamp') ?? 0);
  host.checked_in_at = now(service);
  if (timestamp) Object.assign(host, { timestamp, behindMs: clock.wall() - timestamp * 1000 });
  touch(service, cluster);
  const infraEnv = service.world.infraEnvs[host.infra_env_id];
  const steps = (STEPS[host.status] ?? []).flatMap((type) => {
    const args = argsOf(type, host, cluster, infraEnv);
    return args ? [{ step_type: type, args, step_id: `${type}-${random.bytes(4).toString('hex')}` }] : [];
  });
  const json = {
    instructions: steps.length ? steps : null,
    next_instruction_seconds: /^(disconnected|error|cancelled)$/.test(host.status) ? 120 : 60,
    post_step_action: 'continue',
  };
  return { status: 200, json };
}

/** The step's arguments; undefined when there is nothing to do. */
function argsOf(type: string, host: Host, cluster: Cluster, infraEnv: InfraEnv | undefined): string[] | undefined {
  switch (type) {
    case 'inventory':
      return [host.id];
    case 'free-network-addresses': {
      const networks = networksOf(host).filter((cidr) => Number(cidr.split('/')[1]) >= 22);
      return networks.length ? [JSON.stringify(networks)] : undefined;
    }
    case 'ntp-synchronizer':
      return [JSON.stringify({ ntp_source: cluster.additional_ntp_source })];
    case 'domain-resolution':
      return [JSON.stringify({ domains: domainsOf(cluster).map((name) => ({ domain_name: name })) })];
    case 'installation-disk-speed-check':
      if (host.disks_info[host.installation_disk_id]) return undefined;
      return [JSON.stringify({ path: host.installation_disk_id }), '480.00'];
    case 'container-image-availability': {
      const images = neededImages(cluster.openshift_version);
      if (images.every((name) => host.images_status[name])) return undefined;
      return [JSON.stringify({ images, timeout: IMAGE_SECONDS })];
    }
    case 'install':
      return [JSON.stringify(installOrder(host, cluster, installerArgs(host, cluster, infraEnv)))];
    case 'logs-gather': {
      const ids = { cluster_id: cluster.id, host_id: host.id, infra_env_id: host.infra_env_id };
      return [JSON.stringify({ ...ids, bootstrap: host.bootstrap, installer_gather: true, master_ips: null })];
    }
    default:
      return [];
  }
}

function domainsOf({ name, base_dns_domain: domain }: Cluster): string[] {
  const zone = `${name}.${domain}`;
  const wildcard = `validateNoWildcardDNS.${zone}`;
  return [
    `api.${zone}`,
    `api-int.${zone}`,
    `console-openshift-console.apps.${zone}`,
    `${wildcard}.`,
    wildcard,
    'quay.io',
  ];
}

/** DHCP on the NIC of the machine network, or the live system's network copied. */
function installerArgs(host: Host, cluster: Cluster, infraEnv: InfraEnv | undefined): string[] {
  if (infraEnv?.static_network_config.length) return ['--copy-network'];
  const own = addressIn(host, cluster.machine_networks[0]?.cidr ?? '');
  const isOwn = (address: string): boolean => address.split('/')[0] === own;
  const nic = host.inventory?.interfaces.find((candidate) => candidate.ipv4_addresses?.some(isOwn));
  return nic ? ['--append-karg', `ip=${nic.mac_address.replaceAll(':', '-')}:dhcp`] : [];
}

function installOrder(host: Host, cluster: Cluster, args: string[]): object {
  const [, mco, mustGather, installer] = neededImages(cluster.openshift_version);
  return {
    boot_device: host.installation_disk_id,
    check_cvo: true,
    cluster_id: cluster.id,
    control_plane_count: 1,
    controller_image: CONTROLLER_IMAGE,
    disks_to_format: disksToFormat(host),
    enable_skip_mco_reboot: true,
    host_id: host.id,
    infra_env_id: host.infra_env_id,
    installer_args: JSON.stringify(args),
    installer_image: installer,
    mco_image: mco,
    must_gather_image: mustGather,
    notify_num_reboots: true,
    openshift_version: cluster.openshift_version,
    role: host.bootstrap ? 'bootstrap' : host.role,
    service_ips: null,
  };
}
