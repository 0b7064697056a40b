/** Processes by more than their number, so that one that took over a dead one's number is not mistaken for it. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Texts are '' where the system does not tell: without /proc (macOS), all but `machine`. */
export interface ProcessId {
  pid: number;
  /** Clock ticks from the boot to the start of the process. */
  startTime: string;
  bootId: string;
  /** Its name, for people: several may share one. */
  machine: string;
  machineId: string;
  /** The PID namespace: a container's numbers say nothing outside of it. */
  pidSpace: string;
}

/** `unknown`: it runs where nobody can look from here, and is to be taken for alive. */
export type Life = 'alive' | 'stopped' | 'dead' | 'unknown';

let own: ProcessId | undefined;

/** This process; what was read once stays. */
export function ownProcess(): ProcessId {
  own ??= {
    pid: process.pid,
    startTime: statOf(process.pid)?.startTime ?? '',
    bootId: textOf('/proc/sys/kernel/random/boot_id'),
    machine: hostname(),
    machineId: textOf('/etc/machine-id'),
    pidSpace: orEmpty(() => readlinkSync('/proc/self/ns/pid')),
  };
  return own;
}

/** Zombies are dead; a stopped process (SIGSTOP, Ctrl-Z, a debugger) can go on at any time. */
export function isAlive(id: ProcessId): Life {
  const here = ownProcess();
  const isSameMachine = id.machine === here.machine && id.machineId === here.machineId;
  if (id.bootId !== here.bootId) return isSameMachine && id.bootId && here.bootId ? 'dead' : 'unknown';
  // One boot id is one kernel, even if the machine was renamed; without any, only the name is left.
  if ((!here.bootId && !isSameMachine) || id.pidSpace !== here.pidSpace) return 'unknown';
  const stat = statOf(id.pid);
  if (!stat) return isSignalled(id.pid);
  if (stat.startTime !== id.startTime || /[ZXx]/.test(stat.state)) return 'dead';
  return /[Tt]/.test(stat.state) ? 'stopped' : 'alive';
}

/** Whether any process of this machine has this number: for what tells no more of its process. */
export function isTaken(pid: number): boolean {
  return isSignalled(pid) !== 'dead';
}

/** The name of a program may hold spaces and brackets: fields are counted from the last bracket. */
function statOf(pid: number): { state: string; startTime: string } | null {
  const text = textOf(`/proc/${pid}/stat`);
  const [state, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const startTime = rest[18];
  return state && startTime ? { state, startTime } : null;
}

/** Where /proc does not show the process. */
function isSignalled(pid: number): Life {
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'dead' : 'unknown';
  }
}

function textOf(path: string): string {
  return orEmpty(() => readFileSync(path, 'utf8').trim());
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
