/** Reads manifest folders: flat files go to `manifests`, those of openshift/ and manifests/ to their own (assisted-service §1.8). */
import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseAll, SourceText, TextProblem } from './document.ts';
import { shown } from './issues.ts';
import type { Manifest, Problem } from './types.ts';

/** assisted-service §1.8: what the service takes. */
const FILE_NAME = /^[^./\s][^/\s]*\.(json|ya?ml(\.patch_?[a-zA-Z0-9_]*)?)$/;
const MAX_BYTES = 1024 * 1024;
const FOLDERS = ['manifests', 'openshift'] as const;

/** Where problems go: `source` and `offset` for one inside a file, else they concern the folder. */
export interface ManifestReport {
  folder(problem: Problem): void;
  file(source: SourceText, problem: TextProblem): void;
}

interface Folder {
  /** Absolute, and as messages show it. */
  path: string;
  shownAs: string;
}

/** All manifests below a folder, sorted by name. What cannot be used is reported and left out. */
export async function readManifests(folder: Folder, report: ManifestReport): Promise<Manifest[]> {
  const { files, folders } = await entriesOf(folder, report);
  const found = await readFiles(folder, 'manifests', files, report);
  for (const name of folders) {
    const target = FOLDERS.find((known) => known === name);
    const inner = { path: join(folder.path, name), shownAs: join(folder.shownAs, name) };
    if (!target) {
      report.folder({
        message: `${inner.shownAs} is neither manifests nor openshift`,
        todo: 'rename or move that folder',
      });
      continue;
    }
    const below = await entriesOf(inner, report);
    for (const deep of below.folders) {
      report.folder({
        message: `${join(inner.shownAs, deep)} is a folder too deep`,
        todo: 'put its files one folder up',
      });
    }
    found.push(...(await readFiles(inner, target, below.files, report)));
  }
  return found;
}

async function entriesOf(folder: Folder, report: ManifestReport): Promise<{ files: Dirent[]; folders: string[] }> {
  try {
    const entries = await readdir(folder.path, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    if (entries.length === 0)
      report.folder({ message: `${folder.shownAs} is empty`, todo: 'put manifests there, or leave it out' });
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return { files: entries.filter((entry) => !entry.isDirectory()), folders };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const seen =
      code === 'ENOENT' ? 'does not exist' : code === 'ENOTDIR' ? 'is no folder' : `cannot be read (${code})`;
    report.folder({ message: `${folder.shownAs} ${seen}`, todo: 'name a folder, relative to the inventory' });
    return { files: [], folders: [] };
  }
}

async function readFiles(folder: Folder, target: Manifest['folder'], files: Dirent[], report: ManifestReport) {
  const found: Manifest[] = [];
  for (const entry of files) {
    const path = resolve(folder.path, entry.name);
    const shownAs = join(folder.shownAs, entry.name);
    const refusal = await refusalOf(entry, path);
    if (refusal) {
      report.folder({ message: `${shownAs} ${refusal}`, todo: 'mend it, or move it out of the folder' });
      continue;
    }
    const content = await readContent(path, shownAs, entry.name, report);
    if (content !== null) found.push({ folder: target, fileName: entry.name, content, path });
  }
  return found;
}

async function refusalOf(entry: Dirent, path: string): Promise<string | null> {
  if (!entry.isFile()) return 'is no regular file';
  if (!FILE_NAME.test(entry.name))
    return `has a name that the service refuses: ${shown(entry.name)}, not NAME.yaml, .yml or .json`;
  const { size } = await stat(path);
  if (size === 0) return 'is an empty file, which the service refuses';
  return size > MAX_BYTES ? 'is longer than 1 MiB, which the service refuses' : null;
}

async function readBytes(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    const seen = `cannot be read (${String((error as NodeJS.ErrnoException).code)})`;
    throw new TextProblem(0, seen, 'make it readable for you');
  });
}

async function readContent(
  path: string,
  shownAs: string,
  name: string,
  report: ManifestReport,
): Promise<string | null> {
  let source = new SourceText(shownAs, new Uint8Array());
  try {
    source = new SourceText(shownAs, await readBytes(path));
    const values = parseAll(source.text);
    const isPatch = name.includes('.patch');
    const isManifest = (value: unknown): boolean =>
      typeof value === 'object' && value !== null && (isPatch || !Array.isArray(value));
    if (values.some(isManifest)) return source.text;
    throw new TextProblem(0, 'is no manifest: a mapping is wanted', 'write kind, apiVersion and metadata');
  } catch (error) {
    if (!(error instanceof TextProblem)) throw error;
    report.file(source, error);
    return null;
  }
}
