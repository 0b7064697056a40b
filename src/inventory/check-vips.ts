/** Checks of a cluster's VIPs and of where its hosts are: VIPs in the machine network, each once, one of each family for API and ingress. */
import { isLoopback, neverAMachine } from './address-kinds.ts';
import { type Address, holds, type Network, parseAddress, parseCidr, reservedIn } from './addresses.ts';
import type { Claims } from './claims.ts';
import { list, type Loose, text } from './loose.ts';
import { type HostNetwork, isWayOut } from './nics.ts';
import type { Reporter } from './reporter.ts';
import type { Trail } from './trail.ts';

const KEYS = ['apiVIPs', 'ingressVIPs'] as const;

/** The machine network if it is given, else the networks in which its hosts have their default routes. */
export function machineNetworks(cluster: Loose, hosts: readonly HostNetwork[]): Network[] {
  const given = parseCidr(text(cluster['machineNetwork']) ?? '');
  if (given) return [given];
  const found = new Map<string, Network>();
  for (const host of hosts)
    for (const nic of host.nics)
      for (const { network } of nic.addresses)
        if (isWayOut(nic, network.family, host)) found.set(network.cidr, network);
  return [...found.values()];
}

/** A host whose addresses all stand here has one in the machine network. */
export function checkPlaces(
  machineNetwork: string | null,
  { nics }: HostNetwork,
  path: Trail,
  reporter: Reporter,
): void {
  const network = parseCidr(machineNetwork ?? '');
  if (!network || nics.some(({ automatic }) => automatic.includes(network.family))) return;
  const addresses = nics.flatMap((nic) => (nic.isUp ? nic.addresses : []));
  if (addresses.length === 0) return;
  if (addresses.some(({ address }) => holds(network, address))) return;
  const own = addresses.map(({ address }) => address.text).join(', ');
  const message = `${own}: not in the machine network ${network.cidr}`;
  reporter.at(path.to('networkConfig').to('interfaces'), { message, todo: 'mend the address or machineNetwork' });
}

export function checkVips(
  cluster: Loose,
  path: Trail,
  networks: readonly Network[],
  claims: Claims,
  reporter: Reporter,
): void {
  if (list(cluster['hosts']).length < 2) return;
  const [api, ingress] = KEYS.map((key) => {
    const vips = list(cluster[key]).map((vip) => parseAddress(text(vip) ?? ''));
    for (const [i, vip] of vips.entries()) {
      if (!vip) continue;
      const at = path.to(key).to(i);
      checkVip(vip, at, networks, reporter);
      claims.note('vip', vip.text, at);
      if (i === 0 || vips[0]?.family !== vip.family) continue;
      const message = `a second VIP of IPv${vip.family}`;
      reporter.at(at, { message, todo: 'give one, or one of each family' });
    }
    return [...new Set(vips.flatMap((vip) => (vip ? `IPv${vip.family}` : [])))].join(' and ');
  });
  if (!api || !ingress || api === ingress) return;
  const message = `${ingress}, and apiVIPs ${api}`;
  reporter.at(path.to('ingressVIPs'), { message, todo: 'give both the same families, in the same order' });
}

function checkVip(vip: Address, path: Trail, networks: readonly Network[], reporter: Reporter): void {
  const never = neverAMachine(vip) ?? (isLoopback(vip) ? 'a loopback address' : null);
  const around = networks.find((network) => holds(network, vip));
  const reserved = around && reservedIn(around, vip);
  const todo = 'use a free address of the machine network';
  if (never !== null) reporter.at(path, { message: `${vip.text} is ${never}`, todo });
  else if (reserved != null) reporter.at(path, { message: `${vip.text} is ${reserved} of ${around!.cidr}`, todo });
  else if (!around && networks.length > 0) {
    const message = `${vip.text} is outside the machine network ${networks.map(({ cidr }) => cidr).join(', ')}`;
    reporter.at(path, { message, todo });
  }
}
