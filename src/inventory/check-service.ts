/** Checks of the keys `service` and `lab`. */
import { list, type Loose, record, text } from './loose.ts';
import type { Reporter } from './reporter.ts';
import { didYouMean } from './suggest.ts';

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

export function checkLab(root: Loose, isLab: boolean, reporter: Reporter): void {
  if (root['lab'] === undefined) return;
  if (!isLab) {
    const message = 'unknown key "lab" without service: {type: lab}';
    reporter.atKey(['lab'], { message, todo: 'remove it, or write service: {type: lab}' });
  }
  const targets = new Set(['service', ...list(root['clusters']).flatMap(hostTargets)]);
  for (const [i, fault] of list(record(root['lab'])['faults']).entries()) {
    const target = text(fault)?.split('@')[1];
    if (target === undefined || targets.has(target)) continue;
    const message = `no host "${target}"${didYouMean(target, targets)}`;
    reporter.at(['lab', 'faults', i], { message, todo: `use one of ${[...targets].slice(0, 9).join(', ')}` });
  }
}

function hostTargets(cluster: unknown): string[] {
  const { name, hosts } = record(cluster);
  return list(hosts).flatMap((host) => {
    const own = text(record(host)['name']);
    return own === null ? [] : [own, `${String(name)}/${own}`];
  });
}
