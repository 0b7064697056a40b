/** Secrets in an inventory are references; here they are read and, first thing in a run, resolved. */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { runLine } from '../core/shell.ts';
import type { Problem, SecretRef } from './types.ts';

/** Of a file that holds one secret, and of what a command prints. */
export const MAX_SECRET_BYTES = 64 * 1024;

/** `env:NAME`, `file:PATH` (relative to `dir`) or `cmd:LINE`; else a problem that never shows the text. */
export function parseSecretRef(text: string, dir: string): SecretRef | Problem {
  const [, scheme, rest = ''] = /^(env|file|cmd):(.*)$/s.exec(text) ?? [];
  const value = rest.trim();
  if (scheme === 'env' && /^[A-Za-z_]\w*$/.test(value)) return { from: 'env', name: value };
  if (scheme === 'file' && value !== '') return { from: 'file', path: resolve(dir, value) };
  if (scheme === 'cmd' && value !== '') return { from: 'cmd', command: value };
  const todo = 'write env:NAME, file:PATH or cmd:LINE, and keep the secret there';
  if (scheme === undefined) return { message: 'a secret in clear', todo };
  return { message: `a reference ${scheme}: to nothing`, todo };
}

/** The reference as a message may show it. */
export function describeSecretRef(ref: SecretRef): string {
  if (ref.from === 'env') return `env:${ref.name}`;
  return ref.from === 'file' ? `file:${ref.path}` : 'cmd: (a command of the inventory)';
}

export interface SecretDeps {
  env: Record<string, string | undefined>;
  /** Folder in which a `cmd:` line runs: the inventory's. */
  cwd: string;
}

/** The value behind a reference, without its last line end. Throws E-SECRET: not there, empty, or longer than 64 KiB. */
export async function resolveSecret(ref: SecretRef, deps: SecretDeps): Promise<Secret> {
  const value = (await read(ref, deps)).replace(/\r?\n$/, '');
  if (value.trim() === '') throw failed(ref, 'is empty');
  if (value.length > MAX_SECRET_BYTES) throw failed(ref, 'is longer than 64 KiB');
  return new Secret(value);
}

async function read(ref: SecretRef, deps: SecretDeps): Promise<string> {
  switch (ref.from) {
    case 'env': {
      const value = deps.env[ref.name];
      if (value === undefined) throw failed(ref, 'is not set');
      return value;
    }
    case 'file':
      return readSecretFile(ref);
    case 'cmd': {
      const { exitCode, stdout } = await runLine(ref.command, deps.cwd);
      if (exitCode !== 0) throw failed(ref, exitCode === null ? 'did not end in time' : `ended with ${exitCode}`);
      return stdout;
    }
  }
}

async function readSecretFile(ref: Extract<SecretRef, { from: 'file' }>): Promise<string> {
  try {
    await using file = await open(ref.path, 'r');
    const stat = await file.stat();
    if (!stat.isFile()) throw failed(ref, 'is no regular file');
    if (stat.size > MAX_SECRET_BYTES) throw failed(ref, 'is longer than 64 KiB');
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof SnobootError) throw error;
    throw failed(ref, `cannot be read (${String((error as NodeJS.ErrnoException).code)})`);
  }
}

function failed(ref: SecretRef, what: string): SnobootError {
  const todo = { env: 'set it', file: 'put the secret there, mode 0600', cmd: 'run the line by hand to see why' };
  return new SnobootError('E-SECRET', `${describeSecretRef(ref)} ${what}`, todo[ref.from]);
}
