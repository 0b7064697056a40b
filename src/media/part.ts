/** The part of a download that was broken off: what is known of it stands beside it, so that a later one goes on. */
import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';

/** What has come so far, and of which version of the file. */
export interface Progress {
  bytes: number;
  total: number;
  lastModified: string | null;
  /** For If-Range: a strong ETag, else the date; null where the server gives neither. */
  validator: string | null;
}

export const NOTHING: Progress = { bytes: 0, total: 0, lastModified: null, validator: null };

/** As `Progress`, without the bytes: those are counted in the part itself. */
type Kept = Omit<Progress, 'bytes'> & { source: string };

export function partOf(to: string): string {
  return `${to}.part`;
}

/**
 * How far an earlier download of this image to `to` came; NOTHING where there was none that can go on. The last byte is
 * always asked for again: so the server says whether it has the same file still.
 */
export async function earlierProgress(url: string, to: string): Promise<Progress> {
  try {
    const { size } = await stat(partOf(to));
    const { source, ...rest } = JSON.parse(await readFile(besides(to), 'utf8')) as Kept;
    if (source !== sourceOf(url) || rest.validator === null || size > rest.total) return { ...NOTHING };
    return { ...rest, bytes: Math.min(size, rest.total - 1) };
  } catch {
    return { ...NOTHING };
  }
}

/** To be called while the part is empty: what is beside it is about all that comes into it. */
export async function keepProgress(url: string, to: string, { bytes: _, ...rest }: Progress): Promise<void> {
  const kept: Kept = { source: sourceOf(url), ...rest };
  await writeFile(besides(to), JSON.stringify(kept), { mode: 0o600 });
}

/** Deletes the part, which holds the pull secret, and what is beside it. */
export async function dropPart(to: string): Promise<void> {
  await rm(partOf(to), { force: true });
  await rm(besides(to), { force: true });
}

function besides(to: string): string {
  return `${partOf(to)}.json`;
}

/** Digest of what a URL names: a token in it is another one each time, but about the same infra-env. */
function sourceOf(url: string): string {
  const names = new URL(url).pathname.split('/').map((segment) => subjectOf(segment) ?? segment);
  return createHash('sha256').update(names.join('/')).digest('hex');
}

const TIMES = ['exp', 'iat', 'nbf', 'jti'];

/** What a JSON web token is about; undefined for anything else. */
function subjectOf(segment: string): string | undefined {
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(segment)?.[1] ?? '';
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    return JSON.stringify(Object.entries(claims).filter(([name]) => !TIMES.includes(name)));
  } catch {
    return undefined;
  }
}
