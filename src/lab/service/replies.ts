/** The agent's replies to steps: what they change in the host (assisted-service.md §2.3, §3.2, §3.4). */
import { NEEDED } from './catalogue.ts';
import { diskLabel, eligibleDisks, judged } from './hardware.ts';
import type { Host, ImageStatus, Inventory } from './host-state.ts';
import { addEvent, type Call, hostName, hostOf, type Service, setHost, textIn, touch } from './service.ts';
import { type Answer, Refusal } from './wire.ts';

const MEDIA_UNREADABLE = 256;
const NAME_IN_USE = 125;

/** POST instructions: always 204, but for an inventory that comes too late. Replies without output change nothing. */
export function takeReply(call: Call): Answer {
  const { service, json } = call;
  const host = hostOf(call);
  const exitCode = Number(json['exit_code'] ?? 0);
  const step = textIn(json, 'step_type');
  const output = textIn(json, 'output');
  if (exitCode === MEDIA_UNREADABLE) host.media_status = 'disconnected';
  else if (step === 'install') endInstaller(service, host, exitCode, textIn(json, 'error'));
  else if (output && step === 'installation-disk-speed-check') takeDiskSpeed(service, host, exitCode, output);
  else if (output && exitCode === 0) takeOutput(service, host, step, JSON.parse(output));
  touch(service, host);
  return { status: 204 };
}

function endInstaller(service: Service, host: Host, exitCode: number, error: string): void {
  if (exitCode === 0 || (exitCode === NAME_IN_USE && error.includes('already in use'))) return;
  setHost(service, host, 'error', 'installation command failed');
}

function takeOutput(service: Service, host: Host, step: string, output: unknown): void {
  if (step === 'inventory') takeInventory(host, output as Inventory);
  if (step === 'domain-resolution') host.domain_name_resolutions = output as Host['domain_name_resolutions'];
  if (step === 'ntp-synchronizer') host.ntp_sources = (output as { ntp_sources: Host['ntp_sources'] }).ntp_sources;
  if (step === 'free-network-addresses') host.free_addresses = output;
  if (step === 'container-image-availability')
    for (const image of (output as { images?: ImageStatus[] }).images ?? []) takeImage(service, host, image);
}

const OPEN = ['discovering', 'known', 'disconnected', 'insufficient', 'pending-for-input', 'installing-in-progress'];
const POOL = 'disconnected-unbound insufficient-unbound discovering-unbound known-unbound';

function takeInventory(host: Host, sent: Inventory): void {
  if (!OPEN.includes(host.status)) {
    const why = `host can be updated only in one of [${OPEN.join(' ')} ${POOL}] states`;
    throw new Refusal(500, `Host is in ${host.status} state, ${why}`);
  }
  const { timestamp: _, ...inventory } = { ...sent, disks: sent.disks.map(judged) };
  const eligible = eligibleDisks(inventory);
  host.inventory = inventory;
  if (!eligible.some((disk) => disk.id === host.installation_disk_id))
    host.installation_disk_id = eligible[0]?.id ?? '';
}

/** A slow disk is only told by an event. */
function takeDiskSpeed(service: Service, host: Host, exitCode: number, output: string): void {
  const found = JSON.parse(output) as { path?: string; io_sync_duration?: number };
  const { path = host.installation_disk_id, io_sync_duration: ms = 0 } = found;
  host.disks_info[path] = {
    path,
    disk_speed: { tested: true, ...(exitCode ? { exit_code: exitCode } : { speed_ms: ms }) },
  };
  if (exitCode || ms <= NEEDED.diskSpeedMs) return;
  const effect = `and may cause degraded cluster performance (fdatasync duration: ${ms} ms)`;
  const said = `Host's disk ${diskLabel(host)} is slower than the supported speed, ${effect}`;
  addEvent(service, host, 'disk_speed_slower_than_supported', said, 'warning');
}

function takeImage(service: Service, host: Host, image: ImageStatus): void {
  host.images_status[image.name] = image;
  const { size_bytes: size = 0, time = 0, download_rate: rate = 0 } = image;
  const said =
    `Host ${hostName(host)}: New image status ${image.name}. result: ${image.result}. time: ${time.toFixed(2)} seconds; ` +
    `size: ${(size / 2 ** 20).toFixed(2)} Megabytes; download rate: ${rate.toFixed(2)} MBps`;
  addEvent(service, host, 'image_status_updated', said);
}
