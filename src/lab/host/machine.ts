/** The power of one machine: what the BMC asks for happens after a lag, and starts or ends whatever runs on it. */
import { setPower } from '../board.ts';
import type { Lab } from '../context.ts';
import { DURATIONS } from '../durations.ts';
import type { LabHost } from '../world.ts';
import { bootUp } from './boot-up.ts';
import { plugDisks } from './disks.ts';

export interface Machine {
  /** Whether a power change was asked for and has not happened yet. */
  changing(): boolean;
  /** Asks for a power change; `type` is the ResetType that it came by. */
  press(action: 'on' | 'off' | 'restart', type: string): void;
}

export function createMachine(lab: Lab, host: LabHost, log: (text: string) => void): Machine {
  plugDisks(lab, host);
  let pending = false;
  let power = new AbortController();
  const start = (): void => {
    power = new AbortController();
    const signal = AbortSignal.any([power.signal, lab.signal]);
    bootUp({ lab, host, log, signal }).catch((error: unknown) => {
      if (signal.aborted) return;
      log(`the machine hangs: ${String(error)}`);
      lab.record({ kind: 'lab', to: host.id, error: String(error) });
    });
  };
  const change = async (action: 'on' | 'off' | 'restart', type: string): Promise<void> => {
    await lab.clock.sleep(lagOf(action, type), lab.signal);
    pending = false;
    if (action !== 'on') power.abort(new Error('power cut'));
    setPower(lab, host, action === 'off' ? 'Off' : 'On', 'bmc', type);
    log(`power ${action} (${type})`);
    if (action === 'off') return;
    plugDisks(lab, host);
    start();
  };
  return {
    changing: () => pending,
    press(action, type) {
      pending = true;
      change(action, type).catch(() => (pending = false));
    },
  };
}

function lagOf(action: 'on' | 'off' | 'restart', type: string): number {
  if (action === 'on') return DURATIONS.powerOn;
  return type.startsWith('Graceful') ? DURATIONS.gracefulOff : DURATIONS.powerOff;
}
