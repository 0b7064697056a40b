/** One writer per BMC, between real processes: killed, stopped, racing, and at every step between two of their files. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClock, createVirtualClock } from '../../src/core/clock.ts';
import { SnobootError } from '../../src/core/errors.ts';
import { isAlive, ownProcess } from '../../src/core/process-id.ts';
import { systemRandom } from '../../src/core/random.ts';
import { acquireLeases, heldLeases, type LeaseRequest, takeLeases } from '../../src/run/lease.ts';
import type { Holder } from '../../src/run/lease-file.ts';
import type { Orders, Said } from './lease-holder.ts';

const A = 'https://10.0.0.1:443';
const B = 'https://10.0.0.2:443';
const HOLDER = fileURLToPath(new URL('lease-holder.js', import.meta.url));
const noProc = existsSync('/proc/self/stat') ? false : 'no /proc here';

let stateDir = '';
let children: ChildProcess[] = [];

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'snoboot-lease-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) await end(child);
  rmSync(stateDir, { recursive: true });
});

const files = (): string[] => readdirSync(join(stateDir, 'leases'));
const hasty = { ...createClock(100), factor: 1 };

function request(bmcs: string[], more: Partial<LeaseRequest> = {}): LeaseRequest {
  const holder = { command: 'snoboot deploy lab.yaml', inventory: 'lab.yaml', run: null };
  const ports = { clock: hasty, random: systemRandom, onWait: () => undefined };
  return { stateDir, bmcs, holder, waitMs: 0, ...ports, ...more };
}

const isCode = (code: string, text = /(?:)/) => ({
  code,
  name: 'SnobootError',
  message: text,
});

interface Holding {
  child: ChildProcess;
  /** What it says next; null when it ended. */
  next(): Promise<Said | null>;
  ask(order: 'check' | 'release'): Promise<Said | null>;
}

function start(orders: Partial<Orders> = {}): Holding {
  const argument = JSON.stringify({ stateDir, bmc: A, ...orders } satisfies Orders);
  const child = spawn(process.execPath, [HOLDER, argument], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Said | null> => {
    const line = await lines.next();
    return line.done ? null : (JSON.parse(line.value) as Said);
  };
  return { child, next, ask: (order) => (child.stdin.write(`${order}\n`), next()) };
}

async function startHeld(orders: Partial<Orders> = {}): Promise<Holding> {
  const holding = start(orders);
  assert.equal((await holding.next())?.said, 'held');
  return holding;
}

async function over(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 4000; tries++, await sleep(5)) if (isSo()) return;
  assert.fail(`not in time: ${what}`);
}

const stateOf = (pid: number): string => / ([A-Zt]) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';

/** A lease on A whose holder is not what it was. */
async function leave(change: (holder: Holder) => void, dir = stateDir): Promise<void> {
  await acquireLeases(request([A], { stateDir: dir }));
  const path = join(dir, 'leases', readdirSync(join(dir, 'leases'))[0]!);
  const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder;
  change(holder);
  writeFileSync(path, JSON.stringify(holder));
}
const leaveDead = (dir = stateDir): Promise<void> => leave((holder) => (holder.process.startTime = '1'), dir);

test('a second process is refused with exit 3 and told who holds the BMC, however its address is spelled', async () => {
  const { child, ask } = await startHeld();
  const refusal = await acquireLeases(request(['HTTPS://10.0.0.1'])).catch((error: unknown) => error);
  assert.ok(refusal instanceof SnobootError);
  assert.equal(`${refusal.code} ${refusal.exitCode}`, 'E-LOCKED 3');
  for (const part of ['snoboot deploy lab.yaml', '/home/me/lab.yaml', `pid ${child.pid}`, A, 'running'])
    assert.ok(refusal.message.includes(part), `${part} in ${refusal.message}`);
  assert.match(refusal.todo, /--lock-wait.*snoboot cleanup lab\.yaml --take-lease/);
  assert.equal((await ask('release'))?.said, 'released');
  (await acquireLeases(request([A]))).release();
  assert.deepEqual(files(), []);
});

test('the lease of a killed process is taken over without a person', async () => {
  const { child } = await startHeld();
  await end(child);
  const said: string[] = [];
  (await acquireLeases(request([A], { onTaken: (text) => said.push(text) }))).release();
  assert.match(said.join(), new RegExp(`pid ${child.pid} .*dead\\): ${A}`));
  assert.deepEqual(files(), []);
});

test('the lease of a stopped process is not taken over, and is its own when it goes on', { skip: noProc }, async () => {
  const { child, ask } = await startHeld();
  child.kill('SIGSTOP');
  await until('stopped', () => heldLeases(stateDir, [A])[0]?.life === 'stopped');
  await assert.rejects(acquireLeases(request([A])), isCode('E-LOCKED', /stopped/));
  child.kill('SIGCONT');
  assert.equal((await ask('check'))?.said, 'checked');
});

test('a process that ended and was never waited for by its parent is dead', { skip: noProc }, async () => {
  const argument = JSON.stringify({ stateDir, bmc: A } satisfies Orders);
  const script = '{ sleep 60 | "$0" "$1" "$2"; } & exec sleep 60';
  const parent = spawn('sh', ['-c', script, process.execPath, HOLDER, argument], { detached: true, stdio: 'ignore' });
  try {
    await until('held', () => heldLeases(stateDir, [A]).length === 1);
    const { pid } = heldLeases(stateDir, [A])[0]!.holder!.process;
    process.kill(-parent.pid!, 'SIGSTOP');
    process.kill(pid, 'SIGKILL');
    await until('a zombie', () => stateOf(pid) === 'Z');
    (await acquireLeases(request([A]))).release();
  } finally {
    process.kill(-parent.pid!, 'SIGKILL');
  }
});

test('a number used again and an earlier boot are dead holders', { skip: noProc }, async () => {
  for (const change of [{ startTime: '1' }, { bootId: 'earlier' }, { pid: 2 ** 30 }]) {
    await leave((holder) => Object.assign(holder.process, change));
    (await acquireLeases(request([A]))).release();
  }
  assert.deepEqual(files(), []);
});

test('a holder that nobody here can look at counts as alive', { skip: noProc }, async () => {
  const elsewhere = [{ machine: 'other', bootId: 'its own' }, { machineId: 'x', bootId: 'x' }, { pidSpace: 'pid:[1]' }];
  for (const change of elsewhere) {
    await leave((holder) => Object.assign(holder.process, change));
    await assert.rejects(acquireLeases(request([A])), isCode('E-LOCKED', /cannot be seen from here/));
    rmSync(join(stateDir, 'leases', files()[0]!));
  }
  await leave((holder) => Object.assign(holder, { format: 2 }));
  await assert.rejects(acquireLeases(request([A])), isCode('E-LOCKED', /another version of snoboot/));
});

test('without a boot id only the name of the machine and the number of the process are left', () => {
  const own = ownProcess();
  assert.equal(isAlive(own), 'alive');
  assert.equal(isAlive({ ...own, bootId: '' }), own.bootId ? 'unknown' : 'alive');
});

test('all or none: who cannot have one takes none, and hears of all that are held', async () => {
  const first = await acquireLeases(request([A], { holder: { command: 'one', inventory: 'x', run: null } }));
  const second = await acquireLeases(request([B], { holder: { command: 'two', inventory: 'x', run: null } }));
  const before = files();
  await assert.rejects(
    acquireLeases(request(['https://10.0.0.3', B, A])),
    isCode('E-LOCKED', /"one".*10\.0\.0\.1.*"two".*10\.0\.0\.2/),
  );
  assert.deepEqual(files(), before);
  [first, second].forEach(({ release }) => release());
  assert.deepEqual(files(), []);
});

test('who waits holds nothing meanwhile, names each holder once, and gets what is given back', async () => {
  const clock = createVirtualClock();
  const said: string[] = [];
  const first = await acquireLeases(request([A], { holder: { command: 'one', inventory: 'x', run: null } }));
  const waiting = acquireLeases(request([A, B], { clock, waitMs: 60_000, onWait: (text) => said.push(text) }));
  await clock.advance(10_000);
  assert.equal(heldLeases(stateDir, [B]).length, 0);
  first.release();
  const second = await acquireLeases(request([B], { holder: { command: 'two', inventory: 'x', run: null } }));
  await clock.advance(10_000);
  second.release();
  await clock.advance(2000);
  (await waiting).check(B);
  assert.match(said.join('\n'), /^.*"one".*\n.*"two".*$/);
});

test('waiting ends with E-LOCKED when its time is over, and at once with the signal', async () => {
  const clock = createVirtualClock();
  const stop = new AbortController();
  await acquireLeases(request([A]));
  const one = assert.rejects(acquireLeases(request([A], { clock, waitMs: 5000 })), isCode('E-LOCKED'));
  const other = assert.rejects(acquireLeases(request([A], { clock, waitMs: 9000, signal: stop.signal })), /enough/);
  await clock.advance(5001);
  await one;
  stop.abort(new Error('enough'));
  await other;
});

test('a stopped process whose lease was taken by hand writes nothing more, and gives back nothing of others', async () => {
  const { child, ask } = await startHeld();
  child.kill('SIGSTOP');
  const seen = heldLeases(stateDir, [A]);
  const holder = { command: 'snoboot cleanup lab.yaml', inventory: 'lab.yaml', run: null };
  const taken = await takeLeases(request([A], { holder }), seen);
  child.kill('SIGCONT');
  const told = await ask('check');
  assert.ok(told?.said === 'refused' && told.code === 'E-LEASE-LOST', JSON.stringify(told));
  assert.match(told.message, new RegExp(`snoboot cleanup lab.yaml.*pid ${process.pid}`));
  assert.equal((await ask('release'))?.said, 'released');
  taken.check(A);
  taken.release();
  assert.throws(() => taken.check(A), isCode('E-LEASE-LOST', /gone/));
});

test('only what a person has seen is taken by hand', async () => {
  const first = await acquireLeases(request([A]));
  const seen = heldLeases(stateDir, [A]);
  first.release();
  const second = await acquireLeases(request([A]));
  await assert.rejects(takeLeases(request([A]), seen), isCode('E-LOCKED'));
  second.check(A);
});

test(
  'killed before any step on the disk, a process leaves nothing that needs a person',
  { skip: noProc },
  async (t) => {
    await leaveDead();
    const whole = start({ passes: true });
    assert.equal((await whole.next())?.said, 'held');
    const last = await whole.next();
    assert.ok(last?.said === 'released' && last.steps > 15, JSON.stringify(last));
    t.diagnostic(`${last.steps} steps`);
    await inLanes(last.steps, async (step, dir) => {
      const { child, next } = start({ stateDir: dir, passes: true, fall: { step, signal: 'SIGKILL' } });
      while ((await next()) !== null);
      await over(child);
      assert.equal(child.signalCode, 'SIGKILL');
      (await acquireLeases(request([A], { stateDir: dir }))).release();
      assert.deepEqual(readdirSync(join(dir, 'leases')), [], `after step ${step}`);
    });
  },
);

test('stopped before any step, with another process in between, one of the two has it', { skip: noProc }, async (t) => {
  await leaveDead();
  const whole = start();
  const held = await whole.next();
  assert.ok(held?.said === 'held', JSON.stringify(held));
  const ways = { own: 0, other: 0 };
  await inLanes(held.steps, async (step, dir) => {
    const { child, next, ask } = start({ stateDir: dir, fall: { step, signal: 'SIGSTOP' } });
    await until(`stopped at ${step}`, () => stateOf(child.pid!) === 'T');
    const own = await acquireLeases(request([A], { stateDir: dir })).catch(() => null);
    child.kill('SIGCONT');
    const said = await next();
    assert.equal(said?.said, own ? 'refused' : 'held', `step ${step}: ${JSON.stringify(said)}`);
    own?.check(A);
    own?.release();
    if (!own) assert.equal((await ask('release'))?.said, 'released');
    assert.deepEqual(readdirSync(join(dir, 'leases')), [], `after step ${step}`);
    ways[own ? 'own' : 'other']++;
  });
  t.diagnostic(JSON.stringify(ways));
  assert.ok(ways.own > 0 && ways.other > 0);
});

test(
  'a lease taken by hand and given back while its process was just getting it is asked for anew',
  { skip: noProc },
  async () => {
    for (let step = 1, isPut = false; !isPut; step++) {
      const { child, next, ask } = start({ fall: { step, signal: 'SIGSTOP' } });
      await until(`stopped at ${step}`, () => stateOf(child.pid!) === 'T');
      const seen = heldLeases(stateDir, [A]);
      isPut = seen.length > 0;
      if (isPut) (await takeLeases(request([A]), seen)).release();
      child.kill('SIGCONT');
      assert.equal((await next())?.said, 'held');
      assert.equal((await ask('check'))?.said, 'checked');
      await ask('release');
    }
  },
);

/** Each step in a state folder of its own, with the lease of a dead process in it, some at a time. */
async function inLanes(steps: number, work: (step: number, dir: string) => Promise<void>): Promise<void> {
  const left = Array.from({ length: steps }, (_, index) => index + 1);
  const lane = async (): Promise<void> => {
    for (let step = left.shift(); step !== undefined; step = left.shift()) {
      const dir = mkdtempSync(join(stateDir, 'step-'));
      await leaveDead(dir);
      await work(step, dir);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
}

test('of many that want one lease again and again, some killed over it, never two have it', async (t) => {
  const rounds = 25;
  const racers = Array.from({ length: 8 }, (_, i) => start({ race: { rounds, dies: i % 2 === 0 } }));
  const counts = await Promise.all(
    racers.map(async ({ next }) => {
      let count = 0;
      for (let said = await next(); said; said = await next(), count++)
        assert.equal(said.said, 'held', JSON.stringify(said));
      return count;
    }),
  );
  t.diagnostic(`${counts.length} processes had it ${counts.join(', ')} times`);
  assert.deepEqual(counts, Array(8).fill(rounds));
  // One that is being killed closes what it says a moment before it is dead.
  await Promise.all(racers.map(({ child }) => over(child)));
  (await acquireLeases(request([A]))).release();
  assert.deepEqual(files(), []);
});

test('what another process of this machine is just writing is left to it; what a dead one began is cleared away', async () => {
  const folder = join(stateDir, 'leases');
  (await acquireLeases(request([A]))).release();
  for (const pid of [process.ppid, 2 ** 22 + 1]) writeFileSync(join(folder, `.${pid}-abcdefabcdef`), '');
  (await acquireLeases(request([A]))).release();
  assert.deepEqual(files(), [`.${process.ppid}-abcdefabcdef`]);
});

test('leases are 0600 in a folder 0700 whatever the umask, and a file in place of the folder is E-STATE', async () => {
  for (const umask of [0o000, 0o277]) {
    const before = process.umask(umask);
    try {
      const leases = await acquireLeases(request([A]));
      assert.equal(statSync(join(stateDir, 'leases')).mode & 0o777, 0o700);
      assert.deepEqual(
        files().map((name) => statSync(join(stateDir, 'leases', name)).mode & 0o777),
        [0o600],
      );
      leases.release();
    } finally {
      process.umask(before);
    }
    rmSync(join(stateDir, 'leases'), { recursive: true });
  }
  writeFileSync(join(stateDir, 'leases'), '');
  await assert.rejects(acquireLeases(request([A])), isCode('E-STATE', /not a folder/));
});
