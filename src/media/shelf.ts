/** What a media server has to give: one table, at every place where it listens, and how much of it was read. */
import { SnobootError } from '../core/errors.ts';
import { fraction, systemRandom } from '../core/random.ts';
import type { MediaTable, Place, Total } from './messages.ts';
import { type MediaRead, type MediaServer, startMediaServer } from './server.ts';

export interface Shelf {
  /** Makes the table so. Rejects with E-MEDIA-PORT or E-MEDIA-ADDRESS for a place that cannot be had. */
  put(table: MediaTable): Promise<Place[]>;
  totals(): Total[];
  isEmpty(): boolean;
  close(): Promise<void>;
}

export function createShelf(onTotal: (total: Total) => void): Shelf {
  const servers: { place: Place; server: MediaServer }[] = [];
  const totals = new Map<string, number>();
  let table: MediaTable = { places: [], files: [], withdrawn: [] };
  const count = ({ token, bytes }: MediaRead): void => {
    if (bytes === 0) return;
    const total = (totals.get(token) ?? 0) + bytes;
    totals.set(token, total);
    onTotal({ token, total });
  };
  const fill = (server: MediaServer): void => {
    table.withdrawn.forEach((token) => server.withdraw(token));
    table.files.forEach((file) => server.serve(file));
  };
  const at = async ({ address, port }: Place): Promise<Place> => {
    const known = servers.find(({ place }) => place.address === address && (port === 0 || place.port === port));
    if (known) return known.place;
    const server = await startAt(address, port, count);
    // At once: nobody may be told 404 by a server that is about to have the file.
    fill(server);
    const place = { address, port: server.port };
    servers.push({ place, server });
    return place;
  };
  return {
    put: async (next) => {
      const gone = table.files.filter(({ token }) => !next.files.some((file) => file.token === token));
      table = { ...next, withdrawn: [...next.withdrawn, ...gone.map(({ token }) => token)] };
      for (const { token, read } of next.files) totals.set(token, Math.max(read, totals.get(token) ?? 0));
      for (const { server } of servers) fill(server);
      const places: Place[] = [];
      for (const place of next.places) places.push(await at(place));
      return places;
    },
    totals: () => [...totals].map(([token, total]) => ({ token, total })),
    isEmpty: () => table.files.length === 0,
    close: async () => {
      await Promise.all(servers.map(({ server }) => server.close()));
    },
  };
}

/** Ports that no system gives to connections that go out: a server that is away for a moment finds its port free. */
const FREE_FROM = 20_000;
const FREE_TO = 30_000;
const GUESSES = 20;

async function startAt(host: string, port: number, onRead: (read: MediaRead) => void): Promise<MediaServer> {
  for (let guess = 0; port === 0 && guess < GUESSES; guess++) {
    const guessed = FREE_FROM + Math.floor(fraction(systemRandom) * (FREE_TO - FREE_FROM));
    try {
      return await startMediaServer({ host, port: guessed, onRead });
    } catch (error) {
      if (!(error instanceof SnobootError) || error.code !== 'E-MEDIA-PORT') throw error;
    }
  }
  return startMediaServer({ host, port, onRead });
}
