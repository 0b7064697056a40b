/** The host validations of category network: machine network, default route, clock, names, images (assisted-service.md §2.4). */
import { neededImages } from './catalogue.ts';
import { addressIn } from './hardware.ts';
import type { Host } from './host-state.ts';
import { type Checks, failure, pending, type Seen, success, type Verdict, withInventory } from './verdicts.ts';

export const NETWORK_CHECKS: Checks = {
  'machine-cidr-defined': () => success('No Machine Network CIDR needed: User Managed Networking'),
  'belongs-to-machine-cidr': ({ cluster, host }) => {
    if (!host.inventory || !cluster.machineNetworks.length) return pending('Missing inventory or machine network CIDR');
    const inside = cluster.machineNetworks.every((network) => addressIn(host, network));
    if (inside) return success('Host belongs to all machine network CIDRs');
    return failure(
      'Host does not belong to machine network CIDRs. Verify that the host belongs to every CIDR listed under machine networks',
    );
  },
  'has-default-route': withInventory('Missing default routing information.', ({ routes = [] }) =>
    routes.some((route) => /^(0\.0\.0\.0|::)(\/0)?$/.test(route.destination))
      ? success('Host has been configured with at least one default route.')
      : failure('Host has not yet been configured with a default route.'),
  ),
  'ntp-synced': ({ host }) => {
    if (isInstalling(host)) return null;
    const synced = host.ntpSources?.some((source) => source.source_state === 'synced');
    return synced ? success('Host NTP is synced') : failure("Host couldn't synchronize with any NTP server");
  },
  'time-synced-between-host-and-service': (seen) =>
    isInstalling(seen.host) || !seen.host.timestamp ? null : timeSynced(seen),
  'container-images-available': imagesAvailable,
  'api-domain-name-resolved-correctly': resolved('api'),
  'api-int-domain-name-resolved-correctly': resolved('api-int'),
  'apps-domain-name-resolved-correctly': resolved('*.apps'),
  'dns-wildcard-not-configured': noWildcard,
};

/** The clock is not looked at any more once the host installs (seen in the recordings). */
function isInstalling(host: Host): boolean {
  return host.status.startsWith('installing') || host.status === 'installed';
}

/** A single node brings its own DNS for these names, so they pass whatever was resolved. */
function resolved(label: string) {
  return ({ cluster }: Seen): Verdict => {
    const name = `${label}.${cluster.name}.${cluster.baseDomain}`;
    return success(`Domain name resolution for the ${name} domain was successful or not required`);
  };
}

const MAX_BEHIND_MINUTES = 20;
const MAX_AHEAD_MINUTES = 60;

function timeSynced({ host, now }: Seen): Verdict {
  const behind = (host.behindMs + now - host.checkedInAt) / 60_000;
  const bad = (who: string, minutes: number): Verdict => {
    const at = new Date(now).toISOString().replace('T', ' ').replace('Z', ' +0000 UTC');
    return failure(
      `Host clock is not synchronized, ${who} at least for ${minutes}.0 minutes, please configure an NTP server via DHCP. ` +
        `Service time: ${at}`,
    );
  };
  if (behind > MAX_BEHIND_MINUTES) return bad("service time is ahead of host's", MAX_BEHIND_MINUTES);
  if (-behind > MAX_AHEAD_MINUTES) return bad('host time is ahead of service', MAX_AHEAD_MINUTES);
  return success('Host clock is synchronized with service');
}

function imagesAvailable({ cluster, host }: Seen): Verdict {
  const needed = neededImages(cluster.openshiftVersion);
  const failed = needed.filter((name) => host.images[name]?.result === 'failure').sort();
  if (failed.length === 0)
    return success('All required container images were either pulled successfully or no attempt was made to pull them');
  return failure(
    `Failed to fetch container images needed for installation from ${failed.join(',')}. This may be due to a network hiccup. ` +
      'Retry to install again. If this problem persists, check your network settings to make sure you’re not blocked.',
  );
}

function noWildcard({ cluster, host }: Seen): Verdict {
  const zone = `${cluster.name}.${cluster.baseDomain}`;
  const asked = host.resolutions?.filter(({ domain_name: name }) => name.startsWith(`validateNoWildcardDNS.${zone}`));
  if (!asked?.length)
    return pending('DNS wildcard check cannot be performed yet because the host has not yet performed DNS resolution');
  const found = asked.flatMap((answer) => [...(answer.ipv4_addresses ?? []), ...(answer.ipv6_addresses ?? [])]);
  if (found.length === 0) return success('DNS wildcard check was successful');
  return failure(
    `DNS wildcard configuration was detected for domain *.${zone} - the installation will not be able to complete while this ` +
      `record exists. Please remove it to proceed. The domain resolves to ${[...new Set(found)].join(', ')}`,
  );
}
