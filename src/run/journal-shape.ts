/** What is asked of a journal's lines besides their sums, and what the first format's lines are in today's words. */
import { EVENTS } from '../core/event-table.ts';
import type { JournalHeader, RunEvent } from '../core/events.ts';

/** The header of the first format, which had neither sums nor lives: it can be shown, not continued. */
export interface FirstHeader {
  format: 1;
  run: string;
  version: string;
  clusters: Record<string, string>;
}

export type AnyHeader = JournalHeader | FirstHeader;

/** A header of any format, known or not. */
export function hasFormat(value: unknown): value is { format: number } {
  return isRecord(value) && typeof value['format'] === 'number';
}

export function isHeader(value: unknown): value is AnyHeader {
  if (!isRecord(value) || typeof value['run'] !== 'string' || typeof value['version'] !== 'string') return false;
  if (value['format'] === 1) return isRecord(value['clusters']);
  const { format, inventory, source } = value;
  return format === 2 && typeof inventory === 'string' && isRecord(source) && isRecord(source['clusters']);
}

/** Number, time, subject and type are there; whether the type is one of ours is another question. */
export function isRunEvent(value: unknown): value is RunEvent {
  if (!isRecord(value)) return false;
  const { seq, at, subject, type } = value;
  return Number.isInteger(seq) && !Number.isNaN(Date.parse(String(at))) && [subject, type].every(isText);
}

export function isKnown({ type }: RunEvent): boolean {
  return Object.hasOwn(EVENTS, type);
}

/** What was added since is put in, so that a view finds what it reads. */
export function fromFirstFormat(event: RunEvent): RunEvent {
  if (event.type === 'run.started') return { ...event, verb: 'deploy', life: 1, pid: 0 };
  if (event.type === 'cluster.ended') return { ...event, version: { asked: '', installed: null } };
  return event;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
