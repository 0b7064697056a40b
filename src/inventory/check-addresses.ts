/** Checks of the addresses that one host's nmstate gives it. */
import { isLinkLocal, isLoopback, neverAMachine } from './address-kinds.ts';
import { reservedIn } from './addresses.ts';
import type { Claims } from './claims.ts';
import { list, record } from './loose.ts';
import { type HostNetwork, isWayOut, type Nic, type NicAddress } from './nics.ts';
import type { Reporter } from './reporter.ts';
import type { Trail } from './trail.ts';

interface Context {
  reporter: Reporter;
  claims: Claims;
  /** The cluster's place in the inventory: networks without a way out are its own. */
  cluster: number;
}

export function checkAddresses(config: unknown, path: Trail, network: HostNetwork, context: Context): void {
  const { nics } = network;
  for (const nic of nics) {
    checkFamily(nic, 'ipv4', 4, context.reporter);
    checkFamily(nic, 'ipv6', 6, context.reporter);
    if (!nic.isUp) continue;
    for (const one of nic.addresses) {
      const isRouted = nic.automatic.length > 0 || isWayOut(nic, one.address.family, network);
      checkAddress(one, isRouted ? null : context.cluster, context);
    }
  }
  const isAutomatic = nics.some(({ automatic }) => automatic.length > 0);
  const isStatic = nics.some(({ addresses }) => addresses.length > 0);
  const servers = list(record(record(record(config)['dns-resolver'])['config'])['server']);
  if (!isStatic || isAutomatic || servers.length > 0) return;
  const message = 'no name server: nothing tells this host one';
  context.reporter.at(path, { message, todo: 'add dns-resolver: {config: {server: [ADDRESS]}}' }, 'warning');
}

function checkAddress(
  { address, network, path }: NicAddress,
  island: number | null,
  { reporter, claims }: Context,
): void {
  const reserved = reservedIn(network, address);
  const seen =
    neverAMachine(address) ??
    (isLoopback(address) ? 'a loopback address' : null) ??
    (reserved === null ? null : `${reserved} of ${network.cidr}`);
  if (seen !== null) reporter.at(path, { message: `${address.text} is ${seen}`, todo: "write the host's own address" });
  else if (!isLinkLocal(address)) claims.note('host', address.text, path, island);
}

function checkFamily({ nic, path, addresses }: Nic, key: 'ipv4' | 'ipv6', family: 4 | 6, reporter: Reporter): void {
  const { enabled, dhcp } = record(nic[key]);
  const own = addresses.filter((one) => one.key === key);
  const stranger = own.find(({ address }) => address.family !== family);
  if (stranger) {
    const message = `${stranger.address.text} is no IPv${family} address`;
    reporter.at(stranger.path, { message, todo: `move it to ipv${stranger.address.family}` });
  }
  if (own.length === 0) return;
  if (enabled === false) {
    const todo = 'write enabled: true, or take the addresses away';
    reporter.at(path.to(key).to('enabled'), { message: 'false, with addresses that nmstate then leaves out', todo });
  } else if (enabled === undefined) {
    const message = 'addresses without enabled: true, which nmstate may leave out';
    reporter.at(path.to(key), { message, todo: 'add enabled: true' }, 'warning');
  } else if (dhcp === true) {
    const message = 'true, with addresses that nmstate then leaves out';
    reporter.at(path.to(key).to('dhcp'), { message, todo: 'keep dhcp or the addresses' }, 'warning');
  }
}
