/**
 * Another snoboot, as far as leases go: `node lease-holder.js <JSON of Orders>`. It says a line of JSON for each thing that
 * happens to it, and obeys the lines `check` and `release`.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClock } from '../../src/core/clock.ts';
import { asSnobootError } from '../../src/core/errors.ts';
import { isAlive, ownProcess, type ProcessId } from '../../src/core/process-id.ts';
import { systemRandom } from '../../src/core/random.ts';
import { acquireLeases, type Leases } from '../../src/run/lease.ts';

export interface Orders {
  stateDir: string;
  bmc: string;
  /** A signal that it sends itself before this step of its work on the disk, counted from 1. */
  fall?: { step: number; signal: 'SIGKILL' | 'SIGSTOP' };
  /** Gets and gives back the lease so many times, against others; is killed over it the last time if `dies`. */
  race?: { rounds: number; dies: boolean };
  /** Gives the lease back as soon as it has it. */
  passes?: boolean;
}

export type Said =
  | { said: 'held' | 'released' | 'checked'; steps: number }
  | { said: 'refused'; code: string; message: string }
  | { said: 'two holders' };

const orders = JSON.parse(process.argv[2] ?? '') as Orders;
/** Pauses are a twentieth of what they are: still longer than others may have to wait for a processor in the middle of a claim. */
const hasty = { ...createClock(20), factor: 1 };
let steps = 0;

const say = (said: Said): void => void fs.writeSync(1, `${JSON.stringify(said)}\n`);

function countSteps(): void {
  const table = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
  const names = ['lstat', 'mkdir', 'readdir', 'open', 'fchmod', 'write', 'fsync', 'close', 'link', 'rm', 'exists'];
  for (const name of names.map((one) => `${one}Sync`)) {
    const real = table[name]!;
    table[name] = (...args) => {
      if (args[0] !== 1 && ++steps === orders.fall?.step) process.kill(process.pid, orders.fall.signal);
      return real(...args);
    };
  }
  syncBuiltinESMExports();
}

function acquire(waitMs: number): Promise<Leases> {
  const { stateDir, bmc } = orders;
  const holder = { command: 'snoboot deploy lab.yaml', inventory: '/home/me/lab.yaml', run: null };
  const rest = { clock: hasty, random: systemRandom, onWait: () => undefined };
  return acquireLeases({ stateDir, bmcs: [bmc], holder, waitMs, ...rest });
}

function attempt(work: () => void, said: 'held' | 'released' | 'checked'): void {
  try {
    work();
    say({ said, steps });
  } catch (error) {
    const { code, message } = asSnobootError(error);
    say({ said: 'refused', code, message });
  }
}

/** Whoever has the lease has the guard: a living one there before it is a second holder. */
async function race({ rounds, dies }: { rounds: number; dies: boolean }): Promise<void> {
  const guard = join(orders.stateDir, 'guard');
  for (let round = 1; round <= rounds; round++) {
    const leases = await acquire(Infinity);
    leases.check(orders.bmc);
    if (fs.existsSync(guard)) {
      if (isAlive(JSON.parse(fs.readFileSync(guard, 'utf8')) as ProcessId) !== 'dead') say({ said: 'two holders' });
      fs.unlinkSync(guard);
    }
    fs.writeFileSync(guard, JSON.stringify(ownProcess()), { flag: 'wx' });
    say({ said: 'held', steps: round });
    await hasty.sleep(100);
    if (dies && round === rounds) process.kill(process.pid, 'SIGKILL');
    fs.unlinkSync(guard);
    leases.release();
  }
}

if (orders.race) await race(orders.race);
else {
  countSteps();
  try {
    const leases = await acquire(0);
    say({ said: 'held', steps });
    if (orders.passes) attempt(leases.release, 'released');
    else
      for await (const line of createInterface({ input: process.stdin }))
        if (line === 'check') attempt(() => leases.check(orders.bmc), 'checked');
        else attempt(leases.release, 'released');
  } catch (error) {
    const { code, message } = asSnobootError(error);
    say({ said: 'refused', code, message });
  }
}
