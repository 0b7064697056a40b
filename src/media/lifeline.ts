/** Keeps a media server alive for a run: takes over what a former life left, and starts another one when it is gone. */
import { createClock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import type { HttpClient } from '../core/http.ts';
import type { Random } from '../core/random.ts';
import { type MediaLink, openLink, startMediaProcess } from './link.ts';
import type { MediaTable, Total } from './messages.ts';
import type { MediaRecord } from './record.ts';

export interface LifelineOptions {
  dir: string;
  /** How many times faster than real time the run's clock goes. */
  factor: number;
  random: Random;
  http: HttpClient;
  record: MediaRecord;
  /** What is to be served now. */
  table(): MediaTable;
  /** Keeps the record for a next life, where the disk lets it. */
  save(): void;
  onTotal(total: Total): void;
  onRecovered(text: string): void;
  onTrouble(text: string): void;
}

export interface Lifeline {
  /** The table is served when it resolves, and its places know their ports. Rejects with E-MEDIA-PORT, E-MEDIA-ADDRESS or E-STATE. */
  sync(): Promise<void>;
  /** As `sync`, but only where a server is, and of what may wait for the next one. */
  refresh(): Promise<void>;
  /** The server was given what it serves. */
  isUp(): boolean;
  /** Ends the server, unless it still has something to serve: then it is let go. */
  close(): Promise<void>;
}

/** Real time between two starts, so that a server that cannot live does not keep the machine busy. */
const PAUSE_MS = 500;

export function createLifeline(options: LifelineOptions): Lifeline {
  const { record, table } = options;
  const real = createClock();
  const inOrder = createQueue();
  const isServing = (): boolean => table().files.length > 0;
  /** `isRelied`: readers have URLs of what the server was last given; `isFresh`: it was given nothing yet. */
  const state = { link: null as MediaLink | null, isRelied: isServing(), isFresh: false, isClosed: false };
  let startedAt = -Infinity;

  const connect = async (): Promise<MediaLink> => {
    if (state.link) return state.link;
    const found = await find(options);
    state.isFresh = !found;
    if (!found) startedAt = real.now();
    const link = found ?? (await start(options));
    state.link = link;
    void link.closed.then(() => lost(link));
    return link;
  };
  const put = async (): Promise<void> => {
    const link = await connect();
    const asked = table();
    const given = await link.put(asked);
    asked.places.forEach((place, index) => Object.assign(place, given[index]));
    const isBack = state.isFresh && state.isRelied;
    Object.assign(state, { isFresh: false, isRelied: asked.files.length > 0 });
    if (isBack) options.onRecovered('the media server was gone: started again at the same address and port');
  };
  const sync = (): Promise<void> =>
    put().catch(async (error: unknown) => {
      const { link, isFresh } = state;
      const isRefused = error instanceof SnobootError;
      if (!isRefused || isFresh) state.link = null;
      if (!isRefused) return put();
      if (isFresh) await link?.end();
      throw error;
    });
  const isAwaited = (): boolean => !state.isClosed && !state.link && isServing();
  const lost = async (gone: MediaLink): Promise<void> => {
    if (state.link === gone) state.link = null;
    for (let isTold = false; isAwaited(); isTold = true) {
      await real.sleep(Math.max(0, startedAt + PAUSE_MS - real.now()));
      await inOrder(sync).catch((error: unknown) => {
        if (!isTold) options.onTrouble(`no media server, trying on: ${(error as Error).message}`);
      });
    }
  };
  const close = async (): Promise<void> => {
    state.isClosed = true;
    if (isServing()) return;
    await (state.link ?? (await find(options)))?.end();
    record.server = null;
  };
  return {
    sync: () => inOrder(sync),
    refresh: () => inOrder(() => (state.link ? put().catch(() => undefined) : Promise.resolve())),
    isUp: () => state.link !== null && !state.isFresh,
    close: () => inOrder(close),
  };
}

/** The server that was last known, a former life's too. */
async function find({ record, http, onTotal }: LifelineOptions): Promise<MediaLink | null> {
  return record.server && openLink(http, record.server, onTotal);
}

async function start(options: LifelineOptions): Promise<MediaLink> {
  options.record.server = await startMediaProcess(options.dir, options.factor, options.random);
  options.save();
  const link = await find(options);
  if (link) return link;
  throw new SnobootError('E-STATE', 'the media server ended at once', 'see media.log in the run folder');
}

/** One after the other, whatever becomes of each. */
function createQueue(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
