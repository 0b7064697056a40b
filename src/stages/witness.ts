/** Whose machine it is: serial numbers and MAC addresses held against each other (design §5). */
import { inventoryOf } from '../assisted/inventory.ts';
import type { Host } from '../assisted/types.ts';
import { macsOf } from '../inventory/network.ts';
import type { HostContext } from './context.ts';
import { real } from './identifiers.ts';

/** Of the inventory and of the BMC; [] where neither names any. */
export function knownMacs({ spec, facts }: HostContext): string[] {
  const ofBmc = Array.isArray(facts['macs']) ? facts['macs'] : [];
  return [...macsOf(spec), ...ofBmc];
}

/**
 * Serial numbers that the BMC shows; where it shows none, what it showed before and what the inventory says. Dell's
 * `SerialNumber` is the board's; the one that the system itself knows is `SKU`.
 */
export function knownSerials({ facts, spec, pin }: HostContext): string[] {
  const shown = serials(facts['serial'], facts['sku']);
  return shown.length > 0 ? shown : serials(spec.identity.serial, pin.recall()?.serial);
}

function serials(...values: unknown[]): string[] {
  return values.flatMap((one) => (typeof one === 'string' ? (real(one)?.toLowerCase() ?? []) : []));
}

export function isThisMachine(host: HostContext, one: Host): boolean {
  return agrees(knownMacs(host), macsSeen(one)) === true || agrees(knownSerials(host), serialOf(one)) === true;
}

/** What the agent shows that contradicts the BMC or the inventory; undefined when nothing does. */
export function contradiction(host: HostContext, one: Host): string | undefined {
  if (agrees(knownSerials(host), serialOf(one)) === false) return `serial number ${serialOf(one).join()}`;
  return agrees(knownMacs(host), macsSeen(one)) === false ? `MAC addresses ${macsSeen(one).join(', ')}` : undefined;
}

/** Whether one of the seen is known; undefined where there is nothing to compare. */
function agrees(known: string[], seen: string[]): boolean | undefined {
  return known.length === 0 || seen.length === 0 ? undefined : seen.some((one) => known.includes(one));
}

function macsSeen(one: Host): string[] {
  return (inventoryOf(one)?.interfaces ?? []).flatMap(({ mac }) => (mac === '' ? [] : [mac]));
}

function serialOf(one: Host): string[] {
  return serials(inventoryOf(one)?.vendor.serial);
}
