/** Checks that concern more than one value: they read what they can of an inventory, however broken the rest is. */
import { isLoopback } from './address-kinds.ts';
import { parseAddress, parseMac } from './addresses.ts';
import { BmcCheck, hostOf } from './check-bmc.ts';
import { checkNetwork } from './check-network.ts';
import { checkLab, checkService } from './check-service.ts';
import { checkTaken, checkTopology, checkVersion } from './check-topology.ts';
import { checkPlaces, checkVips, machineNetworks } from './check-vips.ts';
import { Claims } from './claims.ts';
import { list, type Loose, record, text } from './loose.ts';
import { type HostNetwork, readNetwork } from './nics.ts';
import { type Reporter, Unique } from './reporter.ts';
import { Tally } from './tally.ts';
import { Trail } from './trail.ts';

interface Context {
  reporter: Reporter;
  claims: Claims;
  bmcs: BmcCheck;
  macs: Unique;
  serials: Unique;
  uuids: Unique;
  tally: Tally;
}

export function checkInventory(value: unknown, reporter: Reporter, faults?: readonly string[]): void {
  const root = record(value);
  const isLab = record(root['service'])['type'] === 'lab';
  if (root['service'] !== undefined) checkService(record(root['service']), reporter);
  checkLab(root, reporter, faults);
  const claims = new Claims(reporter);
  const context: Context = {
    reporter,
    claims,
    bmcs: new BmcCheck(reporter, claims, isLab),
    macs: new Unique(reporter, 'MAC address'),
    serials: new Unique(reporter, 'serial number'),
    uuids: new Unique(reporter, 'UUID'),
    tally: new Tally(),
  };
  claimOurs(root, claims);
  const names = new Unique(reporter, 'cluster name');
  const clusters = new Trail('clusters');
  for (const [i, part] of list(root['clusters']).entries()) {
    const [cluster, path] = [record(part), clusters.to(i)];
    const name = text(cluster['name']);
    if (name !== null) names.note(name, path.to('name'));
    checkCluster(cluster, path, i, context);
  }
  checkMedia(root, context);
  context.bmcs.end();
  context.tally.report(reporter);
}

/** Addresses that are neither machine's nor network's; a loopback one is everybody's own. */
function claimOurs(root: Loose, claims: Claims): void {
  const url = text(record(root['service'])['url']);
  const service = url !== null && URL.canParse(url) ? hostOf(new URL(url).origin) : '';
  if (service !== '' && service !== 'localhost' && !isOwn(service)) claims.note('service', service, ['service', 'url']);
  const media = parseAddress(text(record(root['media'])['address']) ?? '');
  if (media && !isLoopback(media)) claims.note('media', media.text, ['media', 'address']);
}

function isOwn(host: string): boolean {
  const address = parseAddress(host);
  return address !== null && isLoopback(address);
}

/** This machine's own loopback is nothing that a BMC elsewhere can read from. */
function checkMedia(root: Loose, { bmcs, reporter }: Context): void {
  const address = text(record(root['media'])['address']) ?? '';
  if ((address !== 'localhost' && !isOwn(address)) || !bmcs.isFarAway) return;
  const message = `"${address}" is this machine itself, and BMCs are elsewhere`;
  reporter.at(['media', 'address'], {
    message,
    todo: 'write an address of this machine that BMCs reach, or leave it out',
  });
}

function checkCluster(cluster: Loose, path: Trail, index: number, context: Context): void {
  const { reporter, claims } = context;
  const hosts = list(cluster['hosts']).map(record);
  checkTopology(cluster, path, reporter);
  checkVersion(cluster, path, reporter);
  const names = new Unique(reporter, 'host name');
  const around = hosts.map((host, i) => {
    const name = text(host['name']);
    const at = path.to('hosts').to(i);
    if (name !== null) names.note(name, at.to('name'));
    const own = checkHost(host, at, index, context);
    checkPlaces(text(cluster['machineNetwork']), own, at, reporter);
    return own;
  });
  const networks = machineNetworks(cluster, around);
  checkTaken(networks, cluster['machineNetwork'] === undefined ? path : path.to('machineNetwork'), reporter);
  checkVips(cluster, path, networks, claims, reporter);
  const choices = networks.flatMap(({ family, cidr }) => (family === 4 ? cidr : []));
  if (choices.length < 2 || cluster['machineNetwork'] !== undefined) return;
  const message = `the machine network may be any of ${choices.join(', ')}`;
  reporter.at(path, { message, todo: 'choose one with machineNetwork:, deploy stops without it' }, 'warning');
}

function checkHost(host: Loose, path: Trail, cluster: number, context: Context): HostNetwork {
  const { reporter, claims, macs, serials, uuids, bmcs } = context;
  const boot = parseMac(text(host['bootMACAddress']) ?? '');
  const at = path.to('networkConfig');
  const network = readNetwork(host['networkConfig'], at);
  for (const nic of network.nics) if (nic.mac !== null) macs.note(nic.mac, nic.path.to('mac-address'));
  if (boot && !network.nics.some(({ mac }) => mac === boot)) macs.note(boot, path.to('bootMACAddress'));
  const serial = text(host['serialNumber'])?.trim().toUpperCase() ?? '';
  if (serial !== '') serials.note(serial, path.to('serialNumber'));
  const uuid = text(host['uuid'])?.toLowerCase() ?? '';
  if (uuid !== '') uuids.note(uuid, path.to('uuid'));
  bmcs.note(record(host['bmc']), path.to('bmc'));
  if (host['rootDeviceHints'] !== undefined) checkDiskName(record(host['rootDeviceHints']), path, context.tally);
  if (host['networkConfig'] !== undefined)
    checkNetwork(host['networkConfig'], at, network, boot, { reporter, claims, cluster });
  return network;
}

/** The kernel's names follow the order in which disks answer. */
function checkDiskName(hints: Loose, path: Trail, tally: Tally): void {
  const name = text(hints['deviceName']) ?? '';
  if (Object.keys(hints).length !== 1 || !/^\/dev\/(sd|vd|hd)[a-z]+$/.test(name)) return;
  const message = `${name} may be another disk after the next boot`;
  tally.note('disk name', path.to('rootDeviceHints').to('deviceName'), {
    message,
    todo: 'prefer wwn, serialNumber or /dev/disk/by-path/…',
  });
}
