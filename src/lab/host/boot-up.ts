/** From power to a running system: POST, then what override and boot order say, again after each reboot. */
import { setOverride, setPower } from '../board.ts';
import { DURATIONS } from '../durations.ts';
import type { LabHost } from '../world.ts';
import { runDisk } from './boot-disk.ts';
import { runLive } from './live.ts';
import type { Reboot, Running } from './running.ts';

/** Resolves when nothing more will happen by itself on this machine. */
export async function bootUp(running: Running): Promise<void> {
  const { lab, host, log, signal } = running;
  let [lateReport, postMs]: [Reboot['lateReport'], number] = [null, DURATIONS.post];
  for (;;) {
    await lab.clock.sleep(postMs, signal);
    const device = chooseDevice(running);
    log(`booting ${device}`);
    if (device !== 'cd') await lateReport?.();
    if (device === 'disk') return runDisk(running);
    if (device !== 'cd') return;
    const reboot = await runLive(running, lateReport);
    if (!reboot) return;
    ({ lateReport, postMs } = reboot);
    host.bootOrder = reboot.bootOrder;
    setPower(lab, host, 'On', 'host', 'reboot');
    log('rebooting');
  }
}

type Device = 'cd' | 'disk' | 'old-system' | 'none';

/** The device that boots; a `Once` override is spent by it. */
function chooseDevice({ lab, host }: Running): Device {
  const { enabled, target } = host.bmc.boot;
  const wanted = enabled === 'Disabled' ? undefined : DEVICES[target];
  if (enabled === 'Once') setOverride(lab, host, { enabled: 'Disabled' }, 'host');
  const found = [...(wanted ? [wanted] : []), ...host.bootOrder].find((device) => bootable(host, device));
  const device = lab.faults.at('host.boot-device', host.id, found ?? 'disk');
  const what = device === 'disk' ? systemOn(host) : device;
  const from = device === wanted ? 'override' : 'order';
  const image = what === 'cd' ? { image: host.bmc.media.image } : {};
  lab.record({ kind: 'boot', to: host.id, device: what, from, ...image });
  return what;
}

const DEVICES: Record<string, 'cd' | 'disk'> = { Cd: 'cd', Hdd: 'disk' };

function bootable(host: LabHost, device: 'cd' | 'disk'): boolean {
  return device === 'cd' ? host.bmc.media.inserted : systemOn(host) !== 'none';
}

/** What the first disk that boots would bring up. */
function systemOn(host: LabHost): 'disk' | 'old-system' | 'none' {
  for (const { content } of host.disks) {
    if (content.kind === 'old-system') return 'old-system';
    if (content.kind === 'installed' && content.complete) return 'disk';
  }
  return 'none';
}
