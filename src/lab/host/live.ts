/** The live system of the discovery ISO: what is on the medium decides what comes up. */
import { DURATIONS } from '../durations.ts';
import { runAgent } from './agent.ts';
import { readAgentUnit } from './agent-unit.ts';
import { createApi } from './api.ts';
import { type Drive, openDrive, readImage } from './drive.ts';
import { type Ignition, readIgnition } from './ignition.ts';
import { configOf } from './initrd.ts';
import { fileOnIso } from './iso-tree.ts';
import type { Live } from './live-types.ts';
import { configureNetwork } from './network.ts';
import type { Reboot, Running } from './running.ts';

/** Boots the CD and lives until it reboots; null when it never will by itself. `lateReport` is sent once the system is up. */
export async function runLive(power: Running, lateReport: Reboot['lateReport']): Promise<Reboot | null> {
  const session = new AbortController();
  const running = { ...power, signal: AbortSignal.any([power.signal, session.signal]) };
  try {
    return await bringUp(running, lateReport);
  } catch (error) {
    if (power.signal.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    power.log(`live system: ${reason}`);
    power.lab.record({ kind: 'boot', to: power.host.id, device: 'cd', failed: reason });
    return null;
  } finally {
    session.abort(new Error('the live system is gone'));
  }
}

async function bringUp(running: Running, lateReport: Reboot['lateReport']): Promise<Reboot | null> {
  const { lab, host, log } = running;
  const drive = await openDrive(running);
  const image = await load(running, drive);
  const ignition = readIgnition(configOf(image));
  log(`ignition: units ${[...ignition.units.keys()].join(', ')}`);
  const network = bringUpNetwork(running, ignition);
  await lateReport?.();
  const unit = ignition.units.get('agent.service');
  if (unit === undefined) throw new Error('no agent.service is enabled');
  if (!lab.faults.at('host.agent-starts', host.id, true)) throw new Error('agent.service does not start');
  const config = readAgentUnit(unit);
  const api = createApi(running, config.url, { 'X-Secret-Key': config.token }, 1);
  return new Promise((resolve, reject) => {
    const reboot = (how: Reboot): void => (drive.report(), resolve(how));
    const live: Live = {
      ...running,
      drive: rootOn(image) ? drive : { ...drive, touch: () => Promise.resolve() },
      network,
      config,
      api,
      lost: null,
      installer: null,
      reboot,
    };
    watchMedium(live).catch(reject);
    runAgent(live).catch(reject);
  });
}

/** Without a root file system on the medium the live system got its own by HTTP, and has all that it needs in memory. */
const rootOn = (image: Buffer): boolean => fileOnIso(image, 'IMAGES/PXEBOOT/ROOTFS.IMG') !== undefined;

/** The whole image, read over the time that a live boot takes. */
async function load({ lab, signal }: Running, drive: Drive): Promise<Buffer> {
  const begun = lab.clock.now();
  const pace = (share: number): Promise<void> =>
    lab.clock.sleep(Math.max(0, begun + share * DURATIONS.liveBoot - lab.clock.now()), signal);
  try {
    return await readImage(drive, pace);
  } finally {
    drive.report();
  }
}

function bringUpNetwork({ lab, host, log }: Running, ignition: Ignition): Live['network'] {
  try {
    const network = configureNetwork(host, ignition);
    const addresses = network.interfaces.flatMap((nic) => nic.addresses);
    lab.record({ kind: 'network', to: host.id, how: network.how, addresses });
    log(`network by ${network.how}: ${addresses.join(', ')}`);
    return network;
  } catch (error) {
    const reason = (error as Error).message;
    lab.record({ kind: 'network', to: host.id, how: 'none', reason });
    throw new Error(`no network: ${reason}`);
  }
}

/** A live system reads from its medium all the time; once that fails, everything that it starts fails. */
async function watchMedium(live: Live): Promise<void> {
  while (live.lost === null) {
    await live.lab.clock.sleep(DURATIONS.mediumTouch, live.signal);
    await live.drive.touch().catch((error: unknown) => {
      live.signal.throwIfAborted();
      live.lost = (error as Error).message;
      live.log(`the medium is gone: ${live.lost}`);
    });
  }
}
