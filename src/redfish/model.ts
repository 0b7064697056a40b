/** What the Redfish room says of a BMC: its address, its machine, and what is read back of media and boot. */
import type { Trust } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';

export interface BmcTarget {
  /** `https://host[:port]`: no request ever leaves it. */
  origin: string;
  /** From the address, e.g. `/redfish/v1/Systems/1`; null: the only system there. */
  systemPath: string | null;
  username: Secret | string;
  password: Secret;
  trust: Trust;
}

export interface BmcIdentity {
  vendor: string;
  model: string | null;
  serial: string | null;
  /** Dell's service tag, which is the serial number that the system itself knows; elsewhere a product number. */
  sku: string | null;
  /** Lower case. */
  uuid: string | null;
  /** Of the machine's NICs, lower case with colons; empty where the BMC shows none, or could not show them all. */
  macs: string[];
  /** SHA-256 of the BMC's certificate, hex in lower case; null without TLS. */
  fingerprint: string | null;
  /** Of the manager. */
  firmware: string | null;
  /** Paths of the chosen system and of the chosen virtual media slot. */
  system: string;
  slot: string;
}

export type PowerState = 'On' | 'Off' | 'changing' | 'unknown';

export interface MediaState {
  inserted: boolean;
  /** The URL; only the file name where the BMC shows no more; null when nothing is inserted. */
  image: string | null;
}

export interface BootState {
  /** `Disabled`, `Once` or `Continuous`; `Disabled` too where the target is none. */
  enabled: string;
  target: string | null;
  mode: string | null;
}
