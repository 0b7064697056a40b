/** The view for a log: one line per transition, and each real minute what every subject at work waits for. */
import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/events.ts';
import { heartbeat } from './heartbeat.ts';
import { settledText } from './move-row.ts';
import type { Of, Row } from './row.ts';
import { emptyScreen, reduce, rowOf, rowsOf, type Screen } from './rows.ts';
import { openSink } from './sink.ts';
import { clean, counted, duration, isLab } from './text.ts';
import { NOTHING_USUAL, type Usual } from './usual.ts';
import type { View } from './view.ts';
import { labelOf } from './words.ts';

const REAL_HEARTBEAT_MS = 60_000;

/** What is told even by a quiet view. */
const LOUD: RunEvent['type'][] = ['stage.failed', 'warning', 'interrupted'];

export interface LinesOptions {
  usual?: Usual;
  /** Only what went wrong and what people should know; no heartbeat. */
  isQuiet?: boolean;
}

/** Writes lines to `out` until `close`. Times of day are UTC, of the events and so of the run's clock. */
export function startLines(
  out: NodeJS.WritableStream,
  clock: Clock,
  { usual = NOTHING_USUAL, isQuiet = false }: LinesOptions = {},
): View {
  const sink = openSink(out);
  const over = new AbortController();
  let screen = emptyScreen();
  const write = (at: string, lines: string[]): void => {
    for (const line of lines) sink.write(`${at.slice(11, 19)} ${clean(line, 1000)}\n`);
  };
  const beats = (async () => {
    while (!isQuiet) {
      await clock.sleep(REAL_HEARTBEAT_MS * clock.factor, over.signal);
      const now = clock.now();
      write(new Date(now).toISOString(), heartbeat(screen, { now, usual }));
    }
  })().catch(() => undefined);
  return {
    onEvent: (event) => {
      const before = screen;
      screen = reduce(screen, event);
      if (!isQuiet || LOUD.includes(event.type)) write(event.at, transition(before, screen, event));
    },
    aside: (work) => work(),
    close: async () => {
      over.abort();
      await beats;
      sink.close();
    },
  };
}

/** The lines, without time, that the step from one screen to the next is worth. */
function transition(before: Screen, after: Screen, event: RunEvent): string[] {
  const was = rowOf(before, event.subject);
  const say = (text: string): string[] => [`${event.subject} ${text}`];
  switch (event.type) {
    case 'run.started':
      return say(begins(event));
    case 'found':
      return say(`found: ${event.text}`);
    case 'settled':
      return say(settledText(event));
    case 'stage.started':
      return say(`${was?.stage ?? 'start'} -> ${event.stage}${took(was?.stageMs)}`);
    case 'stage.failed': {
      const { code, message, todo } = event.error;
      return say(`${event.stage} failed${took(event.elapsedMs)}: ${code} ${message}; to do: ${todo}`);
    }
    case 'result':
      return event.error
        ? say(`${event.stage} ${event.effect}, try ${event.try}: ${event.error.code} ${event.error.message}`)
        : [];
    case 'media.read':
      return was?.medium === null ? say('reads its medium') : [];
    case 'validations':
      return was ? validations(was, event.failing, event.pending).flatMap(say) : [];
    case 'warning':
      return was?.warnings.includes(event.text) ? [] : say(`warning: ${event.text}`);
    case 'recovered':
      return say(`recovered: ${event.text}`);
    case 'interrupted':
      return say(`${event.signal}: ${event.text}`);
    case 'disks':
      return say(disks(event));
    case 'batch.started':
      return event.of > 1 ? say(`batch ${event.batch} of ${event.of}: ${few(event.clusters)}`) : [];
    case 'cluster.ended':
      return rowsOf(after, event.subject).flatMap((row) => ended(row, before, event.outcome));
    case 'stage.succeeded':
    case 'stage.progressed':
    case 'intent':
    case 'run.ended':
    case 'pinned':
    case 'heard':
      return [];
  }
}

function begins({ verb, life, clusters, target }: Of<'run.started'>): string {
  const hosts = clusters.flatMap((cluster) => cluster.hosts).length;
  const verbs = verb === 'deploy' ? '' : `${verb}: `;
  const goesOn = life > 1 ? `goes on, life ${life}: ` : '';
  const times = isLab(target) ? '; times are lab time' : '';
  return `${verbs}${goesOn}${counted(clusters.length, 'cluster')}, ${counted(hosts, 'host')} on ${target}${times}`;
}

function disks({ install, kept, erased }: Of<'disks'>): string {
  const named = (list: typeof kept): string => few(list.map(({ path, id }) => path || id)) || 'none';
  return `disks: installed on ${install.path || install.id}; kept: ${named(kept)}; erased besides: ${named(erased)}`;
}

const FEW = 8;

function few(names: readonly string[]): string {
  return names.slice(0, FEW).join(', ') + (names.length > FEW ? `, … (${names.length})` : '');
}

function took(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? '' : ` (${duration(ms)})`;
}

/** A line when what fails has changed, and one when nothing fails or is pending any more. */
function validations(was: Row, failing: string[], pending: string[]): string[] {
  const more = pending.length > 0 ? ` (${pending.length} pending)` : '';
  if (failing.join() !== was.failing.join() && failing.length > 0) return [`failing: ${failing.join('; ')}${more}`];
  const settled = failing.length + pending.length === 0 && was.failing.length + was.pending.length > 0;
  return settled ? ['all validations pass'] : [];
}

/** The last transition of a cluster, and of those of its hosts that did not fail before. */
function ended(row: Row, before: Screen, outcome: string): string[] {
  const was = rowOf(before, row.subject);
  if (!was || (row.level === 1 && was.state === row.state)) return [];
  const word = row.level === 0 ? outcome : row.state === 'done' ? 'done' : labelOf(row);
  return [`${row.subject} ${was.stage ?? 'start'} -> ${word}${took(was.stageMs)}`];
}
