/** The barrier: whose agent it is, then its name, role and disk, and the cluster's machine network. */
import { inventoryOf, listed } from '../assisted/inventory.ts';
import type { Cluster, Fields, Host } from '../assisted/types.ts';
import { blocking } from '../assisted/validations.ts';
import { asSnobootError, SnobootError } from '../core/errors.ts';
import { machineNetworkCandidates } from '../inventory/network.ts';
import { type ClusterContext, fact, type HostContext } from './context.ts';
import { currentCluster } from './current-cluster.ts';
import { choiceFor } from './disk-choice.ts';
import { giveUpKeeping, passGate, toBeKept } from './disk-gate.ts';
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
  look: async (context, signal) => {
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
    const records = new Map(context.hosts.map((host) => [host, recordOf(host, cluster)]));
    for (const [host, record] of records) {
      const [disk] = toBeKept(host, record);
      if (disk)
        return { so: false, seen: `${host.spec.name}: ${disk} is not kept yet`, due: `disks ${host.spec.name}` };
    }
    const erasable = await passGate(context, records, signal);
    const disks = [...records].map(([host, record]) => choiceFor(host.spec, record).install.id);
    return { so: true, facts: { disks, erasable } };
  },
  effects: { host: 'set name, role and installation disk of each host' },
  ifNeeded: {
    'machine-network': 'set the machine network',
    disks: 'put disks that are to be kept on the skip list',
  },
  isSo: 'its hosts are assigned',
  act: async (context, due) => {
    const { assisted, watch } = context.run;
    const network = machineNetwork(context);
    if (due === 'machine-network' && network)
      await assisted.patchCluster(fact(context, 'clusterId'), { machine_networks: [{ cidr: network }] });
    const host = context.hosts.find(({ spec }) => [`host ${spec.name}`, `disks ${spec.name}`].includes(due));
    if (host) {
      const record = recordOf(host, await currentCluster(context));
      if (due === `host ${host.spec.name}`)
        await assisted.patchHost(fact(context, 'infraEnvId'), record.id, patchFor(host, record));
      else await keepDisks(host, record);
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
  );
}

/** Only what is not yet so. */
function patchFor(host: HostContext, record: Host): Fields {
  const { install } = choiceFor(host.spec, record);
  return {
    ...(record.requested_hostname === host.spec.name ? {} : { host_name: host.spec.name }),
    ...(record.role === ROLE ? {} : { host_role: ROLE }),
    ...(record.installation_disk_id === install.id
      ? {}
      : { disks_selected_config: [{ id: install.id, role: 'install' as const }] }),
  };
}

/** A disk that the service does not put on its skip list is no reason to try for long: the gate asks for it. */
async function keepDisks(host: HostContext, record: Host): Promise<void> {
  const wanted = toBeKept(host, record);
  const { assisted } = host.run;
  const fields = { disks_skip_formatting: wanted.map((disk_id) => ({ disk_id, skip_formatting: true })) };
  try {
    const answer = await assisted.patchHost(fact(host.cluster, 'infraEnvId'), record.id, fields);
    const skipped = listed(answer.skip_formatting_disks);
    giveUpKeeping(
      host,
      wanted.filter((id) => !skipped.includes(id)),
    );
  } catch (error) {
    if (asSnobootError(error).code !== 'E-SVC-REFUSED') throw error;
    giveUpKeeping(host, wanted);
    host.run.say(host.subject, { type: 'warning', text: `not kept: ${asSnobootError(error).message}` });
  }
}
