/** Reads what an inventory points to: manifests and SSH keys for its clusters, the service's authority. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, normalize, resolve } from 'node:path';
import type { ClusterFiles } from './build.ts';
import type { IssueList } from './issues.ts';
import { list, record, text } from './loose.ts';
import { readManifests } from './manifests.ts';
import type { Path } from './positions.ts';
import { type Reporter, Unique } from './reporter.ts';
import type { Manifest, Problem } from './types.ts';
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
  const folders: Folders = new Map();
  for (const [i, part] of list(record(value)['clusters']).entries()) {
    const cluster = record(part);
    const path = ['clusters', i];
    const [given, key] = [cluster['manifests'], text(cluster['sshKey']) ?? ''];
    const manifests = given === undefined ? [] : await readFolders(given, [...path, 'manifests'], folders, context);
    const sshKey = key.startsWith('file:') ? await readKey(key, [...path, 'sshKey'], context) : key;
    read.push({ manifests, sshKey });
  }
  return read;
}

/** What was found in each folder, and what is wrong with it: clusters share folders, and each is read once. */
type Folders = Map<string, { manifests: Manifest[]; problems: Problem[] }>;

async function readFolders(value: unknown, path: Path, known: Folders, context: FileContext): Promise<Manifest[]> {
  const { reporter } = context;
  const found: Manifest[] = [];
  const names = new Unique(reporter, 'manifest name');
  const folders = Array.isArray(value)
    ? value.map((item, i) => [item as unknown, [...path, i]] as const)
    : [[value, path] as const];
  for (const [name, at] of folders) {
    if (typeof name !== 'string' || name.trim() === '') continue;
    const { manifests, problems } = known.get(name) ?? (await readFolder(name, context));
    known.set(name, { manifests, problems });
    for (const problem of problems) reporter.at(at, problem);
    for (const { fileName } of manifests) names.note(fileName, at);
    found.push(...manifests);
  }
  return found;
}

async function readFolder(name: string, { dir, file, issues }: FileContext) {
  const folder = { path: resolve(dir, name), shownAs: normalize(resolveShown(file, name)) };
  const problems: Problem[] = [];
  const manifests = await readManifests(folder, {
    folder: (problem) => problems.push(problem),
    file: (source, error) => issues.add(source.place(error.offset), error.problem),
  });
  return { manifests, problems };
}

/** A path in the inventory as somebody who gave `file` would write it. */
function resolveShown(file: string, path: string): string {
  return path.startsWith('/') ? path : join(dirname(file), path);
}

async function readKey(value: string, path: Path, { dir, reporter }: FileContext): Promise<string> {
  const name = value.slice('file:'.length).trim();
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
  const problem = await readFile(resolve(dir, name), 'utf8').then(authorityProblem, (error: unknown) => {
    return `cannot be read (${String((error as NodeJS.ErrnoException).code)})`;
  });
  if (problem === null) return;
  const todo = 'name a PEM file of certificates alone, relative to the inventory';
  reporter.at(['service', 'caFile'], { message: `${name} ${problem}`, todo });
}

function authorityProblem(pem: string): string | null {
  if (/PRIVATE KEY-----/.test(pem)) return 'holds a private key';
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) return 'holds no certificate';
  const bad = certificates.findIndex((one) => !isCertificate(one));
  return bad < 0 ? null : `is broken: certificate ${bad + 1} of ${certificates.length} cannot be read`;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
