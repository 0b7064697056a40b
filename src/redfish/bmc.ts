/** A BMC as the stages use it: connect once, then read, insert, boot once, switch, eject. */
import type { Clock } from '../core/clock.ts';
import type { Send } from '../core/http.ts';
import { createBoot } from './boot.ts';
import { createAttributeBoot } from './boot-attributes.ts';
import { meetCertificate } from './certificate.ts';
import { createConnection, oneAtATime } from './connection.ts';
import { createExchange } from './exchange.ts';
import { identify, namesOf } from './identity.ts';
import { type LogEntry, readLog } from './log.ts';
import { createMedia } from './media.ts';
import type { BmcIdentity, BmcTarget, BootState, MediaState, PowerState } from './model.ts';
import { type PowerAction, power, powerState } from './power.ts';
import { quirkFor } from './quirks/index.ts';
import { chooseSlot, managersOf } from './slots.ts';
import { findSystem, readRoot } from './system.ts';

export type { LogEntry } from './log.ts';
export type { BmcIdentity, BmcTarget, BootState, MediaState, PowerState } from './model.ts';

/**
 * Errors of every call: E-BMC-UNREACH, -TLS, -AUTH, -ORIGIN, -PROTO, and -REFUSED with the BMC's own words. Writes
 * return when the BMC took them (its task ended well); whether they show, the caller reads.
 */
export interface Bmc {
  /** Read once, at connect. */
  readonly identity: BmcIdentity;
  readPower(): Promise<PowerState>;
  /** Of the chosen slot. */
  readMedia(): Promise<MediaState>;
  readBoot(): Promise<BootState>;
  /** The last entries of its logs, oldest first; `signal` ends the asking. */
  readLog(most: number, signal: AbortSignal): Promise<LogEntry[]>;
  insert(url: string): Promise<void>;
  /** Does nothing when nothing is in. */
  eject(): Promise<void>;
  /** One-time boot from the virtual CD; always written. */
  bootOnce(): Promise<void>;
  clearBoot(): Promise<void>;
  /** Does nothing when the machine is in that state, or on its way to it. */
  power(action: PowerAction): Promise<void>;
}

export interface BmcPorts {
  send: Send;
  clock: Clock;
  /** Ends every call. */
  signal?: AbortSignal;
  /** Told of the certificate (SHA-256) before anything is sent, where the inventory does not name it; may throw to end it all. */
  onCertificate?: (fingerprint: string) => void;
  /** Told when asking again helped. */
  onRecovered?: (text: string) => void;
}

/**
 * Logs in, finds the one machine and its slot, and reads who it is; nothing is written. Also throws E-BMC-NO-SLOT, and
 * E-BMC-PROTO with the list when not exactly one machine matches.
 */
export async function connectBmc(target: BmcTarget, ports: BmcPorts): Promise<Bmc> {
  const certificate = meetCertificate(target, ports);
  const exchange = oneAtATime(createExchange(target, certificate.send));
  const conn = createConnection({ ...ports, origin: target.origin, exchange });
  const root = await readRoot(conn);
  const system = await findSystem(conn, root, target.systemPath);
  const managers = await managersOf(conn, root, system.doc);
  const manager = managers[0]?.doc ?? {};
  const quirk = quirkFor(namesOf(root, system.doc, manager));
  const slot = await chooseSlot(conn, { root, system, managers }, quirk);
  const machine = await identify(conn, { root, system, manager, slot: slot.path });
  const identity = { ...machine, fingerprint: certificate.fingerprint() };
  const media = createMedia(slot, quirk);
  const boot = createAttributeBoot(manager, quirk.attributeBoot) ?? createBoot(system.path, quirk);
  return {
    identity,
    readPower: async () => powerState((await conn.get(system.path)).doc),
    readMedia: () => media.read(conn),
    readBoot: () => boot.read(conn),
    readLog: (most, signal) => {
      const asking = createConnection({ clock: ports.clock, origin: target.origin, exchange, signal });
      return readLog(asking, [manager, system.doc], most);
    },
    insert: (url) => media.insert(conn, url),
    eject: () => media.eject(conn),
    bootOnce: () => boot.once(conn),
    clearBoot: () => boot.clear(conn),
    power: (action) => power(conn, system.path, action),
  };
}
