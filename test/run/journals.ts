/** Journals on the disk as a run writes them, for tests. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event, JournalHeader, RunEvent } from '../../src/core/events.ts';
import { JOURNAL, journalText, sealLine } from '../../src/run/journal-file.ts';
import { tempFolder } from '../temp-folder.ts';

export const scratch = (): string => tempFolder();

export const header = (parts: Partial<JournalHeader> = {}): JournalHeader => ({
  format: 2,
  run: 'r',
  version: '0.2.0',
  verb: 'deploy',
  replace: false,
  inventory: 'lab.yaml',
  source: { shared: {}, clusters: { sno1: { name: 'sno1' } } },
  ...parts,
});

type RunStarted = Extract<Event, { type: 'run.started' }>;

export const started = (pid = 0, life = 1, parts: Partial<RunStarted> = {}): Event => {
  return {
    type: 'run.started',
    verb: 'deploy',
    clusters: [{ name: 'sno1', hosts: ['host-0'] }],
    target: 'lab',
    life,
    pid,
    ...parts,
  };
};
export const ENDED: Event = { type: 'run.ended', exitCode: 0 };

/** Events as they are numbered from 1, a second apart, each about `sno1/host-0` but those about the run. */
export function numbered(events: readonly Event[]): RunEvent[] {
  return events.map((event, i) => {
    const subject = event.type.startsWith('run.') ? 'run' : event.type === 'cluster.ended' ? 'sno1' : 'sno1/host-0';
    return { seq: i + 1, at: new Date(Date.UTC(2026, 10, 22, 12, 0, i)).toISOString(), subject, ...event };
  });
}

export function journalOf(values: readonly unknown[]): string {
  let sum = '';
  return values
    .map((value) => {
      const sealed = sealLine(sum, journalText(value));
      sum = sealed.sum;
      return `${sealed.line}\n`;
    })
    .join('');
}

/** Writes the journal of a run below `dir` and returns the run's folder. `name` is e.g. `20261122T120000Z-a`. */
export function writeRun(
  dir: string,
  name: string,
  events: readonly Event[],
  parts: Partial<JournalHeader> = {},
): string {
  const runDir = join(dir, '.snoboot/runs', name);
  mkdirSync(runDir, { recursive: true });
  writeFileSync(join(runDir, JOURNAL), journalOf([header({ run: name, ...parts }), ...numbered(events)]));
  return runDir;
}
