/** The barrier: whose agent it is, then its name, role and disk, and the cluster's machine network. */
import { inventoryOf, listed } from '../assisted/inventory.ts';
import type { Cluster, Fields, Host } from '../assisted/types.ts';
import { blocking } from '../assisted/validations.ts';
import { SnobootError } from '../core/errors.ts';
import { machineNetworkCandidates } from '../inventory/network.ts';
import { type ClusterContext, fact, type HostContext } from './context.ts';
import { currentCluster } from './current-cluster.ts';
import { chooseDisk } from './disk-choice.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';
import { sentence } from './tell-hosts.ts';
import { contradiction, knownMacs, knownSerials } from './witness.ts';

const ROLE = 'master';

export const assignHosts: Stage<ClusterContext> = {
  name: 'assign-hosts',
  waitsFor: 'the agents to send their hardware',
  deadlineMs: 10 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 5,
  settleMs: 30 * SECOND,
  group: 'service',
  look: async (context) => {
    const cluster = await currentCluster(context);
    const silent = context.hosts.find((host) => !inventoryOf(recordOf(host, cluster)));
    if (silent) return { so: false, seen: `${silent.spec.name} has not sent its hardware (has-inventory)` };
    for (const host of context.hosts) refuseStranger(host, recordOf(host, cluster));
    const network = machineNetwork(context);
    if (network && !cluster.machine_networks?.some(({ cidr }) => cidr === network))
      return { so: false, seen: `machine network ${network} is not set`, due: 'machine-network' };
    for (const host of context.hosts) {
      const [field] = Object.keys(patchFor(host, recordOf(host, cluster)));
      if (field)
        return { so: false, seen: unassigned(host, recordOf(host, cluster), field), due: `host ${host.spec.name}` };
    }
    return {
      so: true,
      facts: { disks: context.hosts.map((host) => choiceFor(host, recordOf(host, cluster)).install.id) },
    };
  },
  act: async (context, due) => {
    const { assisted, watch } = context.run;
    const network = machineNetwork(context);
    if (due === 'machine-network' && network)
      await assisted.patchCluster(fact(context, 'clusterId'), { machine_networks: [{ cidr: network }] });
    const host = context.hosts.find(({ spec }) => due === `host ${spec.name}`);
    if (host) {
      const record = recordOf(host, await currentCluster(context));
      await assisted.patchHost(fact(context, 'infraEnvId'), record.id, patchFor(host, record));
    }
    watch.refresh();
  },
  expired: (_context, seen) =>
    new SnobootError(
      'E-VALIDATION',
      `the hosts could not be assigned: ${seen}`,
      "look at the agent's log on the host (journalctl -u agent)",
    ),
};

/** With what blocks the host at the service, since that may be why a field is not kept. */
function unassigned(host: HostContext, record: Host, field: string): string {
  const reasons = blocking(record).map(sentence).join('; ');
  return `${host.spec.name}: ${field} is not set${reasons === '' ? '' : ` (${reasons})`}`;
}

function recordOf(host: HostContext, cluster: Cluster): Host {
  const record = cluster.hosts.find(({ id }) => id === host.facts['hostId']);
  if (record) return record;
  throw new SnobootError(
    'E-SVC-GONE',
    `the host ${host.subject} is no longer at the service`,
    'find out who deleted it, then deploy again',
  );
}

/** The agent is the second witness: what it shows must be what BMC and inventory say of the machine (design §5). */
function refuseStranger(host: HostContext, record: Host): void {
  const wrong = contradiction(host, record);
  if (wrong === undefined) return;
  const known = [...knownSerials(host), ...knownMacs(host)].join(', ');
  throw new SnobootError(
    'E-IDENT',
    `the agent runs on a machine with ${wrong}, but ${host.subject} and its BMC have ${known}`,
    'check the MAC addresses and the BMC address of this host in the inventory; nothing was installed',
  );
}

function machineNetwork(context: ClusterContext): string | undefined {
  const [network, second] = machineNetworkCandidates(context.spec);
  if (second === undefined) return network;
  throw new SnobootError(
    'E-NETWORK-AMBIGUOUS',
    `several networks could be the machine network: ${machineNetworkCandidates(context.spec).join(', ')}`,
    'set machineNetwork of this cluster in the inventory',
  );
}

function choiceFor(host: HostContext, record: Host) {
  return chooseDisk(host.spec, inventoryOf(record)?.disks ?? [], listed(record.disks_to_be_formatted));
}

/** Only what is not yet so. */
function patchFor(host: HostContext, record: Host): Fields {
  const { install, skipFormatting } = choiceFor(host, record);
  const skipped = listed(record.skip_formatting_disks);
  const toSkip = skipFormatting.filter((id) => !skipped.includes(id));
  return {
    ...(record.requested_hostname === host.spec.name ? {} : { host_name: host.spec.name }),
    ...(record.role === ROLE ? {} : { host_role: ROLE }),
    ...(record.installation_disk_id === install.id
      ? {}
      : { disks_selected_config: [{ id: install.id, role: 'install' as const }] }),
    ...(toSkip.length > 0
      ? { disks_skip_formatting: toSkip.map((disk_id) => ({ disk_id, skip_formatting: true })) }
      : {}),
  };
}
