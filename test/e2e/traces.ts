/** What runs left on this machine: run folders, media servers and their URLs, ISOs, leases. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MediaRecord } from '../../src/media/record.ts';
import type { HistoryLine, Scene } from './scene.ts';

/** Oldest first. */
export function runFolders({ dir }: Scene): string[] {
  const runs = join(dir, '.snoboot/runs');
  return existsSync(runs)
    ? readdirSync(runs)
        .map((name) => join(runs, name))
        .sort()
    : [];
}

/** What the latest run published. */
export function mediaRecord(scene: Scene): MediaRecord {
  return JSON.parse(readFileSync(join(runFolders(scene).at(-1)!, 'media.json'), 'utf8')) as MediaRecord;
}

/** Process of the media server that the latest run started last. */
export function mediaPid(scene: Scene): number {
  return mediaRecord(scene).server!.pid;
}

/** Zombies are dead: in a container nobody may wait for them. */
export function lives(pid: number): boolean {
  const stat = join('/proc', String(pid), 'stat');
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
}

/** Addresses at which media were inserted into this host, without repetition. */
export function imagesOf(history: HistoryLine[], host: string): string[] {
  const media = history.filter(({ kind, to, image }) => kind === 'media' && to === host && typeof image === 'string');
  return [...new Set(media.map(({ image }) => String(image)))];
}

export const isServed = (url: string): Promise<boolean> =>
  fetch(url, { method: 'HEAD' }).then(
    ({ ok }) => ok,
    () => false,
  );

/** ISOs, whole or not, in the folders of all runs. */
export function isosOf(scene: Scene): string[] {
  return runFolders(scene).flatMap((folder) => readdirSync(folder).filter((name) => /\.iso(\.|$)/.test(name)));
}

export function leasesOf({ dir }: Scene): string[] {
  const folder = join(dir, 'state/snoboot/leases');
  return existsSync(folder) ? readdirSync(folder) : [];
}

const PATIENCE_MS = 60_000;

/** Resolves when it holds; rejects when that takes a minute. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; !(await holds());) {
    if (performance.now() > end) throw new Error(`never: ${holds.toString()}`);
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

/** Edits of the sample inventory: only its first cluster, of an iDRAC, and only its second one, of an iLO. */
const FIRST = '  # The worked example';
const SECOND = '  # The plainest one';
export const onlyStatic = (text: string): string => text.slice(0, text.indexOf(SECOND));
export const onlyDhcp = (text: string): string => text.slice(0, text.indexOf(FIRST)) + text.slice(text.indexOf(SECOND));
