/** Armed faults: where and when each has something to say. The subject is a host (`cluster/host`, or its name when only one has it), a cluster or `service`. */
import { type Armed, armed, concerns, type Moment, type Surroundings } from './arm.ts';
import type { FaultRow } from './fault-row.ts';
import { FAULTS } from './fault-table.ts';
import type { Seam, Seams } from './seams.ts';

export type { AgentInventory, FaultAnswer, Seam, Seams, StepReply } from './seams.ts';

export interface Faults {
  /**
   * The value, changed by whatever is armed for this seam at `subject`: a host id or a cluster's name. What is armed at
   * a host of a cluster is armed at the cluster too, where only that can be asked; what is armed at `service`, everywhere.
   */
  at<S extends Seam>(seam: S, subject: string, value: Seams[S]): Seams[S];
}

/** The same as whoever arms them has it. */
export interface ArmedFaults extends Faults {
  /** Arms all of them, or none: SnobootError E-INVENTORY for an unknown name, subject or time. */
  arm(texts: readonly string[]): void;
  /** Hears that a stage begins. */
  entered(moment: Moment): void;
}

/** What armed faults need of their lab. */
export interface Around extends Surroundings {
  /** Does `work` after `ms` of lab time. */
  later(ms: number, work: () => void): void;
  /** Called when a fault first changes a value, and with `ended` when it has ended, if that is to be told. */
  tell(name: string, subject: string, ended?: string): void;
}

/** Every fault by name, with one line of what it does. */
export const FAULT_NAMES: Record<string, string> = Object.fromEntries(
  Object.entries(FAULTS).map(([name, row]) => [name, row.about]),
);

export function createFaults(around: Around): ArmedFaults {
  const all: Armed[] = [];
  return {
    at: (seam, subject, value) =>
      all.reduce((passing, fault) => {
        if (fault.row.seam !== seam || !(fault.row.everywhere || concerns(fault.subject, subject))) return passing;
        return isOn(fault, around) ? changed<typeof seam>(fault, passing, around) : passing;
      }, value),
    arm: (texts) => void all.push(...texts.map((text) => armed(text, around))),
    entered: ({ stage, subject }) => {
      for (const fault of all)
        if (fault.when.stage === stage && concerns(fault.subject, subject)) fault.since ??= around.now();
    },
  };
}

function changed<S extends Seam>(fault: Armed, value: Seams[S], around: Around): Seams[S] {
  const next = (fault.row as unknown as FaultRow<S>).change(value, fault.times);
  if (next === value) return value;
  fault.times++;
  fault.firstAt ??= around.now();
  if (fault.times > 1) return next;
  around.tell(fault.name, fault.subject);
  if (fault.when.forMs !== undefined) around.later(fault.when.forMs + AFTERWARDS_MS, () => isOn(fault, around));
  return next;
}

/** So that a timer that is early finds it over. */
const AFTERWARDS_MS = 1000;

/** Tells the end of one that is over. */
function isOn(fault: Armed, { now, tell }: Around): boolean {
  const { row, when, since, firstAt, times } = fault;
  if (since === null || now() < since + (when.afterMs ?? 0)) return false;
  if (times < (when.times ?? Infinity) && now() < (firstAt ?? now()) + (when.forMs ?? Infinity)) return true;
  if (row.ends !== undefined && !fault.toldEnd) tell(fault.name, fault.subject, row.ends);
  fault.toldEnd = true;
  return false;
}
