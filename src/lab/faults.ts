/** Armed faults: `name@subject`, where the subject is a host (`cluster/host`, or its name when only one has it), a cluster or `service`. */
import { SnobootError } from '../core/errors.ts';
import { FAULTS, type FaultRow } from './fault-table.ts';
import type { Seam, Seams } from './seams.ts';

export type { AgentInventory, BmcFaultAnswer, Seam, Seams, StepReply } from './seams.ts';

export interface Faults {
  /**
   * The value, changed by whatever is armed for this seam at `subject`: a host id or a cluster's name. What is armed at
   * a host of a cluster is armed at the cluster too, where only that can be asked; what is armed at `service`, everywhere.
   */
  at<S extends Seam>(seam: S, subject: string, value: Seams[S]): Seams[S];
}

interface Armed {
  name: string;
  subject: string;
  row: FaultRow;
  fired: boolean;
}

/** Every fault by name, with one line of what it does. */
export const FAULT_NAMES: Record<string, string> = Object.fromEntries(
  Object.entries(FAULTS).map(([name, row]) => [name, row.about]),
);

/** `onFire` is called once for each armed fault, when it first changes a value. SnobootError E-INVENTORY for an unknown name or subject. */
export function createFaults(
  armed: string[],
  hostIds: string[],
  onFire: (name: string, subject: string) => void,
): Faults {
  const all = armed.map((text) => arm(text, hostIds));
  return {
    at(seam, subject, value) {
      return all.reduce((passing, fault) => {
        if (fault.row.seam !== seam || !concerns(fault.subject, subject)) return passing;
        const changed = (fault.row as unknown as FaultRow<typeof seam>).change(passing);
        if (changed !== passing && !fault.fired) {
          fault.fired = true;
          onFire(fault.name, fault.subject);
        }
        return changed;
      }, value);
    },
  };
}

function arm(text: string, hostIds: string[]): Armed {
  const at = text.indexOf('@');
  const name = at < 0 ? text : text.slice(0, at);
  const row = Object.hasOwn(FAULTS, name) ? FAULTS[name] : undefined;
  if (!row) throw unknown(`fault ${name} is unknown`, 'fault', Object.keys(FAULTS));
  const subject = subjectOf(at < 0 ? '' : text.slice(at + 1), row.seam, hostIds);
  return { name, subject, row, fired: false };
}

function subjectOf(text: string, seam: Seam, hostIds: string[]): string {
  if (hostIds.includes(text) || (text === 'service' && seam.startsWith('service.'))) return text;
  const named = hostIds.filter((id) => id.slice(id.indexOf('/') + 1) === text);
  if (named.length === 1) return named[0]!;
  const clusters = [...new Set(hostIds.map((id) => id.slice(0, id.indexOf('/'))))];
  if (clusters.includes(text)) return text;
  throw unknown(`a fault is armed at ${text || 'nothing'}`, 'subject', [...clusters, ...hostIds, 'service']);
}

function concerns(armed: string, asked: string): boolean {
  return armed === asked || armed === 'service' || armed.startsWith(`${asked}/`) || asked.startsWith(`${armed}/`);
}

function unknown(message: string, what: string, known: string[]): SnobootError {
  return new SnobootError('E-INVENTORY', message, `name a known ${what}: ${known.join(', ')}`);
}
