/** Whose machine is behind a BMC: what it shows held against the inventory, the pin and the other machines. Pure. */
import { SnobootError } from '../core/errors.ts';
import type { Subject } from '../core/events.ts';
import { inWords, real, same } from './identifiers.ts';

/** What the inventory says of a host. MACs are lower case with colons. */
export interface Claims {
  subject: Subject;
  serial: string | null;
  uuid: string | null;
  macs: readonly string[];
}

/** What a BMC shows of itself and of its machine. `sku` is Dell's service tag; a fingerprint is SHA-256 in hex, null without TLS. */
export interface Shown {
  vendor: string;
  model: string | null;
  serial: string | null;
  sku: string | null;
  uuid: string | null;
  macs: readonly string[];
  fingerprint: string | null;
}

/** What a BMC showed when it was first met. */
export interface Pin {
  fingerprint: string | null;
  serial: string | null;
  uuid: string | null;
}

export interface Meeting {
  /** The BMC's address, for people. */
  address: string;
  wanted: Claims;
  /** The other hosts of the inventory. */
  others: readonly Claims[];
  shown: Shown;
  /** Other hosts of this run, and what their BMCs show. */
  neighbours: readonly { subject: Subject; shown: Shown }[];
  pin: Pin | null;
  /** The file that holds the pin, or will. */
  place: string;
  /** The inventory names the certificate, and it is the one that was seen. */
  hasCertificate: boolean;
}

/** `known`: by a pin. `named`: by the inventory. `new`: nothing contradicts, and nothing agrees. */
export type Verdict = 'known' | 'named' | 'new';

/** Throws E-IDENT where anything contradicts, whoever vouches. */
export function judge(meeting: Meeting): Verdict {
  refuseOtherMachine(meeting);
  refuseTwin(meeting);
  const { wanted, shown, pin, hasCertificate } = meeting;
  if (pin) refuseReplaced(meeting, pin);
  if (same(wanted.serial, shown.serial, shown.sku) || same(wanted.uuid, shown.uuid)) return 'named';
  if (wanted.macs.some((mac) => shown.macs.includes(mac))) return 'named';
  if (pin && (same(pin.serial, shown.serial) || same(pin.uuid, shown.uuid))) return 'known';
  // BMCs may list only some of the NICs: a missing MAC is no contradiction, it is only no agreement.
  if (wanted.macs.length > 0 && shown.macs.length > 0)
    throw stranger(`the inventory says MAC address ${wanted.macs.join(', ')}`, shown.macs.join(', '), meeting);
  if (hasCertificate) return 'named';
  return pin && pin.fingerprint !== null && pin.fingerprint === shown.fingerprint ? 'known' : 'new';
}

/** What is to be kept of the BMC: what it shows now, else what it showed before. */
export function pinOf({ shown, pin }: Pick<Meeting, 'shown' | 'pin'>): Pin {
  return {
    fingerprint: shown.fingerprint ?? pin?.fingerprint ?? null,
    serial: real(shown.serial) ?? pin?.serial ?? null,
    uuid: real(shown.uuid) ?? pin?.uuid ?? null,
  };
}

/** Who is there, in one line: what a person is asked about, and compares. */
export function introduction({ address, shown }: Pick<Meeting, 'address' | 'shown'>): string {
  return `${address} is ${inWords(shown)}`;
}

function refuseOtherMachine(meeting: Meeting): void {
  const { wanted, others, shown } = meeting;
  const owner = others.find((one) => showsOneOf(shown, one));
  if (owner) throw stranger(`this is ${owner.subject} by the inventory: swapped with it?`, inWords(shown), meeting);
  const serials = [shown.serial, shown.sku].flatMap((one) => real(one) ?? []);
  if (real(wanted.serial) && serials.length > 0 && !same(wanted.serial, ...serials))
    throw stranger(`the inventory says serial number ${wanted.serial}`, serials.join(' or '), meeting);
  if (real(wanted.uuid) && real(shown.uuid) && !same(wanted.uuid, shown.uuid))
    throw stranger(`the inventory says UUID ${wanted.uuid}`, shown.uuid ?? '', meeting);
}

function showsOneOf(shown: Shown, { serial, uuid, macs }: Claims): boolean {
  return (
    same(serial, shown.serial, shown.sku) || same(uuid, shown.uuid) || macs.some((mac) => shown.macs.includes(mac))
  );
}

/** One machine must not stand under two names, and two machines of one identity cannot be told apart. */
function refuseTwin({ wanted, shown, neighbours }: Meeting): void {
  const twin = neighbours.find((one) => same(shown.serial, one.shown.serial) || same(shown.uuid, one.shown.uuid));
  if (!twin) return;
  throw new SnobootError(
    'E-IDENT',
    `the BMCs of ${wanted.subject} and ${twin.subject} show the same machine: ${inWords(shown)}`,
    'correct the address of the wrong one; nothing was changed on the machine',
  );
}

function refuseReplaced({ wanted, address, shown, place, hasCertificate }: Meeting, pin: Pin): void {
  const isOther = (was: string | null, is: string | null): boolean => !!real(was) && !!real(is) && !same(was, is);
  const serial = isOther(pin.serial, shown.serial);
  const uuid = isOther(pin.uuid, shown.uuid);
  const changed = (one: Pin): string =>
    inWords({ serial: serial ? one.serial : null, uuid: uuid ? one.uuid : null, fingerprint: null });
  if (serial || uuid)
    throw new SnobootError(
      'E-IDENT',
      `another machine than before is behind the BMC ${address}: it had ${changed(pin)}, it has ${changed(shown)}`,
      `if it was replaced and is now ${wanted.subject}, remove ${place}; else correct the address; nothing was changed on it`,
    );
  if (hasCertificate || pin.fingerprint === null || pin.fingerprint === shown.fingerprint) return;
  throw renewed(address, place, pin.fingerprint, shown);
}

/** E-IDENT for a certificate that is not the pinned one. `shown` is null where nothing was asked of the BMC yet. */
export function renewed(
  address: string,
  place: string,
  before: string,
  shown: Shown | null,
  now?: string,
): SnobootError {
  const machine = shown ? 'the same machine, but another certificate' : 'another certificate than before';
  const untold = shown ? '' : '; the password was not sent';
  return new SnobootError(
    'E-IDENT',
    `the BMC ${address} shows ${machine}: SHA-256 ${shown?.fingerprint ?? now ?? 'none'}, it was ${before}`,
    `if its certificate was renewed, remove ${place}; else somebody may stand in between${untold}`,
  );
}

function stranger(why: string, found: string, { address, wanted }: Meeting): SnobootError {
  return new SnobootError(
    'E-IDENT',
    `the machine behind the BMC ${address} of ${wanted.subject} has ${found}; ${why}`,
    'check BMC address and identifiers of this host in the inventory; nothing was changed on the machine',
  );
}
