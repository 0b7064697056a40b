/** The files that secrets are in, before any is read: there, readable, of a size that can be right, and nobody else's to read. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isProblem } from './bmc-address.ts';
import { list, type Loose, record } from './loose.ts';
import type { Reporter } from './reporter.ts';
import { MAX_SECRET_BYTES, parseSecretRef } from './secrets.ts';
import { Trail } from './trail.ts';
import type { Issue, Problem } from './types.ts';
import { unfilled } from './unfilled.ts';

interface Finding extends Problem {
  severity: Issue['severity'];
}

/** A file that is not there is a warning: `validate` passes without, `deploy` will not. Each file is looked at once. */
export async function checkSecretFiles(value: unknown, dir: string, reporter: Reporter): Promise<void> {
  const root = record(value);
  const isLab = record(root['service'])['type'] === 'lab';
  for (const [reference, paths] of secretsOf(root)) {
    const ref = parseSecretRef(reference, dir);
    if (isProblem(ref) || ref.from !== 'file' || unfilled(reference)) continue;
    const finding = await findingOf(ref.path, reference, isLab);
    if (finding) for (const path of paths) reporter.at(path, finding, finding.severity);
  }
}

/** What is in the lab's secrets is worth nothing: who may read them does not matter. */
async function findingOf(path: string, reference: string, isLab: boolean): Promise<Finding | null> {
  const name = reference.slice('file:'.length).trim();
  const error = (what: string, todo: string): Finding => ({ message: `${name} ${what}`, todo, severity: 'error' });
  try {
    const { size, mode, ...entry } = await stat(path).then((is) => ({
      size: is.size,
      mode: is.mode,
      isFile: is.isFile(),
      isFolder: is.isDirectory(),
    }));
    if (!entry.isFile) return error(entry.isFolder ? 'is a folder' : 'is no regular file', 'name the file itself');
    if (size === 0) return error('is empty', 'put the secret there, mode 0600');
    if (size > MAX_SECRET_BYTES) return error('is longer than 64 KiB', 'name a file that holds the secret alone');
    await access(path, constants.R_OK);
    if (isLab || (mode & 0o077) === 0) return null;
    const message = `${name} can be read by others (mode 0${(mode & 0o777).toString(8)})`;
    return { message, todo: `chmod 600 ${quoted(name)}`, severity: 'warning' };
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code !== 'ENOENT') return error(`cannot be read (${code})`, 'make it readable for you');
    const message = `${reference} does not exist`;
    return { message, todo: 'put the secret there before deploy, mode 0600', severity: 'warning' };
  }
}

/** As a shell takes it. */
function quoted(name: string): string {
  return /^[\w@%+=:,./][\w@%+=:,./-]*$/.test(name) ? name : `-- '${name.replaceAll("'", String.raw`'\''`)}'`;
}

/** Where each reference to a file stands. */
function secretsOf(root: Loose): Map<string, Trail[]> {
  const found = new Map<string, Trail[]>();
  const note = (holder: Loose, key: string, path: Trail): void => {
    const value = holder[key];
    if (typeof value !== 'string' || !value.startsWith('file:')) return;
    const paths = found.get(value);
    if (paths) paths.push(path.to(key));
    else found.set(value, [path.to(key)]);
  };
  const clusters = new Trail('clusters');
  note(record(root['service']), 'offlineToken', new Trail('service'));
  for (const [i, cluster] of list(root['clusters']).entries()) {
    const path = clusters.to(i);
    note(record(cluster), 'pullSecret', path);
    for (const [j, host] of list(record(cluster)['hosts']).entries())
      note(record(record(host)['bmc']), 'password', path.to('hosts').to(j).to('bmc'));
  }
  return found;
}
