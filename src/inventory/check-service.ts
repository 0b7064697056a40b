/** Checks of the keys `service` and `lab`. */
import { isFaultProblem, parseArmedFault } from '../core/armed-fault.ts';
import { list, type Loose, record, text } from './loose.ts';
import type { Reporter } from './reporter.ts';
import { didYouMean } from './suggest.ts';
import type { Problem } from './types.ts';

export function checkService(service: Loose, reporter: Reporter): void {
  const at = (key: string): string[] => ['service', key];
  if (service['type'] === 'lab') {
    for (const key of Object.keys(service).filter((name) => name !== 'type')) {
      reporter.atKey(at(key), { message: `"${key}" with type: lab`, todo: 'remove it: the lab knows its own service' });
    }
    return;
  }
  if (service['url'] === undefined) {
    reporter.at(['service'], { message: 'neither url nor type: lab', todo: 'add url: of the service, or type: lab' });
  }
  if (service['insecureTLS'] === true && service['caFile'] !== undefined) {
    reporter.at(at('insecureTLS'), { message: 'together with caFile', todo: 'keep caFile alone: it is the safer one' });
  }
  const isPlain = /^http:/i.test(text(service['url']) ?? '');
  if (isPlain && service['offlineToken'] !== undefined) {
    const message = 'plain HTTP would show the offline token to the network';
    reporter.at(at('url'), { message, todo: 'use https, or leave offlineToken out' });
  } else if (isPlain) {
    const message = 'plain HTTP shows the pull secret to the network';
    reporter.at(at('url'), { message, todo: 'use https if the service can' }, 'warning');
  }
}

/** `known`: the names of the lab's faults, where they are known. */
export function checkLab(root: Loose, reporter: Reporter, known?: readonly string[]): void {
  if (root['lab'] === undefined) return;
  const subjects = new Map<string, number>([['service', 1]]);
  for (const one of list(root['clusters']).flatMap(subjectsOf)) subjects.set(one, (subjects.get(one) ?? 0) + 1);
  for (const [i, fault] of list(record(root['lab'])['faults']).entries()) {
    const parsed = parseArmedFault(text(fault) ?? '');
    if (isFaultProblem(parsed)) continue;
    for (const problem of [nameProblem(parsed.name, known), subjectProblem(parsed.subject, subjects)])
      if (problem) reporter.at(['lab', 'faults', i], problem);
  }
}

function nameProblem(name: string, known: readonly string[] | undefined): Problem | null {
  if (!known || known.includes(name)) return null;
  return { message: `no fault "${name}"${didYouMean(name, known)}`, todo: `use one of ${known.join(', ')}` };
}

/** `subjects`: how many there are of each name. */
function subjectProblem(subject: string, subjects: ReadonlyMap<string, number>): Problem | null {
  const count = subjects.get(subject);
  if (count === 1) return null;
  const usable = [...subjects].flatMap(([name, many]) => (many === 1 ? name : []));
  const message = count
    ? `several hosts are called "${subject}"`
    : `no host "${subject}"${didYouMean(subject, usable)}`;
  return { message, todo: `use one of ${usable.slice(0, 9).join(', ')}` };
}

/** What a fault of this cluster can be armed at: itself, and its hosts by either name. */
function subjectsOf(cluster: unknown): string[] {
  const { name, hosts } = record(cluster);
  const own = list(hosts).flatMap((host) => text(record(host)['name']) ?? []);
  return [String(name), ...own.flatMap((host) => [host, `${String(name)}/${host}`])];
}
