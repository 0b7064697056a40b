/** What changes on a machine's board, whoever changes it: each with its line of history. */
import type { Lab } from './context.ts';
import type { BmcLogEntry, BmcState, LabHost } from './world.ts';

/** Who did it: the BMC at somebody's request, the host itself, or the lab (faults, a lab that went down). */
export type Actor = 'bmc' | 'host' | 'lab';

/** `action` names a reset that leaves the power on. */
export function setPower(lab: Lab, host: LabHost, state: 'On' | 'Off', by: Actor, action?: string): void {
  const from = host.power;
  host.power = state;
  noteAt(lab, host, from === state ? 'reset' : state === 'On' ? 'powered-on' : 'powered-off');
  lab.record({ kind: 'power', to: host.id, from, state, by, ...(action ? { action } : {}) });
  lab.changed();
}

const LONGEST_LOG = 40;

/** Into the BMC's own log, whose oldest entries go when it is full. */
export function noteAt(lab: Lab, host: LabHost, what: BmcLogEntry['what'], detail = ''): void {
  const log = host.bmc.log ?? [];
  const number = (log.at(-1)?.number ?? 0) + 1;
  host.bmc.log = [...log, { number, at: lab.clock.now(), what, detail }].slice(-LONGEST_LOG);
}

/** Inserts `image`, or ejects with null. */
export function setMedium(lab: Lab, host: LabHost, image: string | null, by: Actor): void {
  const former = host.bmc.media.image;
  host.bmc.media = { image, inserted: image !== null };
  const action = image === null ? 'ejected' : 'inserted';
  noteAt(lab, host, by === 'lab' ? 'restarted' : action, image ?? former ?? '');
  lab.record({ kind: 'media', to: host.id, action, image: image ?? former, by });
  lab.changed();
}

/** False while the BMC resets. One that does has nothing in its slot, which whoever looks next finds out. */
export function bmcLives(lab: Lab, host: LabHost): boolean {
  const lives = lab.faults.at('bmc.alive', host.id, true);
  if (!lives && host.bmc.media.inserted) setMedium(lab, host, null, 'lab');
  return lives;
}

/** Writes the boot override. `Disabled` clears the target. */
export function setOverride(lab: Lab, host: LabHost, boot: Partial<BmcState['boot']>, by: Actor): void {
  const next = { ...host.bmc.boot, ...boot };
  if (next.enabled === 'Disabled') next.target = 'None';
  host.bmc.boot = next;
  lab.record({ kind: 'override', to: host.id, enabled: next.enabled, target: next.target, by });
  lab.changed();
}
