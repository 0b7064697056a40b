/** Checks of one host's nmstate that concern more than one value in it. */
import { parseMac } from './addresses.ts';
import { list, record, text } from './loose.ts';
import { hasDefaultRoute, interfacesOf, isPhysical, nicsOf } from './network.ts';
import type { Path } from './positions.ts';
import { type Reporter, Unique } from './reporter.ts';
import { didYouMean } from './suggest.ts';

/** `config` stands at `path`; `bootMac` is the host's bootMACAddress as it was written. */
export function checkNetwork(config: unknown, path: Path, bootMac: string | null, reporter: Reporter): void {
  checkInterfaces(config, path, reporter);
  checkRoutes(config, path, reporter);
  const boot = parseMac(bootMac ?? '');
  if (boot && !nicsOf(config).some(({ mac }) => mac === boot)) {
    const message = `${boot} is no mac-address of networkConfig`;
    const todo = 'give the NIC that boots its mac-address there, or mend one of the two';
    reporter.at([...path.slice(0, -1), 'bootMACAddress'], { message, todo });
  }
  if (hasDefaultRoute(config)) return;
  const message = 'no default route: the validation has-default-route will keep the host insufficient';
  const todo = 'add a route with destination: 0.0.0.0/0, next-hop-address and next-hop-interface to routes.config';
  reporter.at(path, { message, todo }, 'warning');
}

function checkInterfaces(config: unknown, path: Path, reporter: Reporter): void {
  const names = new Unique(reporter, 'interface');
  const mapped = new Set(nicsOf(config).map(({ nic }) => nic));
  for (const [i, nic] of interfacesOf(config).entries()) {
    const at = [...path, 'interfaces', i];
    const name = text(nic['name']);
    if (name !== null) names.note(name, [...at, 'name']);
    if (nic['type'] === 'ethernet' && nic['mac-address'] === undefined) {
      const todo = 'add its mac-address: by it the service finds the NIC';
      reporter.at(at, { message: `ethernet interface "${name}" has no mac-address`, todo });
    }
    for (const [j, port] of list(record(nic['link-aggregation'])['port']).entries()) {
      if (typeof port !== 'string' || mapped.has(port)) continue;
      const message = `bond port "${port}" is no ethernet interface with a mac-address${didYouMean(port, mapped)}`;
      reporter.at([...at, 'link-aggregation', 'port', j], {
        message,
        todo: 'add it to interfaces, with its mac-address',
      });
    }
  }
}

function checkRoutes(config: unknown, path: Path, reporter: Reporter): void {
  const names = interfacesOf(config).map((nic) => String(nic['name']));
  const routes = list(record(record(config)['routes'])['config']);
  for (const [i, route] of routes.entries()) {
    const name = text(record(route)['next-hop-interface']);
    if (name === null || names.includes(name)) continue;
    const message = `"${name}" is not among the interfaces${didYouMean(name, names)}`;
    const todo = `use one of ${names.join(', ')}`;
    reporter.at([...path, 'routes', 'config', i, 'next-hop-interface'], { message, todo });
  }
}

/** MACs of the physical NICs with their paths, for the search for duplicates. */
export function macPaths(config: unknown, path: Path): { mac: string; path: Path }[] {
  return interfacesOf(config).flatMap((nic, i) => {
    const mac = parseMac(text(nic['mac-address']) ?? '');
    return mac && isPhysical(nic) ? [{ mac, path: [...path, 'interfaces', i, 'mac-address'] }] : [];
  });
}
