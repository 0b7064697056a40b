/** The service's logs, a tar from a stranger: regular files only, by base name, into one folder, so much and no more (security.md T-20). */
import { chmod, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Entry, extract } from 'tar-stream';
import { SnobootError } from '../core/errors.ts';

export interface LogLimits {
  /** Longest tar that is read, in bytes: what lies beyond is left out. */
  maxBytes: number;
  maxFiles: number;
}

const REGULAR = ['file', 'contiguous-file'];
const LONGEST_NAME = 120;

/**
 * Writes the regular files of the tar `stream` (the `body` of `Assisted.logs`) into `dir`, 0600 in a 0700 folder, and
 * returns their paths. Names are reduced to their last part and made plain; a second file of one name is numbered.
 * A tar that breaks off gives what came. Rejects with E-STATE when the disk does not take it.
 */
export async function unpackLogs(stream: Readable, dir: string, { maxBytes, maxFiles }: LogLimits): Promise<string[]> {
  await prepare(dir);
  const taken = new Set((await readdir(dir)).map((name) => name.toLowerCase()));
  const written: string[] = [];
  const tar = extract();
  const fed = feed(stream, tar, maxBytes);
  try {
    for await (const entry of tar) {
      if (!REGULAR.includes(entry.header.type ?? '')) entry.resume();
      else {
        if (written.length >= maxFiles) break;
        const path = join(dir, freeName(taken, entry.header.name));
        written.push(path);
        await store(entry, path);
      }
    }
  } catch (error) {
    if (error instanceof SnobootError) throw error;
  } finally {
    stream.destroy();
    tar.destroy();
    await fed;
  }
  return written;
}

async function prepare(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await chmod(dir, 0o700);
  } catch (error) {
    throw storage(dir, error);
  }
}

/** Pours at most `maxBytes` into the tar reader; whatever ends it early looks like a tar that broke off. */
async function feed(stream: Readable, tar: ReturnType<typeof extract>, maxBytes: number): Promise<void> {
  let left = maxBytes;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (!tar.write(chunk.subarray(0, left))) await drained(tar);
      left -= chunk.length;
      if (left <= 0 || tar.destroyed) break;
    }
  } catch {
    tar.end();
    return;
  }
  tar.end();
}

function drained(tar: ReturnType<typeof extract>): Promise<void> {
  return new Promise((resolve) => {
    tar.once('drain', resolve);
    tar.once('close', resolve);
  });
}

/** A name that no file of the folder has, made of letters, digits, dot, dash and underscore. */
function freeName(taken: Set<string>, path: string): string {
  const base = path.split(/[/\\]/).findLast((part) => part !== '') ?? '';
  const plain =
    base
      .replace(/[^A-Za-z0-9._-]/g, '_')
      .replace(/^\.+/, '')
      .slice(-LONGEST_NAME) || 'file';
  let name = plain;
  for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${count}-${plain}`;
  taken.add(name.toLowerCase());
  return name;
}

async function store(entry: Entry, path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw storage(path, error);
  });
  try {
    for await (const chunk of entry)
      await file.writeFile(chunk).catch((error: unknown) => {
        throw storage(path, error);
      });
  } finally {
    await file.close();
  }
}

function storage(path: string, error: unknown): SnobootError {
  const { message } = error as Error;
  return new SnobootError('E-STATE', `cannot write ${path}: ${message}`, undefined, error);
}
