/** What a run publishes, and the media server that serves it, in all lives of the run. */
import type { Clock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import { createHttpClient } from '../core/http.ts';
import type { Random } from '../core/random.ts';
import { openLedger } from './ledger.ts';
import { createLifeline, type Lifeline } from './lifeline.ts';
import type { Place } from './messages.ts';
import type { Medium } from './record.ts';

export type { Medium } from './record.ts';

export interface KeeperOptions {
  /** The run's folder: media.json and media.log are in it. */
  dir: string;
  clock: Clock;
  random: Random;
  /** More of a published medium went out. */
  onRead(medium: Medium): void;
  onRecovered(text: string): void;
  onTrouble(text: string): void;
}

export interface MediaKeeper {
  /** What is published, in a former life too, is served when this resolves. Rejects as `listen` does. */
  resume(): Promise<void>;
  /** Listens at the address, at any free port for 0, and tells the port. Rejects with E-MEDIA-PORT, E-MEDIA-ADDRESS or E-STATE. */
  listen(address: string, port: number): Promise<number>;
  /** Publishes a file at a place that `listen` gave; what was published for this label is withdrawn. */
  publish(medium: Pick<Medium, 'label' | 'file' | keyof Place>): Promise<void>;
  /** What is published for this label. */
  published(label: string): Medium | undefined;
  /** Bytes of the label's newest medium that went out, in all lives. */
  read(label: string): number;
  /** From now on 410. */
  withdraw(label: string): Promise<void>;
  /** The run ends, and the server with it, unless a medium is still published: then it stays until it was alone too long. */
  close(): Promise<void>;
}

/** Reads what a former life left; contacts nothing yet. Throws E-STATE. */
export function openMediaKeeper(options: KeeperOptions): MediaKeeper {
  const ledger = openLedger(options.dir, options.onRead);
  const { record, save, trySave } = ledger;
  const http = createHttpClient();
  const places: Place[] = [];
  const table = () => ledger.tableAt(places);
  const { factor } = options.clock;
  const lifeline = createLifeline({ ...options, factor, http, record, table, save: trySave, onTotal: ledger.count });
  return {
    resume: async () => {
      if (!lifeline.isUp() && table().files.length > 0) await lifeline.sync().catch(refuseOtherPort);
    },
    listen: createListener(lifeline, places),
    publish: async (asked) => {
      const undo = ledger.add({ ...asked, read: 0, isWithdrawn: false });
      try {
        save();
        await lifeline.sync();
      } catch (error) {
        undo();
        trySave();
        throw error;
      }
    },
    published: ledger.published,
    read: ledger.read,
    withdraw: async (label) => {
      const medium = ledger.published(label);
      if (!medium) return;
      medium.isWithdrawn = true;
      trySave();
      await lifeline.refresh();
    },
    close: async () => {
      await lifeline.close();
      if (record.media.length > 0 || record.server) trySave();
      await http.close();
    },
  };
}

/** Asks once for each place. */
function createListener(lifeline: Lifeline, places: Place[]): MediaKeeper['listen'] {
  const asked = new Map<string, Promise<number>>();
  const begin = async (place: Place): Promise<number> => {
    places.push(place);
    try {
      await lifeline.sync();
      return place.port;
    } catch (error) {
      places.splice(places.indexOf(place), 1);
      throw error;
    }
  };
  return (address, port) => {
    const key = `${port} ${address}`;
    const going = asked.get(key) ?? begin({ address, port });
    asked.set(key, going);
    going.catch(() => asked.delete(key));
    return going;
  };
}

function refuseOtherPort(error: unknown): never {
  if (!(error instanceof SnobootError) || error.code !== 'E-MEDIA-PORT') throw error;
  const todo = 'end what listens there, then deploy again: the hosts have this port in the URL of their ISO';
  throw new SnobootError('E-MEDIA-PORT', error.message, todo, error);
}
