/** Calls about hosts other than the agent's: list, change, delete (assisted-service.md §1.7). */
import { nameProblem } from './hardware-checks.ts';
import { eligibleDisks } from './hardware.ts';
import type { Host } from './host-state.ts';
import { refreshAll } from './monitor.ts';
import {
  addEvent,
  type Call,
  clusterOf,
  hostName,
  hostOf,
  hostsOf,
  infraEnvOf,
  now,
  recordEffect,
  type Service,
  touch,
} from './service.ts';
import { hostView } from './views.ts';
import { type Answer, Refusal } from './wire.ts';

/** GET the hosts of an infra-env. */
export function listHosts(call: Call): Answer {
  const { id } = infraEnvOf(call);
  const hosts = Object.values(call.service.world.hosts).filter((host) => host.infra_env_id === id);
  return { status: 200, json: hosts.map((host) => hostView(host, { stages: true })) };
}

/** GET the hosts of a cluster. */
export function listClusterHosts(call: Call): Answer {
  const hosts = hostsOf(call.service, clusterOf(call));
  return { status: 200, json: hosts.map((host) => ({ ...hostView(host, { stages: false }), inventory: undefined })) };
}

/** GET of one host. */
export function getHost(call: Call): Answer {
  return { status: 200, json: hostView(hostOf(call), { stages: true }) };
}

interface Wishes {
  host_name?: string;
  host_role?: string;
  disks_selected_config?: { id?: string; role?: string }[];
  disks_skip_formatting?: { disk_id: string; skip_formatting: boolean }[];
}

/** PATCH host: name, role, disks; 409 in a wrong status. */
export function patchHost(call: Call): Answer {
  const { service } = call;
  const host = hostOf(call);
  const wishes = call.json as Wishes;
  if (wishes.host_name !== undefined) setName(call, host, wishes.host_name);
  if (wishes.host_role) checkStatus(host, 'role');
  host.role = wishes.host_role ?? host.role;
  if (wishes.disks_selected_config) selectDisk(host, wishes.disks_selected_config);
  for (const { disk_id: id, skip_formatting: skip } of wishes.disks_skip_formatting ?? []) {
    checkStatus(host, 'skip formatting disks');
    if (skip && !service.lab.faults.at('service.skips-disk', clusterName(service, host), true)) continue;
    host.skipFormatting = [...host.skipFormatting.filter((known) => known !== id), ...(skip ? [id] : [])];
  }
  host.updated_at = now(service);
  refreshCluster(call, host);
  return { status: 201, json: hostView(host, { stages: true }) };
}

function refreshCluster({ service }: Call, host: Host): void {
  touch(service, host);
  const cluster = service.world.clusters[host.cluster_id];
  if (cluster) refreshAll(service, cluster);
}

const CHANGEABLE = ['discovering', 'known', 'disconnected', 'insufficient', 'pending-for-input'];

function checkStatus(host: Host, what: string): void {
  if (CHANGEABLE.includes(host.status)) return;
  const why = `${what} can be set only in one of [${CHANGEABLE.join(' ')}] states`;
  throw new Refusal(409, `Host is in ${host.status} state, ${why}`);
}

function setName({ service }: Call, host: Host, name: string): void {
  const bad = nameProblem(name);
  if (bad) throw new Refusal(400, bad);
  checkStatus(host, 'host name');
  const kept = service.lab.faults.at('service.host-name', clusterName(service, host), name);
  if (kept !== null) host.requested_hostname = kept;
}

/** The name under which faults are armed for the host's cluster. */
function clusterName(service: Service, host: Host): string {
  return service.world.clusters[host.cluster_id]?.name ?? 'service';
}

function selectDisk(host: Host, wanted: { id?: string; role?: string }[]): void {
  checkStatus(host, 'installation disk');
  const chosen = wanted.find((disk) => disk.role === 'install')?.id;
  const eligible = host.inventory ? eligibleDisks(host.inventory) : [];
  if (chosen && !eligible.some((disk) => disk.id === chosen))
    throw new Refusal(409, "Requested installation disk is not part of the host's valid disks");
  host.installation_disk_id = chosen ?? '';
}

/** DELETE host: allowed while it installs too, and then the cluster fails at once. One that is gone is no 404 but a 500. */
export function deleteHost(call: Call): Answer {
  const { service } = call;
  const host = hostOf(call, 500);
  Reflect.deleteProperty(service.world.hosts, host.id);
  const cluster = service.world.clusters[host.cluster_id]?.name;
  recordEffect(service, 'delete-host', { cluster, host: host.id });
  addEvent(service, host, 'host_deregistered', `Host ${hostName(host)} deregistered`);
  refreshCluster(call, host);
  return { status: 204 };
}
