/** What writes to a BMC do: reset, insert, eject, and the PATCH of the boot override. */
import { noteAt, setMedium, setOverride } from '../board.ts';
import { DURATIONS } from '../durations.ts';
import { openMedium } from '../medium.ts';
import type { BmcState } from '../world.ts';
import { type Answer, refuse, refuseStandard, succeed } from './answer.ts';
import type { Bmc, Document } from './bmc.ts';
import type { Refusal } from './profile.ts';
import { startTask } from './task.ts';

/** `ComputerSystem.Reset`: answered at once, done after a lag. */
export function reset(bmc: Bmc, { ResetType: type }: Document): Answer {
  const { profile, host, machine } = bmc;
  if (type === undefined) return missing(bmc, 'ComputerSystem.Reset', 'ResetType');
  if (typeof type !== 'string' || !profile.resetTypes.includes(type)) return notInList(bmc, 'ResetType', type);
  if (type === 'Nmi') return succeed(profile);
  const on = host.power === 'On';
  const action = powerAction(type, on);
  if (machine.changing() || on === (action === 'on')) return refuse(profile, profile.samePower);
  machine.press(action, type);
  return succeed(profile);
}

function powerAction(type: string, on: boolean): 'on' | 'off' | 'restart' {
  if (type === 'On' || (type === 'PushPowerButton' && !on)) return 'on';
  return ['ForceOff', 'GracefulShutdown', 'PushPowerButton'].includes(type) ? 'off' : 'restart';
}

/** `VirtualMedia.InsertMedia` on the CD slot (`takesIso`) or another one. */
export async function insert(bmc: Bmc, { Image: image }: Document, takesIso: boolean): Promise<Answer> {
  const { profile, host, lab } = bmc;
  if (image === undefined) return missing(bmc, 'VirtualMedia.InsertMedia', 'Image');
  if (typeof image !== 'string' || !/^https?:\/\//.test(image) || !takesIso) return notInList(bmc, 'Image', image);
  if (host.bmc.media.inserted) return refuse(profile, profile.occupied);
  const work = async (): Promise<Refusal | null> => {
    if (profile.insertTask) await lab.clock.sleep(DURATIONS.insertTask, lab.signal);
    if (profile.unreachable && !(await canRead(bmc, image))) return profile.unreachable;
    if (lab.faults.at('bmc.attaches', host.id, true)) setMedium(lab, host, image, 'bmc');
    return null;
  };
  if (profile.insertTask) return startTask(bmc, work);
  const refusal = await work();
  return refusal ? refuse(profile, refusal) : succeed(profile);
}

const FIRST_SECTORS = 20 * 2048;

/** Asks for length and first sectors, as the iDRAC does when a medium is inserted. */
async function canRead({ lab, host }: Bmc, image: string): Promise<boolean> {
  try {
    const medium = await openMedium(lab, host, image, lab.signal);
    await medium.read(0, Math.min(FIRST_SECTORS, medium.size));
    medium.report('bmc');
    return true;
  } catch (error) {
    lab.record({ kind: 'media', to: host.id, action: 'unreadable', image, by: 'bmc', why: (error as Error).message });
    noteAt(lab, host, 'unreadable', image);
    return false;
  }
}

/** `VirtualMedia.EjectMedia`. */
export function eject({ profile, host, lab }: Bmc, takesIso: boolean): Answer {
  if (takesIso && host.bmc.media.inserted) setMedium(lab, host, null, 'bmc');
  else if (profile.nothingToEject) return refuse(profile, profile.nothingToEject);
  return succeed(profile);
}

/** PATCH of the system: only the boot override can be written, and what else comes along is ignored. */
export function patchSystem(bmc: Bmc, body: Document): Answer {
  const { profile, lab, host } = bmc;
  const { Boot: boot } = body;
  if (typeof boot !== 'object' || boot === null) return unknownProperty(bmc, Object.keys(body)[0] ?? 'Boot');
  const {
    BootSourceOverrideEnabled: enabled = host.bmc.boot.enabled,
    BootSourceOverrideTarget: target = host.bmc.boot.target,
    BootSourceOverrideMode: mode,
  } = boot as Document;
  if (mode !== undefined && !profile.takesBootMode) return unknownProperty(bmc, 'BootSourceOverrideMode');
  if (!isOneOf(ENABLED, enabled)) return notInList(bmc, 'BootSourceOverrideEnabled', enabled);
  if (!isOneOf(profile.bootTargets, target)) return notInList(bmc, 'BootSourceOverrideTarget', target);
  if (mode !== undefined && !isOneOf(MODES, mode)) return notInList(bmc, 'BootSourceOverrideMode', mode);
  setOverride(lab, host, { enabled, target, mode: mode ?? host.bmc.boot.mode }, 'bmc');
  return succeed(profile);
}

const ENABLED: readonly BmcState['boot']['enabled'][] = ['Disabled', 'Once', 'Continuous'];
const MODES: readonly BmcState['boot']['mode'][] = ['UEFI', 'Legacy'];

const isOneOf = <T extends string>(values: readonly T[], value: unknown): value is T => values.includes(value as T);

function missing({ profile }: Bmc, action: string, name: string): Answer {
  const text = `The action ${action} requires the parameter ${name} to be present in the request body.`;
  return refuseStandard(profile, 400, 'ActionParameterMissing', text, [action, name]);
}

function notInList({ profile }: Bmc, name: string, value: unknown): Answer {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  const text = `The value ${shown} for the property ${name} is not in the list of acceptable values.`;
  return refuseStandard(profile, 400, 'PropertyValueNotInList', text, [shown, name]);
}

function unknownProperty({ profile }: Bmc, name: string): Answer {
  const text = `The property ${name} is not in the list of valid properties for the resource.`;
  return refuseStandard(profile, 400, 'PropertyUnknown', text, [name]);
}
