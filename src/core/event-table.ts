/** Every event of a run with its fields. The types of events.ts and docs/events.md are both made from this table. */
import { type Fields, listOf, maybe, oneOf, orNull, shape, text, truth, whole } from './event-kinds.ts';
import type { DiskRecord, ErrorRecord, Facts, HeardLine, JournalSource } from './event-shapes.ts';

interface Entry {
  /** When it is said, and of whom. */
  about: string;
  fields: Fields;
}

const table = <const T extends Record<string, Entry>>(entries: T): T => entries;

const stage = [text, 'name of the stage'] as const;
const sentence = [text, 'one line for people'] as const;
const effect = [text, 'what is done, a name of the stage'] as const;
const attempt = [whole, 'counts from 1'] as const;
const elapsedMs = [whole, "milliseconds of the run's clock since the stage began"] as const;
const failure = shape<ErrorRecord>('{code, message, todo}');

export const VERBS = oneOf('deploy', 'destroy', 'cleanup');
export const OUTCOMES = oneOf(
  'installed',
  'unchanged',
  'failed',
  'interrupted',
  'left-installing',
  'destroyed',
  'clean',
  'stopped',
  'skipped',
);

export const EVENTS = table({
  'run.started': {
    about: 'Begins a life of the run: the first one, or one that goes on after the process was killed.',
    fields: {
      verb: [VERBS, 'the verb that was typed'],
      clusters: [listOf(shape<{ name: string; hosts: string[] }>('{name, hosts}')), 'what the run is about, in order'],
      target: [text, "the service's URL, or what the lab is"],
      life: [whole, 'counts from 1'],
      pid: [whole, 'the process'],
      source: [maybe(shape<JournalSource>('{shared, clusters}')), 'where the inventory is another one than before'],
      stopAfter: [maybe(text), 'the stage after which clusters stop, where one was named'],
    },
  },
  'batch.started': {
    about: 'Of the run: the next batch of `serial` begins.',
    fields: {
      batch: [whole, 'counts from 1'],
      of: [whole, 'how many there are'],
      clusters: [listOf(text), 'names'],
    },
  },
  found: { about: 'A life that goes on found this in the journal.', fields: { text: sentence } },
  settled: {
    about: 'An intent without a result, settled by looking.',
    fields: { stage, effect, happened: [truth, 'whether the effect took place'] },
  },
  pinned: {
    about: 'Of a host: its BMC is known from now on.',
    fields: {
      bmc: [text, '`host:port`'],
      fingerprint: [orNull(text), 'SHA-256 of its certificate, hex; null without TLS'],
      serial: [orNull(text), 'serial number that it shows'],
      uuid: [orNull(text), 'UUID that it shows'],
      how: [oneOf('asked', 'inventory', 'accept-new'), 'who vouched for it'],
    },
  },
  'stage.started': {
    about: 'The stage begins to look.',
    fields: { stage, waitsFor: [text, 'what is shown until something better is known'] },
  },
  'stage.progressed': {
    about: 'Something moved while the stage waits.',
    fields: { stage, seen: [text, 'what was seen'], percent: [maybe(whole), '0 to 100, where there is one'] },
  },
  intent: {
    about: 'An outside effect is about to be tried; on the disk before it is.',
    fields: { stage, effect, try: attempt },
  },
  result: {
    about: 'What came of it.',
    fields: { stage, effect, try: attempt, error: [maybe(failure), 'absent where it worked'] },
  },
  'stage.succeeded': {
    about: 'The stage is over: what it was about is so.',
    fields: {
      stage,
      changed: [truth, 'whether anything had to be done'],
      elapsedMs,
      facts: [shape<Facts>('values by name'), 'results that later stages need'],
    },
  },
  'stage.failed': {
    about: 'The stage is over, and it is not so.',
    fields: { stage, elapsedMs, error: [failure, 'why'] },
  },
  'media.read': {
    about: 'Of a host: more of its medium was read. At most one in five seconds.',
    fields: { total: [whole, 'bytes so far'], size: [whole, 'bytes of the ISO'] },
  },
  validations: {
    about: 'Validations of a cluster or host that do not pass, in plain words; both empty when all pass.',
    fields: { failing: [listOf(text), 'sentences'], pending: [listOf(text), 'sentences'] },
  },
  disks: {
    about: 'Of a host, at the barrier before the installation: its real disks, and what becomes of them.',
    fields: {
      install: [shape<DiskRecord>('disk'), 'is installed on'],
      erased: [listOf(shape<DiskRecord>('disk')), 'others that the service will format'],
      kept: [listOf(shape<DiskRecord>('disk')), 'others that stay as they are'],
    },
  },
  heard: {
    about: 'After a failure, or a medium that was lost: the last entries of a log that is not ours.',
    fields: {
      from: [oneOf('service', 'bmc'), 'whose log'],
      lines: [listOf(shape<HeardLine>('{at, text}')), 'oldest first'],
    },
  },
  warning: {
    about: 'Something that a person should know.',
    fields: { text: sentence, until: [maybe(oneOf('read')), 'what makes it moot: more was read of the medium'] },
  },
  recovered: { about: 'Something was put right without a person.', fields: { text: sentence } },
  interrupted: { about: 'The run was told to end.', fields: { signal: [text, 'e.g. SIGINT'], text: sentence } },
  'cluster.ended': {
    about: 'Of a cluster: nothing more is done for it in this life.',
    fields: {
      outcome: [OUTCOMES, 'what became of it'],
      exitCode: [whole, 'its own'],
      error: [maybe(failure), 'what ended it'],
      leftovers: [listOf(text), 'what somebody still owes, one line each'],
      changed: [whole, 'stages that had to change something'],
      version: [
        shape<{ asked: string; installed: string | null }>('{asked, installed}'),
        'OpenShift as the inventory asks for it, and as it was installed',
      ],
    },
  },
  'run.ended': { about: 'Of the run: all of it is over.', fields: { exitCode: [whole, 'of the process'] } },
});
