/** The host validations of category network: machine network, default route, clock, names, images (assisted-service.md §2.4). */
import { neededImages } from './catalogue.ts';
import { addressesOf, addressIn } from './hardware.ts';
import type { Host } from './host-state.ts';
import { type Checks, failure, pending, type Seen, success, type Verdict, verdict, withInventory } from './verdicts.ts';

const NO_NETWORK = 'Missing inventory or machine network CIDR';

export const NETWORK_CHECKS: Checks = {
  'machine-cidr-defined': machineNetwork,
  'belongs-to-machine-cidr': ({ cluster: { machine_networks: networks }, host }) => {
    if (!host.inventory || !networks.length) return pending(NO_NETWORK);
    const advice = 'Verify that the host belongs to every CIDR listed under machine networks';
    const inside = networks.every(({ cidr }) => addressIn(host, cidr));
    const no = `Host does not belong to machine network CIDRs. ${advice}`;
    return verdict(inside, 'Host belongs to all machine network CIDRs', no);
  },
  'has-default-route': withInventory('Missing default routing information.', ({ routes = [] }) => {
    const found = routes.some((route) => /^(0\.0\.0\.0|::)(\/0)?$/.test(route.destination));
    const no = 'Host has not yet been configured with a default route.';
    return verdict(found, 'Host has been configured with at least one default route.', no);
  }),
  'ntp-synced': ({ host }) => {
    if (isInstalling(host)) return null;
    const synced = host.ntp_sources.some((source) => source.source_state === 'synced');
    return verdict(synced, 'Host NTP is synced', "Host couldn't synchronize with any NTP server");
  },
  'time-synced-between-host-and-service': timeSynced,
  'container-images-available': imagesAvailable,
  'api-domain-name-resolved-correctly': resolved('api'),
  'api-int-domain-name-resolved-correctly': resolved('api-int'),
  'apps-domain-name-resolved-correctly': resolved('*.apps'),
  'dns-wildcard-not-configured': noWildcard,
};

/** A single node's network is given, or computed from the host's addresses; the recordings pass it as soon as there are some. */
function machineNetwork({ cluster, host }: Seen): Verdict {
  if (cluster.machine_networks.length || addressesOf(host).length)
    return success('No Machine Network CIDR needed: User Managed Networking');
  if (!host.inventory) return pending(NO_NETWORK);
  const advice = 'the Machine Network CIDR can be defined by setting either the API or Ingress virtual IPs';
  return failure(`Machine Network CIDR is undefined; ${advice}`);
}

/** The clock is not looked at any more once the host installs (seen in the recordings). */
function isInstalling(host: Host): boolean {
  return host.status.startsWith('installing') || host.status === 'installed';
}

/**
 * A single node brings its own DNS for these names, so they pass whatever was resolved: in every recording from the
 * inventory on, before the first domain-resolution reply.
 */
function resolved(label: string) {
  return ({ cluster, host }: Seen): Verdict | null => {
    const name = `${label}.${cluster.name}.${cluster.base_dns_domain}`;
    if (!host.inventory) return null;
    return success(`Domain name resolution for the ${name} domain was successful or not required`);
  };
}

const MAX_BEHIND_MINUTES = 20;
const MAX_AHEAD_MINUTES = 60;

function timeSynced({ host, now }: Seen): Verdict | null {
  if (isInstalling(host) || !host.timestamp) return null;
  const behind = (host.behindMs + now - host.checked_in_at) / 60_000;
  const bad = (who: string, minutes: number): Verdict => {
    const at = new Date(now).toISOString().replace('T', ' ').replace('Z', ' +0000 UTC');
    const advice = `please configure an NTP server via DHCP. Service time: ${at}`;
    return failure(`Host clock is not synchronized, ${who} at least for ${minutes}.0 minutes, ${advice}`);
  };
  if (behind > MAX_BEHIND_MINUTES) return bad("service time is ahead of host's", MAX_BEHIND_MINUTES);
  if (-behind > MAX_AHEAD_MINUTES) return bad('host time is ahead of service', MAX_AHEAD_MINUTES);
  return success('Host clock is synchronized with service');
}

function imagesAvailable({ cluster, host }: Seen): Verdict {
  const needed = neededImages(cluster.openshift_version);
  const failed = needed.filter((name) => host.images_status[name]?.result === 'failure').sort();
  return verdict(
    failed.length === 0,
    'All required container images were either pulled successfully or no attempt was made to pull them',
    `Failed to fetch container images needed for installation from ${failed.join(',')}. This may be due to a network hiccup. ` +
      'Retry to install again. If this problem persists, check your network settings to make sure you’re not blocked.',
  );
}

function noWildcard({ cluster, host }: Seen): Verdict {
  const zone = `${cluster.name}.${cluster.base_dns_domain}`;
  const replies = host.domain_name_resolutions?.resolutions ?? [];
  const asked = replies.filter(({ domain_name: name }) => name.startsWith(`validateNoWildcardDNS.${zone}`));
  if (!asked.length)
    return pending('DNS wildcard check cannot be performed yet because the host has not yet performed DNS resolution');
  const found = asked.flatMap((answer) => [...(answer.ipv4_addresses ?? []), ...(answer.ipv6_addresses ?? [])]);
  return verdict(
    found.length === 0,
    'DNS wildcard check was successful',
    `DNS wildcard configuration was detected for domain *.${zone} - the installation will not be able to complete while this ` +
      `record exists. Please remove it to proceed. The domain resolves to ${[...new Set(found)].join(', ')}`,
  );
}
