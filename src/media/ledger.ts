/** What a run published, for whom, and how much of it was read; kept in media.json for the run's next life. */
import { createClock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import type { MediaTable, Place, Total } from './messages.ts';
import { loadRecord, type MediaRecord, type Medium, saveRecord } from './record.ts';

export interface Ledger {
  readonly record: MediaRecord;
  /** What is published for this label. */
  published(label: string): Medium | undefined;
  /** Bytes of the label's newest medium that went out, in all lives. */
  read(label: string): number;
  /** Publishes the medium and withdraws what was published for its label; gives back what undoes that. */
  add(medium: Medium): () => void;
  count(total: Total): void;
  /** For a server that is to listen at `places` too. */
  tableAt(places: Place[]): MediaTable;
  /** Throws E-STATE. */
  save(): void;
  /** Of what only spares a next life some trouble: the disk may be full. */
  trySave(): void;
}

/** Real time between two savings of what was read. */
const SAVE_EVERY_MS = 1000;

/** Goes on with what a former life left. Throws E-STATE. */
export function openLedger(dir: string, onRead: (medium: Medium) => void): Ledger {
  const real = createClock();
  const record = loadRecord(dir);
  const { media } = record;
  let savedAt = real.now();
  const published = (label: string): Medium | undefined =>
    media.find((medium) => medium.label === label && !medium.isWithdrawn);
  const save = (): void => {
    savedAt = real.now();
    saveRecord(dir, record);
  };
  const trySave = (): void => {
    try {
      save();
    } catch (error) {
      if (!(error instanceof SnobootError)) throw error;
    }
  };
  return {
    record,
    published,
    read: (label) => media.findLast((medium) => medium.label === label)?.read ?? 0,
    add: (medium) => {
      const former = published(medium.label);
      if (former) former.isWithdrawn = true;
      media.push(medium);
      return () => {
        media.splice(media.indexOf(medium), 1);
        if (former) former.isWithdrawn = false;
      };
    },
    count: ({ token, total }) => {
      const medium = media.find(({ file }) => file.token === token);
      if (!medium || medium.read >= total) return;
      medium.read = total;
      if (!medium.isWithdrawn) onRead(medium);
      if (real.now() - savedAt >= SAVE_EVERY_MS) trySave();
    },
    tableAt: (places) => tableOf(media, places),
    save,
    trySave,
  };
}

function tableOf(media: Medium[], places: Place[]): MediaTable {
  const served = media.filter(({ isWithdrawn }) => !isWithdrawn);
  const has = (of: Place[], { address, port }: Place): boolean =>
    of.some((place) => place.address === address && place.port === port);
  const relied = served.filter((medium, index) => !has(places, medium) && !has(served.slice(0, index), medium));
  return {
    // The ports that are in URLs first: another one at the same address is not needed then.
    places: [...relied.map(({ address, port }) => ({ address, port })), ...places],
    files: served.map(({ file, read }) => ({ ...file, read })),
    withdrawn: media.filter(({ isWithdrawn }) => isWithdrawn).map(({ file }) => file.token),
  };
}
