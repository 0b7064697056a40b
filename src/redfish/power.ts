/** Power: look first, then the ResetType that this BMC offers; redfish.md 1.8. */
import type { Connection } from './connection.ts';
import type { PowerState } from './model.ts';
import { refused } from './refusal.ts';
import { settle } from './settle.ts';
import { actionOf, asDoc, asList, type Doc, linkOf, strings } from './wire.ts';

export type PowerAction = 'on' | 'off' | 'restart';

const RESET = '#ComputerSystem.Reset';
/** ResetTypes by preference. PowerCycle is rare, and 501 on sushy-tools though it is listed nowhere. */
const WAYS = {
  on: ['On', 'ForceOn', 'PushPowerButton'],
  off: ['ForceOff', 'GracefulShutdown'],
  restart: ['ForceRestart', 'PowerCycle'],
} as const;
/** States that are as good as the wanted one: it is on its way. */
const REACHED = { on: /^(On|PoweringOn)$/, off: /^(Off|PoweringOff)$/ } as const;
const MOVING = /^Powering(On|Off)$/;
const POLL_MS = 2_000;
const PATIENCE_MS = 60_000;

export function powerState(doc: Doc): PowerState {
  const state = doc['PowerState'];
  if (state === 'On' || state === 'Off') return state;
  return MOVING.test(String(state)) ? 'changing' : 'unknown';
}

/**
 * Asks for the state unless it is there or on its way; a restart of a machine that is off is an `on`. Returns when the
 * BMC took it, which may be a while before PowerState shows it. E-BMC-REFUSED when it did not.
 */
export async function power(conn: Connection, path: string, action: PowerAction): Promise<void> {
  const system = await stillDoc(conn, path, action);
  const off = powerState(system) === 'Off';
  if (action !== 'restart' && REACHED[action].test(String(system['PowerState']))) return;
  if (action === 'restart' && off) return power(conn, path, 'on');
  const offered = await resetTypes(conn, system);
  const way = WAYS[action].find((type) => offered.includes(type));
  if (action === 'restart' && !way && offered.length > 0) return offAndOn(conn, path);
  await reset(conn, path, system, action, way ?? WAYS[action][0]);
}

/** The system when it is not on its way to where the action does not want it, or after a minute. */
async function stillDoc(conn: Connection, path: string, action: PowerAction): Promise<Doc> {
  const started = conn.now();
  for (;;) {
    const { doc } = await conn.get(path);
    const state = String(doc['PowerState']);
    const reached = action !== 'restart' && REACHED[action].test(state);
    if (reached || !MOVING.test(state) || conn.now() - started > PATIENCE_MS) return doc;
    await conn.sleep(POLL_MS);
  }
}

/** A lost restart cannot be told from one that was never seen, so nothing settles it. */
async function reset(conn: Connection, path: string, system: Doc, action: PowerAction, type: string): Promise<void> {
  const target = actionOf(system, RESET)?.target ?? path;
  const answer = await settle(conn, {
    send: (c) => c.write('POST', target, { ResetType: type }),
    done:
      action === 'restart' ? null : async (c) => REACHED[action].test(String((await c.get(path)).doc['PowerState'])),
    alsoBusy: /ActionParameterValueConflict/,
  });
  if (answer) throw refused(answer, `reset the machine by ${type}`);
}

async function offAndOn(conn: Connection, path: string): Promise<void> {
  await power(conn, path, 'off');
  const started = conn.now();
  while (powerState((await conn.get(path)).doc) !== 'Off' && conn.now() - started < PATIENCE_MS)
    await conn.sleep(POLL_MS);
  await power(conn, path, 'on');
}

/** Inline, or behind `@Redfish.ActionInfo` (AMI, OpenBMC); empty when the BMC does not say. Only a hint. */
async function resetTypes(conn: Connection, system: Doc): Promise<string[]> {
  const action = actionOf(system, RESET)?.action ?? {};
  const inline = strings(action['ResetType@Redfish.AllowableValues']);
  const info = linkOf(action['@Redfish.ActionInfo']);
  if (inline.length > 0 || !info) return inline;
  const parameters = asList((await conn.find(info))?.doc['Parameters']).map(asDoc);
  return strings(parameters.find((parameter) => parameter['Name'] === 'ResetType')?.['AllowableValues']);
}
