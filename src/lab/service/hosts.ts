/** Calls about hosts other than the agent's: list, change, delete, logs (assisted-service.md §1.7, §3.6). */
import { FORBIDDEN_NAMES } from './catalogue.ts';
import { HOST_NAME } from './hardware-checks.ts';
import { eligibleDisks } from './hardware.ts';
import { hostView } from './host-view.ts';
import { refreshAll } from './monitor.ts';
import {
  addEvent,
  type Call,
  clusterOf,
  hostOf,
  hostsOf,
  infraEnvOf,
  now,
  type Service,
  subjectOf,
  touch,
} from './service.ts';
import type { Host, HostStatus } from './host-state.ts';
import { type Answer, Refusal } from './wire.ts';

const FULL = { inventory: true, stages: true };
const WRITTEN = { inventory: true, stages: true, freeAddresses: true };

/** GET the hosts of an infra-env, all of each. */
export function listHosts(call: Call): Answer {
  const { id } = infraEnvOf(call);
  const hosts = Object.values(call.service.world.hosts).filter((host) => host.infraEnvId === id);
  return { status: 200, json: hosts.map((host) => hostView(host, FULL)) };
}

/** GET the hosts of a cluster; the inventory only where it is asked for. */
export function listClusterHosts(call: Call): Answer {
  const options = { inventory: call.query.get('with-inventory') === 'true', stages: false };
  return { status: 200, json: hostsOf(call.service, clusterOf(call)).map((host) => hostView(host, options)) };
}

/** GET of one host, with its inventory. */
export function getHost(call: Call): Answer {
  return { status: 200, json: hostView(hostOf(call), FULL) };
}

const CHANGEABLE: readonly HostStatus[] = ['discovering', 'known', 'disconnected', 'insufficient', 'pending-for-input'];

/** PATCH host: name, role, disks; 409 in a wrong status. */
export function patchHost(call: Call): Answer {
  const { service, json } = call;
  const host = hostOf(call);
  if ('host_name' in json) setName(service, host, String(json['host_name']));
  if ('host_role' in json) {
    checkStatus(host, 'role');
    host.role = String(json['host_role']);
  }
  if ('disks_selected_config' in json)
    selectDisks(host, json['disks_selected_config'] as { id?: string; role?: string }[]);
  for (const { disk_id: id, skip_formatting: skip } of (json['disks_skip_formatting'] ?? []) as SkipRequest[]) {
    checkStatus(host, 'skip formatting disks');
    host.skipFormatting = host.skipFormatting.filter((known) => known !== id);
    if (skip) host.skipFormatting.push(id);
  }
  return written(service, host);
}

interface SkipRequest {
  disk_id: string;
  skip_formatting: boolean;
}

function written(service: Service, host: Host): Answer {
  host.updatedAt = now(service);
  const cluster = service.world.clusters[host.clusterId];
  touch(service, cluster);
  if (cluster) refreshAll(service, cluster);
  return { status: 201, json: hostView(host, WRITTEN) };
}

function checkStatus(host: Host, what: string): void {
  if (CHANGEABLE.includes(host.status)) return;
  const states = `[${CHANGEABLE.join(' ')}]`;
  throw new Refusal(409, `Host is in ${host.status} state, ${what} can be set only in one of ${states} states`);
}

function setName(service: Service, host: Host, name: string): void {
  if (!HOST_NAME.test(name))
    throw new Refusal(400, `Hostname does not pass required regex validation: ${HOST_NAME.source}. Hostname: ${name}`);
  if (FORBIDDEN_NAMES.includes(name)) throw new Refusal(400, `The host name ${name} is forbidden`);
  checkStatus(host, 'host name');
  const subject = service.world.clusters[host.clusterId]?.name ?? 'service';
  const kept = service.lab.faults.at('service.host-name', subject, name);
  if (kept !== null) host.requestedHostname = kept;
}

function selectDisks(host: Host, wanted: { id?: string; role?: string }[]): void {
  checkStatus(host, 'installation disk');
  const chosen = wanted.find((disk) => disk.role === 'install')?.id;
  const eligible = host.inventory ? eligibleDisks(host.inventory) : [];
  if (chosen && !eligible.some((disk) => disk.id === chosen))
    throw new Refusal(409, "Requested installation disk is not part of the host's valid disks");
  host.installationDiskId = chosen ?? '';
}

const INSTALLER_FLAGS =
  '--append-karg --delete-karg -n --copy-network --network-dir --save-partlabel --save-partindex --image-url --image-file';

/** PATCH installer-args: flags that coreos-installer may be given, 400 for others. */
export function patchInstallerArgs(call: Call): Answer {
  const { service, json } = call;
  const host = hostOf(call);
  const args = (json['args'] ?? []) as string[];
  const unknown = args.find((arg) => arg.startsWith('-') && !INSTALLER_FLAGS.split(' ').includes(arg));
  if (unknown)
    throw new Refusal(400, `found unexpected flag ${unknown} for installer - allowed flags are [${INSTALLER_FLAGS}]`);
  host.userArgs = args;
  return written(service, host);
}

/** PATCH of the pointer ignition: 201 without a body. */
export function patchIgnition(call: Call): Answer {
  const host = hostOf(call);
  host.ignitionOverride = String(call.json['config']);
  return { ...written(call.service, host), json: undefined };
}

/** DELETE host: allowed while it installs too, and then the cluster fails at once. */
export function deleteHost(call: Call): Answer {
  const { service } = call;
  const host = hostOf(call);
  const cluster = service.world.clusters[host.clusterId];
  delete service.world.hosts[host.id];
  service.lab.record({ kind: 'lab', to: 'service', effect: 'delete-host', cluster: cluster?.name, host: host.id });
  addEvent(service, subjectOf(host), 'host_deregistered', `Host ${host.id} deregistered`);
  touch(service, cluster);
  if (cluster) refreshAll(service, cluster);
  return { status: 204 };
}

/** PUT logs-progress of a host. */
export function reportLogs(call: Call): Answer {
  const host = hostOf(call);
  host.logsState = String(call.json['logs_state']);
  if (host.logsState === 'requested') host.logsStartedAt = now(call.service);
  touch(call.service, call.service.world.clusters[host.clusterId]);
  return { status: 204 };
}
