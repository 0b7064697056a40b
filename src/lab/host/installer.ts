/** The installer of a single node: writes the disk that the step names, reports its stages, reboots (assisted-service.md §3.6, §3.7). */
import { setMedium } from '../board.ts';
import { DURATIONS } from '../durations.ts';
import type { LabDisk } from '../world.ts';
import { createApi } from './api.ts';
import { findDisk, format } from './disks.ts';
import { inlineFiles } from './ignition.ts';
import { uploadLogs } from './logs.ts';
import { hostPath, type Live } from './live-types.ts';

/** What the install step asks for, as far as this installer acts on it (§3.4). */
interface Order {
  boot_device: string;
  cluster_id: string;
  disks_to_format?: string[];
  /** JSON list. */
  installer_args?: string;
  openshift_version?: string;
  role: string;
}

const WRITES = 10;

/** Starts it once; a later install step of the same boot changes nothing. */
export function startInstallation(live: Live, args: string): void {
  if (live.installer) return;
  const order = JSON.parse(args) as Order;
  live.installer = new AbortController();
  const installing = patient({ ...live, signal: AbortSignal.any([live.signal, live.installer.signal]) });
  install(installing, order)
    .catch(async (error: unknown) => {
      live.log(`installation: ${String(error)}`);
      if (!installing.signal.aborted) await report(patient(live), 'Failed', (error as Error).message);
    })
    .catch(() => undefined);
}

/** The same system with the installer's own calls, which are tried for a while. */
function patient(live: Live): Live {
  const { url, token } = live.config;
  return { ...live, api: createApi(live, url, { 'X-Secret-Key': token }, DURATIONS.apiPatience / DURATIONS.apiRetry) };
}

async function install(live: Live, order: Order): Promise<void> {
  const { lab, signal } = live;
  const disk = findDisk(live.host, order.boot_device)!;
  await enter(live, 'Starting installation', order.role);
  const files = await fetchFiles(live, order);
  await lab.clock.sleep(DURATIONS.starting, signal);
  const others = (order.disks_to_format ?? []).filter((device) => findDisk(live.host, device) !== disk);
  format(lab, live.host, others, order.cluster_id);
  await enter(live, 'Installing', order.role);
  await lab.clock.sleep(DURATIONS.installing, signal);
  await enter(live, 'Waiting for bootkube');
  await lab.clock.sleep(DURATIONS.bootkube, signal);
  await write(live, order, disk, files);
  await uploadLogs(live, order.cluster_id);
  await leave(live);
}

/** Everything that this host is served: its own ignition ends up on the disk. */
async function fetchFiles(live: Live, order: Order): Promise<Record<string, string>> {
  const { api, config, host } = live;
  const cluster = `/clusters/${order.cluster_id}/downloads`;
  if (order.role === 'bootstrap') {
    await api('GET', `${cluster}/files?file_name=bootstrap.ign`);
    await api('GET', `${cluster}/credentials?file_name=kubeconfig-noingress`);
  }
  const own = await api('GET', `/infra-env/${config.infraEnvId}/hosts/${host.uuid}/downloads/ignition`);
  if (own.status !== 200) throw new Error(`failed to fetch the host's ignition: status ${own.status}`);
  return Object.fromEntries(inlineFiles(own.text));
}

async function write(live: Live, order: Order, disk: LabDisk, files: Record<string, string>): Promise<void> {
  const { lab, host, config, signal } = live;
  const content = {
    kind: 'installed' as const,
    complete: false,
    clusterId: order.cluster_id,
    hostId: host.uuid,
    infraEnvId: config.infraEnvId,
    serviceUrl: config.url,
    token: config.token,
    openshiftVersion: order.openshift_version ?? '',
    installerArgs: JSON.parse(order.installer_args || '[]') as string[],
    files,
  };
  await enter(live, 'Writing image to disk', '0%');
  disk.content = content;
  const wrote = (action: string): void => {
    lab.record({ kind: 'disk', to: host.id, disk: disk.name, action, cluster: order.cluster_id });
    lab.changed();
  };
  wrote('begun');
  for (let part = 1; part <= WRITES; part++) {
    await lab.clock.sleep(DURATIONS.writing / WRITES, signal);
    await enter(live, 'Writing image to disk', `${(100 / WRITES) * part}%`);
    await goOn(live, (100 / WRITES) * part);
  }
  content.complete = true;
  wrote('written');
}

/** Waits for as long as the disk stands still, and throws when it fails. */
async function goOn({ lab, host, signal }: Live, percent: number): Promise<void> {
  for (;;) {
    const { next } = lab.faults.at('host.write', host.id, { percent, next: 'goes on' });
    if (next === 'goes on') return;
    if (next === 'fails') throw new Error('failed executing coreos-installer: exit status 1');
    await lab.clock.sleep(DURATIONS.writeRetry, signal);
  }
}

/** Reports `Rebooting` and goes. */
async function leave(live: Live): Promise<void> {
  const { lab, host, signal } = live;
  const usual = { bootOrder: host.bootOrder, postMs: DURATIONS.post, reportedLate: false };
  const { bootOrder, postMs, reportedLate } = lab.faults.at('host.reboot', host.id, usual);
  if (!reportedLate) await report(live, 'Rebooting');
  await lab.clock.sleep(DURATIONS.reboot, signal);
  const lateReport = (): Promise<void> => report(patient({ ...live, signal: lab.signal }), 'Rebooting');
  live.reboot({ bootOrder, postMs, lateReport: reportedLate ? lateReport : null });
}

/** Reports a stage that needs the medium, and throws without it. */
async function enter(live: Live, stage: string, info?: string): Promise<void> {
  const { lab, host, drive, signal } = live;
  await report(live, stage, info);
  const { pulled } = lab.faults.at('host.media-pulled', host.id, { stage, pulled: false });
  if (pulled && host.bmc.media.inserted) setMedium(lab, host, null, 'lab');
  await drive.touch().catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Error(`failed to read from the discovery media: ${(error as Error).message}`);
  });
}

async function report(live: Live, stage: string, info?: string): Promise<void> {
  live.log(`stage ${stage}${info ? ` ${info}` : ''}`);
  const body = { current_stage: stage, ...(info ? { progress_info: info } : {}) };
  await live.api('PUT', `${hostPath(live)}/progress`, body);
}
