/** Checks of one host's nmstate that concern more than one value in it. */
import { checkAddresses } from './check-addresses.ts';
import { checkNics } from './check-nics.ts';
import { checkRoutes } from './check-routes.ts';
import type { Claims } from './claims.ts';
import { record } from './loose.ts';
import { hasDefaultRoute, type HostNetwork } from './nics.ts';
import type { Reporter } from './reporter.ts';
import { didYouMean, nearest } from './suggest.ts';
import type { Trail } from './trail.ts';
import { unfilled } from './unfilled.ts';

const KEYS = ['interfaces', 'dns-resolver', 'routes', 'route-rules', 'hostname', 'ovs-db', 'ovn', 'description'];

interface Context {
  reporter: Reporter;
  claims: Claims;
  /** The cluster's place in the inventory. */
  cluster: number;
}

/** `config` stands at `path`, and `network` was read of it; `boot` is the host's bootMACAddress, null if it cannot be one. */
export function checkNetwork(
  config: unknown,
  path: Trail,
  network: HostNetwork,
  boot: string | null,
  context: Context,
): void {
  const { reporter, claims } = context;
  const { nics } = network;
  checkKeys(config, path, reporter);
  if (hasUnfilled(config)) checkTexts(config, path, reporter);
  checkNics(nics, path, reporter);
  checkAddresses(config, path, network, context);
  checkRoutes(network, path, claims, reporter);
  if (boot && !nics.some(({ mac }) => mac === boot)) {
    const message = `${boot} is no mac-address of networkConfig`;
    const todo = 'give the NIC that boots its mac-address there, or mend one of the two';
    reporter.at([...path.path.slice(0, -1), 'bootMACAddress'], { message, todo });
  }
  if (hasDefaultRoute(network)) return;
  const message = 'no default route: the validation has-default-route will keep the host insufficient';
  const todo = 'add a route with destination: 0.0.0.0/0, next-hop-address and next-hop-interface to routes.config';
  reporter.at(path, { message, todo }, 'warning');
}

/** nmstate refuses keys that it does not know; those of versions to come pass here. */
function checkKeys(config: unknown, path: Trail, reporter: Reporter): void {
  for (const key of Object.keys(record(config))) {
    const best = KEYS.includes(key) ? null : nearest(key, KEYS);
    if (best === null) continue;
    const message = `nmstate knows no key "${key}"${didYouMean(key, KEYS)}`;
    reporter.atKey(path.to(key), { message, todo: `write ${best}:` });
  }
}

function hasUnfilled(value: unknown): boolean {
  if (typeof value === 'string') return unfilled(value) !== null;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasUnfilled);
}

/** Every text below: the schema knows a part of nmstate only. What both see is said once. */
function checkTexts(value: unknown, path: Trail, reporter: Reporter): void {
  if (typeof value === 'string') {
    const problem = unfilled(value);
    if (problem) reporter.at(path, problem);
  } else if (Array.isArray(value)) for (const [i, part] of value.entries()) checkTexts(part, path.to(i), reporter);
  else for (const [key, part] of Object.entries(record(value))) checkTexts(part, path.to(key), reporter);
}
