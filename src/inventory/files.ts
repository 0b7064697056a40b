/** Reads what an inventory points to: manifests and SSH keys for its clusters; of secrets only whether their file is there. */
import { access, readFile } from 'node:fs/promises';
import { dirname, join, normalize, resolve } from 'node:path';
import { isProblem } from './bmc-address.ts';
import type { ClusterFiles } from './build.ts';
import type { IssueList } from './issues.ts';
import { list, type Loose, record, text } from './loose.ts';
import { readManifests } from './manifests.ts';
import type { Path } from './positions.ts';
import { type Reporter, Unique } from './reporter.ts';
import { parseSecretRef } from './secrets.ts';
import type { Manifest } from './types.ts';
import { publicKey } from './values.ts';

export interface FileContext {
  /** The inventory, as it was given, and its folder. */
  file: string;
  dir: string;
  reporter: Reporter;
  issues: IssueList;
}

/** What belongs to each cluster, in the order of the inventory. Everything that is wrong is reported. */
export async function readClusterFiles(value: unknown, context: FileContext): Promise<ClusterFiles[]> {
  const read: ClusterFiles[] = [];
  for (const [i, part] of list(record(value)['clusters']).entries()) {
    const cluster = record(part);
    const path = ['clusters', i];
    const manifests = await readFolders(cluster['manifests'], [...path, 'manifests'], context);
    const sshKey = await readKey(text(cluster['sshKey']) ?? '', [...path, 'sshKey'], context);
    read.push({ manifests, sshKey });
  }
  return read;
}

async function readFolders(value: unknown, path: Path, context: FileContext): Promise<Manifest[]> {
  const { reporter, issues, dir } = context;
  const found: Manifest[] = [];
  const names = new Unique(reporter, 'manifest name');
  const folders = Array.isArray(value)
    ? value.map((item, i) => [item as unknown, [...path, i]] as const)
    : [[value, path] as const];
  for (const [name, at] of folders) {
    if (typeof name !== 'string' || name.trim() === '') continue;
    const folder = { path: resolve(dir, name), shownAs: normalize(resolveShown(context.file, name)) };
    const manifests = await readManifests(folder, {
      folder: (problem) => reporter.at(at, problem),
      file: (source, error) => issues.add(source.place(error.offset), error.problem),
    });
    for (const { fileName } of manifests) names.note(fileName, at);
    found.push(...manifests);
  }
  return found;
}

/** A path in the inventory as somebody who gave `file` would write it. */
function resolveShown(file: string, path: string): string {
  return path.startsWith('/') ? path : join(dirname(file), path);
}

async function readKey(value: string, path: Path, { dir, reporter }: FileContext): Promise<string> {
  const name = value.startsWith('file:') ? value.slice('file:'.length).trim() : '';
  if (name === '') return value;
  try {
    const key = await readFile(resolve(dir, name), 'utf8');
    const problem = publicKey(key);
    if (problem) reporter.at(path, problem);
    return key;
  } catch (error) {
    const message = `${name} cannot be read (${String((error as NodeJS.ErrnoException).code)})`;
    reporter.at(path, { message, todo: 'name a .pub file, relative to the inventory' });
    return '';
  }
}

/** The service's own authority must be there: nothing is sent without it. */
export async function checkCaFile(value: unknown, { dir, reporter }: FileContext): Promise<void> {
  const name = text(record(record(value)['service'])['caFile']);
  if (name === null || name.trim() === '') return;
  const code = await readFile(resolve(dir, name)).then(
    () => null,
    (error: unknown) => String((error as NodeJS.ErrnoException).code),
  );
  if (code === null) return;
  const message = `${name} cannot be read (${code})`;
  reporter.at(['service', 'caFile'], { message, todo: 'name a PEM file, relative to the inventory' });
}

/** Warns of `file:` references whose file is not there: `validate` passes without, `deploy` will not. */
export async function warnOfMissingFiles(value: unknown, { dir, reporter }: FileContext): Promise<void> {
  for (const { path, reference } of secretsOf(record(value))) {
    const ref = parseSecretRef(reference, dir);
    if (isProblem(ref) || ref.from !== 'file') continue;
    const isThere = await access(ref.path).then(
      () => true,
      () => false,
    );
    const problem = { message: `${reference} does not exist`, todo: 'put the secret there before deploy, mode 0600' };
    if (!isThere) reporter.at(path, problem, 'warning');
  }
}

function secretsOf(root: Loose): { path: Path; reference: string }[] {
  const found = [{ path: ['service', 'offlineToken'] as Path, value: record(root['service'])['offlineToken'] }];
  for (const [i, cluster] of list(root['clusters']).entries()) {
    found.push({ path: ['clusters', i, 'pullSecret'], value: record(cluster)['pullSecret'] });
    for (const [j, host] of list(record(cluster)['hosts']).entries()) {
      const path = ['clusters', i, 'hosts', j, 'bmc', 'password'];
      found.push({ path, value: record(record(host)['bmc'])['password'] });
    }
  }
  return found.flatMap(({ path, value }) => (typeof value === 'string' ? [{ path, reference: value }] : []));
}
