/** Machines that must never be touched: by the inventory, and by lists of the user and of the site. No flag overrides them. */
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import {
  type Address,
  holds,
  type Network,
  networkOf,
  parseAddress,
  parseCidr,
  parseMac,
} from '../inventory/addresses.ts';
import type { HostSpec, Inventory } from '../inventory/types.ts';
import { same } from '../stages/identifiers.ts';
import type { Shown } from '../stages/identity.ts';
import { originOf } from './host-bmc.ts';
import { stateHome } from './state-home.ts';

const SITE = '/etc/snoboot/protected-hosts';

/** One line of a list: an address, a network, or a word that may be a host name, a serial number, a UUID or a MAC. */
interface Entry {
  /** `file:line`. */
  place: string;
  /** The same with its text. */
  where: string;
  word: string;
  mac: string | null;
  network: Network | null;
}

export interface Protection {
  /** Throws E-PROTECTED with all that must not be touched, as far as the inventory tells. Nothing but the DNS is asked. */
  refuse(inventory: Inventory): Promise<void>;
  /** The line that protects the machine that a BMC shows. */
  by(shown: Pick<Shown, 'serial' | 'sku' | 'uuid' | 'macs'>): string | null;
}

/** Another folder by --state-dir adds its list, it takes none away. */
export function protectionFiles(env: Record<string, string | undefined>, stateDir: string): string[] {
  const own = env['XDG_STATE_HOME'] || env['HOME'] ? [stateHome(env, null)] : [];
  return [...new Set([...own, stateDir])].map((folder) => join(folder, 'protected-hosts')).concat(SITE);
}

/** Reads the lists that there are. Throws E-STATE for one that cannot be read, or a line that cannot be understood. */
export function readProtection(files: readonly string[]): Protection {
  const entries = files.flatMap(entriesOf);
  const by = ({ serial, sku, uuid, macs }: Parameters<Protection['by']>[0]): Entry | undefined =>
    entries.find(({ word, mac }) => (mac !== null && macs.includes(mac)) || same(word, serial, sku, uuid));
  return {
    by: (shown) => by(shown)?.where ?? null,
    refuse: async ({ clusters, file }) => {
      const hosts = clusters.flatMap(({ name, hosts }) =>
        hosts.map((host) => ({ subject: `${name}/${host.name}`, host })),
      );
      const found = await Promise.all(
        hosts.map(async ({ subject, host }) => {
          const own = { where: 'protected: true', place: `protected: true in ${file}` };
          const why = host.isProtected ? own : (by(claimed(host)) ?? (await byAddress(host, entries)));
          return why ? [{ text: `${subject} (${why.where})`, place: why.place }] : [];
        }),
      );
      const refused = found.flat();
      if (refused.length === 0) return;
      const places = [...new Set(refused.map(({ place }) => place))];
      throw new SnobootError(
        'E-PROTECTED',
        `protected, so nothing was touched: ${refused.map(({ text }) => text).join('; ')}`,
        `leave them out, by the inventory or --limit; no flag overrides ${places.join(', ')}`,
      );
    },
  };
}

function claimed({ identity, bootMACAddress, macs }: HostSpec) {
  const boot = bootMACAddress === null ? [] : [bootMACAddress];
  return { ...identity, sku: null, macs: [...boot, ...macs.map(({ mac }) => mac)] };
}

/** Names lead to addresses on both sides, as far as the DNS knows them. */
async function byAddress(host: HostSpec, entries: readonly Entry[]): Promise<Entry | null> {
  if (entries.length === 0) return null;
  const name = new URL(originOf(host)).hostname.replace(/^\[|\]$|\.$/g, '');
  const own = await addressesOf(name);
  for (const entry of entries) {
    const { network, word } = entry;
    const others = network || !word.includes('.') ? [] : await addressesOf(word);
    const isNamed = word.toLowerCase().replace(/\.$/, '') === name;
    if (isNamed || own.some((one) => network && holds(network, one))) return entry;
    if (others.some(({ text }) => own.some((one) => one.text === text))) return entry;
  }
  return null;
}

async function addressesOf(name: string): Promise<Address[]> {
  const written = parseAddress(name);
  if (written) return [written];
  const found = await lookup(name, { all: true }).catch(() => []);
  return found.flatMap(({ address }) => parseAddress(address) ?? []);
}

/** Of an address alone: that one. */
function networkFor(text: string): Network | null {
  const address = parseAddress(text);
  return address && networkOf(address.text, address.family === 4 ? 32 : 128);
}

function entriesOf(file: string): Entry[] {
  return textOf(file)
    .split('\n')
    .flatMap((line, i) => {
      const word = line.replace(/(^|\s)#.*/, '').trim();
      return word === '' ? [] : [entryOf(word, `${file}:${i + 1}`)];
    });
}

function entryOf(text: string, place: string): Entry {
  const where = `${place}: ${text}`;
  const word = text.replace(/^\[(.*)\]$/, '$1');
  const mac = parseMac(word);
  const network = parseCidr(word) ?? networkFor(word);
  const isWord = /^[\w.-]+$/.test(word) && !/^[\d.-]*\.[\d.-]*$/.test(word);
  if (mac === null && network === null && !isWord)
    throw new SnobootError(
      'E-STATE',
      `${where}: not an address, network, host name, serial number, UUID or MAC`,
      'correct that line: as long as it cannot be understood, nothing is touched',
    );
  return { place, where, word, mac, network };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw new SnobootError(
      'E-STATE',
      `cannot read which machines are protected: ${message}`,
      'make it readable',
      error,
    );
  }
}
