/** What writes to a BMC do: reset, insert, eject, and the PATCH of the boot override. */
import { setMedium, setOverride } from '../board.ts';
import { DURATIONS } from '../durations.ts';
import { openMedium } from '../medium.ts';
import { type Answer, refuse, refuseStandard, succeed } from './answer.ts';
import type { Bmc } from './bmc.ts';
import type { Refusal } from './profile.ts';
import { startTask } from './task.ts';

type Body = Record<string, unknown>;

const TURNS_OFF = ['ForceOff', 'GracefulShutdown'];

/** `ComputerSystem.Reset`: answered at once, done after a lag. */
export function reset(bmc: Bmc, body: Body): Answer {
  const { profile, host, machine } = bmc;
  const type = body['ResetType'];
  if (type === undefined) return missing(bmc, 'ComputerSystem.Reset', 'ResetType');
  if (typeof type !== 'string' || !profile.resetTypes.includes(type)) return notInList(bmc, 'ResetType', type);
  if (type === 'Nmi') return succeed(profile);
  const on = host.power === 'On';
  const goal = type === 'On' ? 'on' : TURNS_OFF.includes(type) || (type === 'PushPowerButton' && on) ? 'off' : 'on';
  const restart = goal === 'on' && type !== 'On' && type !== 'PushPowerButton';
  if (machine.changing() || (restart ? !on : on === (goal === 'on'))) return refuse(profile, profile.samePower);
  machine.press(restart ? 'restart' : goal, type);
  return succeed(profile);
}

const INSERT_PARAMETERS = [
  'Image',
  'Inserted',
  'WriteProtected',
  'TransferProtocolType',
  'TransferMethod',
  'UserName',
  'Password',
  'Action',
];

/** `VirtualMedia.InsertMedia` on the CD slot (`takesIso`) or another one. */
export async function insert(bmc: Bmc, body: Body, takesIso: boolean): Promise<Answer> {
  const { profile, host } = bmc;
  const image = body['Image'];
  const surplus = Object.keys(body).find((key) => !INSERT_PARAMETERS.includes(key));
  if (surplus) {
    const text = `The action VirtualMedia.InsertMedia was submitted with the invalid parameter ${surplus}.`;
    return refuseStandard(profile, 400, 'ActionParameterUnknown', text, ['VirtualMedia.InsertMedia', surplus]);
  }
  if (image === undefined) return missing(bmc, 'VirtualMedia.InsertMedia', 'Image');
  if (typeof image !== 'string' || !/^https?:\/\//.test(image)) return notInList(bmc, 'Image', image);
  if (!takesIso) return notInList(bmc, 'Image', image);
  if (host.bmc.media.inserted) return refuse(profile, profile.occupied);
  if (profile.insert === 'task') return startTask(bmc, () => insertLater(bmc, image));
  const refusal = profile.insert === 'reads' ? await fetchProblem(bmc, image) : null;
  if (refusal) return refuse(profile, refusal);
  setMedium(bmc.lab, host, image, 'bmc');
  return succeed(profile);
}

async function insertLater(bmc: Bmc, image: string): Promise<Refusal | null> {
  await bmc.lab.clock.sleep(DURATIONS.insertTask, bmc.lab.signal);
  const refusal = await fetchProblem(bmc, image);
  if (!refusal) setMedium(bmc.lab, bmc.host, image, 'bmc');
  return refusal;
}

const FIRST_SECTORS = 16 * 2048 + 4 * 2048;

/** Asks for length and first sectors, as the iDRAC does when a medium is inserted; null when that went well. */
async function fetchProblem({ lab, host, profile }: Bmc, image: string): Promise<Refusal | null> {
  try {
    const medium = await openMedium(lab, host, image, lab.signal);
    await medium.read(0, Math.min(FIRST_SECTORS, medium.size));
    medium.report('bmc');
    return null;
  } catch (error) {
    lab.record({ kind: 'media', to: host.id, action: 'unreadable', image, by: 'bmc', why: (error as Error).message });
    return profile.unreachable;
  }
}

/** `VirtualMedia.EjectMedia`. */
export function eject(bmc: Bmc, takesIso: boolean): Answer {
  const { profile, host, lab } = bmc;
  if (takesIso && host.bmc.media.inserted) setMedium(lab, host, null, 'bmc');
  else if (profile.nothingToEject) return refuse(profile, profile.nothingToEject);
  return succeed(profile);
}

const ENABLED = ['Disabled', 'Once', 'Continuous'] as const;

/** PATCH of the system: only the boot override can be written. */
export function patchSystem(bmc: Bmc, body: Body): Answer {
  const { profile, lab, host } = bmc;
  const boot = body['Boot'];
  const stranger = Object.keys(body).find((key) => key !== 'Boot');
  if (stranger || typeof boot !== 'object' || boot === null) return unknownProperty(bmc, stranger ?? 'Boot');
  const { BootSourceOverrideEnabled: enabled, BootSourceOverrideTarget: target, ...more } = boot as Body;
  const { BootSourceOverrideMode: mode, ...others } = more;
  const surplus =
    Object.keys(others)[0] ?? (mode !== undefined && !profile.takesBootMode ? 'BootSourceOverrideMode' : '');
  if (surplus) return unknownProperty(bmc, surplus);
  const known = ENABLED.find((value) => value === enabled);
  if (enabled !== undefined && !known) return notInList(bmc, 'BootSourceOverrideEnabled', enabled);
  if (target !== undefined && (typeof target !== 'string' || !profile.bootTargets.includes(target)))
    return notInList(bmc, 'BootSourceOverrideTarget', target);
  if (mode !== undefined && mode !== 'UEFI' && mode !== 'Legacy') return notInList(bmc, 'BootSourceOverrideMode', mode);
  setOverride(
    lab,
    host,
    { ...(known ? { enabled: known } : {}), ...(target ? { target } : {}), ...(mode ? { mode } : {}) },
    'bmc',
  );
  return succeed(profile);
}

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
