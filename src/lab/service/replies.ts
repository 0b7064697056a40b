/** The agent's replies to steps: what they change in the host (assisted-service.md §2.3, §3.2, §3.4). */
import { NEEDED } from './catalogue.ts';
import { diskLabel, eligibleDisks, judged } from './hardware.ts';
import { addEvent, type Call, hostName, hostOf, type Service, setHost, subjectOf, touch } from './service.ts';
import type { Host, HostStatus, ImageStatus, Inventory } from './host-state.ts';
import { type Answer, Refusal } from './wire.ts';

interface Reply {
  exitCode: number;
  output: string;
  error: string;
}

const MEDIA_UNREADABLE = 256;
const NAME_IN_USE = 125;

const HANDLERS: Record<string, (service: Service, host: Host, reply: Reply) => void> = {
  inventory: (_, host, reply) => onSuccess(reply, (value) => takeInventory(host, value as Inventory)),
  'domain-resolution': (_, host, reply) =>
    onSuccess(reply, (value) => (host.resolutions = (value as { resolutions: Host['resolutions'] }).resolutions)),
  'ntp-synchronizer': (_, host, reply) =>
    onSuccess(reply, (value) => (host.ntpSources = (value as { ntp_sources: Host['ntpSources'] }).ntp_sources)),
  'free-network-addresses': (_, host, reply) => onSuccess(reply, (value) => (host.freeAddresses = value)),
  'installation-disk-speed-check': takeDiskSpeed,
  'container-image-availability': (service, host, reply) =>
    onSuccess(reply, (value) => takeImages(service, host, (value as { images?: ImageStatus[] }).images ?? [])),
  install: (service, host, { exitCode, error }) => {
    if (exitCode === 0 || (exitCode === NAME_IN_USE && error.includes('already in use'))) return;
    setHost(service, host, 'error', 'installation command failed');
  },
};

/** POST instructions: always 204, but for an inventory that comes too late. Replies without output change nothing. */
export function takeReply(call: Call): Answer {
  const { service, json } = call;
  const host = hostOf(call);
  const type = String(json['step_type']);
  const text = (name: string): string => (typeof json[name] === 'string' ? json[name] : '');
  const reply = { exitCode: Number(json['exit_code'] ?? 0), output: text('output'), error: text('error') };
  if (reply.exitCode === MEDIA_UNREADABLE) host.mediaDisconnected = true;
  else HANDLERS[type]?.(service, host, reply);
  touch(service, service.world.clusters[host.clusterId]);
  return { status: 204 };
}

function onSuccess(reply: Reply, take: (value: unknown) => void): void {
  if (reply.exitCode === 0 && reply.output) take(JSON.parse(reply.output) as unknown);
}

const INVENTORY_STATES: readonly HostStatus[] = [
  'discovering',
  'known',
  'disconnected',
  'insufficient',
  'pending-for-input',
  'installing-in-progress',
];
const POOL = 'disconnected-unbound insufficient-unbound discovering-unbound known-unbound';

function takeInventory(host: Host, sent: Inventory): void {
  if (!INVENTORY_STATES.includes(host.status)) {
    const allowed = `[${INVENTORY_STATES.join(' ')} ${POOL}]`;
    throw new Refusal(500, `Host is in ${host.status} state, host can be updated only in one of ${allowed} states`);
  }
  const inventory: Inventory & { timestamp?: number } = { ...sent, disks: (sent.disks ?? []).map(judged) };
  delete inventory.timestamp;
  const eligible = eligibleDisks(inventory);
  host.inventory = inventory;
  if (!eligible.some((disk) => disk.id === host.installationDiskId)) host.installationDiskId = eligible[0]?.id ?? '';
}

/** A slow disk is only told by an event; a failed check counts only if it has an output. */
function takeDiskSpeed(service: Service, host: Host, { exitCode, output }: Reply): void {
  if (!output) return;
  const { path, io_sync_duration: speedMs = 0 } = JSON.parse(output) as { path?: string; io_sync_duration?: number };
  host.diskSpeed[path ?? host.installationDiskId] = exitCode ? { exitCode } : { speedMs };
  if (exitCode || speedMs <= NEEDED.diskSpeedMs) return;
  const said = `Host's disk ${diskLabel(host)} is slower than the supported speed, and may cause degraded cluster performance (fdatasync duration: ${speedMs} ms)`;
  addEvent(service, subjectOf(host), 'disk_speed_slower_than_supported', said, 'warning');
}

function takeImages(service: Service, host: Host, images: ImageStatus[]): void {
  for (const image of images) {
    host.images[image.name] = image;
    const { size_bytes: size = 0, time = 0, download_rate: rate = 0 } = image;
    const said =
      `Host ${hostName(host)}: New image status ${image.name}. result: ${image.result}. time: ${time.toFixed(2)} seconds; ` +
      `size: ${(size / 2 ** 20).toFixed(2)} Megabytes; download rate: ${rate.toFixed(2)} MBps`;
    addEvent(service, subjectOf(host), 'image_status_updated', said);
  }
}
