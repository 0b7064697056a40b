/** What does not stop an installation and should still be said: clocks, names and disks of a host (assisted-service.md §2.4). */
import { isObject, objects, parseField, textOr, type Json } from './json.ts';
import type { Host } from './types.ts';
import { validationsOf } from './validations.ts';

/** What the service itself asks of a control plane's disk (`installation_disk_speed_threshold_ms`, §1.9). */
const SLOW_DISK_MS = 10;
const CLUSTER_NAMES = /^(api\.|api-int\.|console-openshift-console\.apps\.)/;

/**
 * One line for each thing: no NTP source synced; api, api-int or apps names that do not resolve (a single node passes
 * without them, its users do not); a disk slower than asked for. [] when all is well or nothing is known yet.
 */
export function warnings(host: Host): string[] {
  return [...clock(host), ...domainNames(host), ...disks(host)];
}

function clock(host: Host): string[] {
  const ntp = validationsOf(host).find(({ id }) => id === 'ntp-synced');
  return ntp?.status === 'failure' ? [`no NTP source is synced: ${ntp.message}`] : [];
}

function domainNames(host: Host): string[] {
  const unresolved = objects(parseField(host.domain_name_resolutions)['resolutions'])
    .filter((one) => isEmpty(one['ipv4_addresses']) && isEmpty(one['ipv6_addresses']))
    .map((one) => textOr(one['domain_name'], ''))
    .filter((name) => CLUSTER_NAMES.test(name));
  return unresolved.length > 0 ? [`DNS has no address for ${unresolved.join(', ')}`] : [];
}

function disks(host: Host): string[] {
  return Object.entries(parseField(host.disks_info)).flatMap(([id, disk]) => {
    const speed = isObject(disk) && isObject(disk['disk_speed']) ? slowness(disk['disk_speed']) : undefined;
    return speed === undefined ? [] : [`disk ${id} takes ${speed} ms for a write, ${SLOW_DISK_MS} ms are asked for`];
  });
}

function slowness({ speed_ms }: Json): number | undefined {
  return typeof speed_ms === 'number' && speed_ms > SLOW_DISK_MS ? speed_ms : undefined;
}

function isEmpty(value: unknown): boolean {
  return !Array.isArray(value) || value.length === 0;
}
