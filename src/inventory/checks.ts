/** Checks that concern more than one value: they read what they can of an inventory, however broken the rest is. */
import { parseMac } from './addresses.ts';
import { isProblem, parseBmcAddress } from './bmc-address.ts';
import { checkNetwork, macPaths } from './check-network.ts';
import { checkLab, checkService } from './check-service.ts';
import { list, type Loose, record, text } from './loose.ts';
import { defaultRouteNetworks } from './network.ts';
import type { Path } from './positions.ts';
import { type Reporter, reportTwice, Unique } from './reporter.ts';

interface Context {
  reporter: Reporter;
  isLab: boolean;
  macs: Unique;
  /** Origin to the systems named there; `''` where none was named. */
  systems: Map<string, Map<string, Path>>;
}

export function checkInventory(value: unknown, reporter: Reporter, faults?: readonly string[]): void {
  const root = record(value);
  const isLab = record(root['service'])['type'] === 'lab';
  if (root['service'] !== undefined) checkService(record(root['service']), reporter);
  checkLab(root, isLab, reporter, faults);
  const macs = new Unique(reporter, 'MAC address');
  const context: Context = { reporter, isLab, macs, systems: new Map() };
  const names = new Unique(reporter, 'cluster name');
  for (const [i, cluster] of list(root['clusters']).entries()) {
    const name = text(record(cluster)['name']);
    if (name !== null) names.note(name, ['clusters', i, 'name']);
    checkCluster(record(cluster), ['clusters', i], context);
  }
}

function checkCluster(cluster: Loose, path: Path, context: Context): void {
  const { reporter } = context;
  const hosts = list(cluster['hosts']).map(record);
  if (hosts.length > 1) {
    const message = `${hosts.length} hosts, and only single-node clusters are possible for now`;
    reporter.at([...path, 'hosts'], { message, todo: 'keep one host in each cluster' });
  }
  const names = new Unique(reporter, 'host name');
  for (const [i, host] of hosts.entries()) {
    const at = [...path, 'hosts', i];
    const name = text(host['name']);
    if (name !== null) names.note(name, [...at, 'name']);
    checkHost(host, at, context);
  }
  const networks = new Set(hosts.flatMap((host) => defaultRouteNetworks(host['networkConfig'])));
  if (networks.size < 2 || cluster['machineNetwork'] !== undefined) return;
  const message = `the machine network may be any of ${[...networks].join(', ')}`;
  reporter.at(path, { message, todo: 'choose one with machineNetwork:, deploy stops without it' }, 'warning');
}

function checkHost(host: Loose, path: Path, context: Context): void {
  const boot = text(host['bootMACAddress']);
  const bootMac = parseMac(boot ?? '');
  const inNetwork = macPaths(host['networkConfig'], [...path, 'networkConfig']);
  for (const { mac, path: at } of inNetwork) context.macs.note(mac, at);
  const isNamedAgain = inNetwork.some(({ mac }) => mac === bootMac);
  if (bootMac && !isNamedAgain) context.macs.note(bootMac, [...path, 'bootMACAddress']);
  if (host['networkConfig'] !== undefined) {
    checkNetwork(host['networkConfig'], [...path, 'networkConfig'], boot, context.reporter);
  }
  checkBmc(record(host['bmc']), [...path, 'bmc'], context);
}

function checkBmc(bmc: Loose, path: Path, context: Context): void {
  const { reporter } = context;
  const address = parseBmcAddress(text(bmc['address']) ?? '');
  if (bmc['fingerprint'] !== undefined && bmc['insecureTLS'] === true) {
    reporter.at([...path, 'insecureTLS'], {
      message: 'together with fingerprint',
      todo: 'keep fingerprint alone: it is the safer one',
    });
  }
  if (isProblem(address)) return;
  if (address.kind === 'lab') {
    if (context.isLab) return;
    const message = 'a BMC of the lab, without the lab as service';
    reporter.at([...path, 'address'], { message, todo: 'write service: {type: lab}, or the address of a real BMC' });
    return;
  }
  for (const key of ['username', 'password']) {
    if (bmc[key] === undefined) reporter.at(path, { message: `${key} is missing`, todo: `add ${key}:` });
  }
  noteSystem(address.origin, address.systemPath, [...path, 'address'], context);
}

/** An address without a system means the only one there, so it is the same as any other of that origin. */
function noteSystem(origin: string, system: string | null, path: Path, { systems, reporter }: Context): void {
  const known = systems.get(origin) ?? new Map<string, Path>();
  systems.set(origin, known);
  const key = system?.toLowerCase() ?? '';
  const first = key === '' ? [...known.values()][0] : (known.get(key) ?? known.get(''));
  if (first) reportTwice(reporter, 'BMC', `${origin}${system ?? ''}`, path, first);
  else known.set(key, path);
}
