/** What the agent is told to do, by the host's status, and the arguments of each step (assisted-service.md §3.3, §3.4). */
import { installerArgs } from './arguments.ts';
import { CONTROLLER_IMAGE, neededImages, releaseImage } from './catalogue.ts';
import { disksToFormat, networksOf } from './hardware.ts';
import { type Call, clusterOf, hostOf, type Service, now, touch } from './service.ts';
import type { Host, HostStatus } from './host-state.ts';
import type { Cluster, InfraEnv } from './state.ts';
import type { Answer } from './wire.ts';

interface Step {
  step_type: string;
  args: string[];
}

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
const SLOW: readonly HostStatus[] = ['disconnected', 'error', 'cancelled'];
const IMAGE_SECONDS = 960;

/** GET instructions: the check-in of the agent, and its next steps. `timestamp` is compared with the real time. */
export function giveInstructions(call: Call): Answer {
  const { service, query } = call;
  const host = hostOf(call);
  const timestamp = Number(query.get('timestamp') ?? 0);
  host.checkedInAt = now(service);
  if (timestamp) Object.assign(host, { timestamp, behindMs: service.lab.clock.wall() - timestamp * 1000 });
  const cluster = clusterOf({ ...call, params: { cluster_id: host.clusterId } });
  touch(service, cluster);
  const steps = (STEPS[host.status] ?? []).flatMap((type): Step[] => {
    const args = argsOf(type, host, cluster, service.world.infraEnvs[host.infraEnvId]);
    return args ? [{ step_type: type, args }] : [];
  });
  const numbered = steps.map((step) => ({ ...step, step_id: `${step.step_type}-${suffix(service)}` }));
  const seconds = SLOW.includes(host.status) ? 120 : 60;
  const json = {
    instructions: numbered.length ? numbered : null,
    next_instruction_seconds: seconds,
    post_step_action: 'continue',
  };
  return { status: 200, json };
}

const suffix = (service: Service): string => service.lab.random.bytes(4).toString('hex');

/** The step's arguments; undefined when there is nothing to do. */
function argsOf(type: string, host: Host, cluster: Cluster, infraEnv: InfraEnv | undefined): string[] | undefined {
  switch (type) {
    case 'inventory':
      return [host.id];
    case 'free-network-addresses': {
      const networks = (host.inventory ? networksOf(host.inventory) : []).filter(
        (cidr) => Number(cidr.split('/')[1]) >= 22,
      );
      return networks.length ? [JSON.stringify(networks)] : undefined;
    }
    case 'ntp-synchronizer':
      return [JSON.stringify({ ntp_source: cluster.extra['additional_ntp_source'] ?? '' })];
    case 'domain-resolution':
      return [JSON.stringify({ domains: domainsOf(cluster).map((name) => ({ domain_name: name })) })];
    case 'installation-disk-speed-check':
      if (host.diskSpeed[host.installationDiskId]) return undefined;
      return [JSON.stringify({ path: host.installationDiskId }), '480.00'];
    case 'container-image-availability': {
      const images = neededImages(cluster.openshiftVersion);
      if (images.every((name) => host.images[name])) return undefined;
      return [JSON.stringify({ images, timeout: IMAGE_SECONDS })];
    }
    case 'install':
      return [JSON.stringify(installOrder(host, cluster, installerArgs(host, cluster, infraEnv)))];
    case 'logs-gather': {
      const ids = { cluster_id: cluster.id, host_id: host.id, infra_env_id: host.infraEnvId };
      return [JSON.stringify({ ...ids, bootstrap: host.bootstrap, installer_gather: true, master_ips: null })];
    }
    default:
      return [];
  }
}

function domainsOf(cluster: Cluster): string[] {
  const zone = `${cluster.name}.${cluster.baseDomain}`;
  const wildcard = `validateNoWildcardDNS.${zone}`;
  const registry = releaseImage(cluster.openshiftVersion).split('/')[0]!;
  return [
    `api.${zone}`,
    `api-int.${zone}`,
    `console-openshift-console.apps.${zone}`,
    `${wildcard}.`,
    wildcard,
    registry,
  ];
}

function installOrder(host: Host, cluster: Cluster, args: string[]): object {
  const [, mco, mustGather, installer] = neededImages(cluster.openshiftVersion);
  return {
    boot_device: host.installationDiskId,
    check_cvo: true,
    cluster_id: cluster.id,
    control_plane_count: 1,
    controller_image: CONTROLLER_IMAGE,
    disks_to_format: disksToFormat(host),
    enable_skip_mco_reboot: true,
    host_id: host.id,
    infra_env_id: host.infraEnvId,
    installer_args: JSON.stringify(args),
    installer_image: installer,
    mco_image: mco,
    must_gather_image: mustGather,
    notify_num_reboots: true,
    openshift_version: cluster.openshiftVersion,
    role: host.bootstrap ? 'bootstrap' : host.role,
    service_ips: null,
  };
}
