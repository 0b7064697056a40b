/** The second gate: before the installation, what becomes of each real disk is written down, and what the rule does not cover is asked for. */
import type { InventoryDisk } from '../assisted/inventory.ts';
import { listed } from '../assisted/inventory.ts';
import type { Host } from '../assisted/types.ts';
import { SnobootError } from '../core/errors.ts';
import type { ClusterContext, HostContext } from './context.ts';
import { choiceFor, describe, type DiskChoice, recordOf } from './disk-choice.ts';

/** Ids of the host's disks that the inventory wants kept and the service does not skip yet. */
export function toBeKept(host: HostContext, record: Host): string[] {
  if (host.spec.disks.others === 'erase') return [];
  return atStake(choiceFor(host.spec, record), record)
    .map(({ id }) => id)
    .filter((id) => !notKept(host).includes(id));
}

/** These the service does not skip, though it was asked to. */
export function giveUpKeeping(host: HostContext, ids: readonly string[]): void {
  host.notes['notKept'] = [...notKept(host), ...ids];
}

/**
 * Writes the disks of each host down, and asks for what would be erased besides the installation disk. Returns the disks
 * that may be, `host id` each, for the lives that follow. Throws E-DISK-OTHERS where nobody allows it.
 */
export async function passGate(
  cluster: ClusterContext,
  records: ReadonlyMap<HostContext, Host>,
  signal: AbortSignal,
): Promise<string[]> {
  const allowed = new Set([...textsOf(cluster.facts['erasable']), ...textsOf(cluster.notes['erasable'])]);
  for (const [host, record] of records) {
    const choice = choiceFor(host.spec, record);
    const erased = atStake(choice, record);
    tell(host, choice, erased);
    const names = erased.map(({ id }) => `${host.spec.name} ${id}`);
    if (names.some((name) => !allowed.has(name)) && !(await mayErase(host, erased, signal)))
      throw refusal(host, erased);
    for (const name of names) allowed.add(name);
    cluster.notes['erasable'] = [...allowed];
  }
  return [...allowed];
}

/** What the service would format besides the installation disk, as things stand. */
function atStake({ formatted }: DiskChoice, record: Host): InventoryDisk[] {
  const skipped = listed(record.skip_formatting_disks);
  return formatted.filter(({ id }) => !skipped.includes(id));
}

async function mayErase({ run, subject }: HostContext, disks: InventoryDisk[], signal: AbortSignal): Promise<boolean> {
  const answer = await run.mayErase(subject, disks.map(describe), signal);
  signal.throwIfAborted();
  return answer;
}

function tell(host: HostContext, choice: DiskChoice, erased: InventoryDisk[]): void {
  const kept = [...choice.formatted.filter((disk) => !erased.includes(disk)), ...choice.left];
  const disks = { install: recordOf(choice.install), erased: erased.map(recordOf), kept: kept.map(recordOf) };
  const now = JSON.stringify(disks);
  if (host.notes['disks'] === now) return;
  host.notes['disks'] = now;
  host.run.say(host.subject, { type: 'disks', ...disks });
}

function refusal(host: HostContext, erased: InventoryDisk[]): SnobootError {
  const { others } = host.spec.disks;
  const why = others === 'erase' ? 'disks.others is erase, and nobody said yes' : 'the service does not keep them';
  return new SnobootError(
    'E-DISK-OTHERS',
    `${host.spec.name}: the installation would format other disks too (${why}): ${erased.map(describe).join('; ')}`,
    others === 'erase'
      ? 'add --yes if they may be erased, or take disks.others out of the inventory; nothing was installed'
      : 'take them out of the machine, or add --yes if they may be erased; nothing was installed',
  );
}

const notKept = (host: HostContext): string[] => textsOf(host.notes['notKept']);

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}
