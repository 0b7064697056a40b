/** Checks of the routes of one host's nmstate: each goes through an interface that is here and up, by a gateway that it reaches. */
import { isLinkLocal, neverAMachine } from './address-kinds.ts';
import { type Address, holds, parseAddress, parseCidr, reservedIn } from './addresses.ts';
import type { Claims } from './claims.ts';
import { text } from './loose.ts';
import type { HostNetwork, Nic, Route } from './nics.ts';
import type { Reporter } from './reporter.ts';
import { didYouMean } from './suggest.ts';
import type { Trail } from './trail.ts';
import type { Problem } from './types.ts';

/** Routes to nowhere, which need no interface. */
const TO_NOWHERE = ['blackhole', 'unreachable', 'prohibit'];

export function checkRoutes({ nics, routes }: HostNetwork, path: Trail, claims: Claims, reporter: Reporter): void {
  const known = (): string[] => [...new Set(nics.flatMap(({ name }) => name ?? []))];
  for (const [i, entry] of routes.entries()) {
    const { route, isAbsent } = entry;
    if (isAbsent || TO_NOWHERE.includes(String(route['route-type']))) continue;
    const at = path.to('routes').to('config').to(i);
    const name = text(route['next-hop-interface']);
    const nic = nics.findLast((one) => one.name === name);
    if (name === null) {
      if (route['next-hop-interface'] === undefined)
        reporter.at(at, { message: 'next-hop-interface is missing', todo: `use one of ${known().join(', ')}` });
    } else if (!nic) {
      const message = `"${name}" is not among the interfaces${didYouMean(name, known())}`;
      reporter.at(at.to('next-hop-interface'), { message, todo: `use one of ${known().join(', ')}` });
    } else if (!nic.isUp) {
      const message = `"${name}" has state: ${String(nic.nic['state'])}`;
      reporter.at(at.to('next-hop-interface'), { message, todo: 'write state: up there, or take another interface' });
    }
    checkGateway(entry, at, nic, routes, reporter, claims);
  }
}

function checkGateway(
  { route, leadsOut }: Route,
  path: Trail,
  nic: Nic | undefined,
  routes: readonly Route[],
  reporter: Reporter,
  claims: Claims,
): void {
  const gateway = parseAddress(text(route['next-hop-address']) ?? '');
  const destination = parseCidr(text(route['destination']) ?? '');
  const at = path.to('next-hop-address');
  if (!gateway) {
    if (route['next-hop-address'] !== undefined || leadsOut === null) return;
    const message = 'the default route has no next-hop-address';
    reporter.at(path, { message, todo: 'add the gateway; without one every address must be on this cable' }, 'warning');
    return;
  }
  if (isNone(gateway)) return;
  const problem =
    familyProblem(gateway, destination?.family) ?? (nic?.isUp ? gatewayProblem(gateway, nic, routes) : null);
  if (problem) reporter.at(at, problem);
  else if (leadsOut !== null && !isLinkLocal(gateway)) claims.note('gateway', gateway.text, at);
}

/** 0.0.0.0 and :: are nmstate's words for "no gateway: the network is on this cable". */
function isNone({ bits }: Address): boolean {
  return bits === 0 || bits === 0n;
}

function familyProblem(gateway: Address, wanted: number | undefined): Problem | null {
  const never = neverAMachine(gateway);
  if (never !== null) return { message: `${gateway.text} is ${never}`, todo: "write the gateway's address" };
  // A default route of IPv4 by a neighbour known by IPv6 (RFC 5549) is nothing that nmstate can write.
  if (wanted === undefined || wanted === gateway.family) return null;
  return {
    message: `${gateway.text} is IPv${gateway.family}, and the destination IPv${wanted}`,
    todo: `write a gateway of IPv${wanted}`,
  };
}

/** What makes the gateway reachable although no network of the interface holds it. */
function isOnLink(gateway: Address, nic: Nic, routes: readonly Route[]): boolean {
  if (nic.automatic.includes(gateway.family) || isLinkLocal(gateway)) return true;
  const isWhole = ({ network }: Nic['addresses'][number]): boolean =>
    network.family === gateway.family && network.first === network.last;
  return nic.addresses.some(isWhole) || routes.some((route) => isDirect(route, gateway, nic));
}

function isDirect({ route, leadsOut }: Route, gateway: Address, nic: Nic): boolean {
  if (route['next-hop-interface'] !== nic.name || leadsOut !== null) return false;
  const next = parseAddress(text(route['next-hop-address']) ?? '');
  const network = parseCidr(text(route['destination']) ?? '');
  return (next === null || isNone(next)) && network !== null && holds(network, gateway);
}

function gatewayProblem(gateway: Address, nic: Nic, routes: readonly Route[]): Problem | null {
  const own = nic.addresses.filter(({ network }) => network.family === gateway.family);
  const todo = 'mend the gateway, the address or its prefix-length';
  if (own.some(({ address }) => address.bits === gateway.bits))
    return { message: `${gateway.text} is the host's own address`, todo: "write the gateway's address" };
  const near = own.find(({ network }) => holds(network, gateway))?.network;
  // The routers' anycast address of IPv6 (RFC 4291) is a router's by its very meaning.
  const reserved = near?.family === 4 ? reservedIn(near, gateway) : null;
  if (reserved !== null) return { message: `${gateway.text} is ${reserved} of ${near!.cidr}`, todo };
  if (near || isOnLink(gateway, nic, routes)) return null;
  const seen = `gateway ${gateway.text} is out of reach: "${nic.name}"`;
  if (own.length > 0) return { message: `${seen} is in ${own.map(({ network }) => network.cidr).join(', ')}`, todo };
  return {
    message: `${seen} has no IPv${gateway.family} address`,
    todo: 'give it an address, or DHCP, or take another interface',
  };
}
