/** Reads an inventory: everything that is wrong with it at once, or its normal form. Contacts nothing. */
import { open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { buildCluster, buildLab, buildRollout, buildService } from './build.ts';
import { warnOfPlaceholders } from './check-placeholders.ts';
import { checkInventory } from './checks.ts';
import { parseDocument, SourceText, TextProblem } from './document.ts';
import { expand } from './expand.ts';
import { checkCaFile, readClusterFiles } from './files.ts';
import { IssueList } from './issues.ts';
import { record } from './loose.ts';
import { Origins } from './origins.ts';
import { mayHoldRange } from './ranges.ts';
import { Reporter } from './reporter.ts';
import { checkSecretFiles } from './secret-files.ts';
import { applySets, readSets } from './sets.ts';
import { checkShape } from './shape.ts';
import type { Inventory } from './types.ts';

export { InventoryError } from './issues.ts';

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The inventory in `file` (relative to `cwd`). Throws InventoryError, which lists every error and warning by position.
 * `faults`: the names that the lab knows; left out, any name goes. `sets`: `key=value`, each in place of what the file says, with
 * paths relative to it. Secrets stay references; whether they resolve is not looked at.
 */
export async function loadInventory(
  file: string,
  cwd: string,
  faults?: readonly string[],
  sets: readonly string[] = [],
): Promise<Inventory> {
  const issues = new IssueList(file);
  const path = resolve(cwd, file);
  const dir = dirname(path);
  const assignments = readSets(sets, issues);
  const origins = new Origins();
  const { text, written, reporter } = await parse(file, path, issues, origins);
  const mayRange = sets.length > 0 || mayHoldRange(text);
  const value = expand(applySets(written, assignments, origins, issues), reporter, mayRange);
  const raw = checkShape(value, reporter);
  checkInventory(value, reporter, faults);
  const context = { file, dir, reporter, issues };
  const files = await readClusterFiles(value, context);
  await checkCaFile(value, context);
  await checkSecretFiles(value, dir, reporter);
  warnOfPlaceholders(text, value, reporter);
  issues.throwIfAny();
  if (!raw) throw new Error('an inventory without shape and without error');
  return {
    file,
    dir,
    home: join(dir, '.snoboot'),
    service: buildService(raw.service, dir),
    lab: buildLab(raw),
    media: { address: raw.media?.address ?? null, port: raw.media?.port ?? null },
    clusters: raw.clusters.map((cluster, i) => buildCluster(cluster, files[i]!, dir)),
    rollout: buildRollout(raw),
    warnings: issues.sorted(),
  };
}

async function parse(file: string, path: string, issues: IssueList, origins: Origins) {
  let source: SourceText | null = null;
  try {
    source = new SourceText(file, await readBytes(path));
    const { value, positions } = parseDocument(source.text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new TextProblem(0, 'is no mapping', 'begin with inventory/example.yaml');
    }
    return {
      text: source.text,
      written: withoutExtensions(value),
      reporter: new Reporter(issues, source, positions, origins),
    };
  } catch (error) {
    if (!(error instanceof TextProblem)) throw error;
    issues.add(source?.place(error.offset) ?? { file, line: 1, column: 1 }, error.problem);
    issues.throwIfAny();
    throw error;
  }
}

/** Keys of the top level that begin with `x-` are a place for anchors. */
function withoutExtensions(value: object): object {
  return Object.fromEntries(Object.entries(record(value)).filter(([key]) => !key.startsWith('x-')));
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    await using handle = await open(path, 'r');
    const stat = await handle.stat();
    if (!stat.isFile()) throw new TextProblem(0, 'is no regular file', 'name an inventory file');
    if (stat.size > MAX_BYTES) throw new TextProblem(0, 'is longer than 16 MiB', 'split it');
    return await handle.readFile();
  } catch (error) {
    if (error instanceof TextProblem) throw error;
    const code = String((error as NodeJS.ErrnoException).code);
    if (code === 'ENOENT') throw new TextProblem(0, 'does not exist', 'name an inventory file');
    throw new TextProblem(0, `cannot be read (${code})`, 'make it readable for you');
  }
}
