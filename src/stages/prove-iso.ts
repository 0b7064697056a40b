/** The ISO's own ignition against the inventory, before any BMC is given it: whose agents it starts, and on which machines. */
import { SnobootError } from '../core/errors.ts';
import { parseMac } from '../inventory/addresses.ts';
import { staticNetworkConfig } from '../inventory/network.ts';
import { type IsoIgnition, readIsoIgnition } from '../media/ignition.ts';
import { type ClusterContext, fact } from './context.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';

const MAP = /^\/etc\/assisted\/network\/(host\d+)\/mac_interface\.ini$/;

const CALLS = 'its agent calls';
const SAME_SERVICE =
  'if both names are of one service, write the one that agents call as service.agentUrl; no BMC was given this ISO';
const CHANGED =
  'find out who changed the infra-env at the service, then deploy with --replace; no BMC was given this ISO';

export const proveIso: Stage<ClusterContext> = {
  name: 'prove-iso',
  waitsFor: 'the ISO to be read',
  deadlineMs: MINUTE,
  pollMs: SECOND,
  tries: 0,
  settleMs: 0,
  group: 'download',
  look: async (cluster) => {
    const ignition = await readIsoIgnition(fact(cluster, 'isoPath'));
    const differences = differencesOf(cluster, ignition);
    if (differences.length === 0) {
      if (isUnseen(cluster, ignition)) cluster.run.say(cluster.subject, { type: 'warning', text: UNSEEN });
      return { so: true };
    }
    throw new SnobootError(
      'E-ISO-PROOF',
      `the discovery ISO is not of this inventory: ${differences.join('; ')}`,
      differences.every((one) => one.startsWith(CALLS)) ? SAME_SERVICE : CHANGED,
    );
  },
  expired: () => new SnobootError('E-ISO-FORMAT', 'the ISO could not be read within a minute', 'look at the disk'),
};

const UNSEEN = 'the minimal ISO does not show its static networks: only its infra-env, service and key were compared';

/** A minimal ISO has its networks in a ramdisk, which need not stand where it is known. */
function isUnseen({ spec }: ClusterContext, { files }: IsoIgnition): boolean {
  const isStatic = spec.hosts.some((host) => staticNetworkConfig(host) !== null);
  return spec.imageType === 'minimal-iso' && isStatic && ![...files.keys()].some((path) => MAP.test(path));
}

/** What the agent is told by its unit. */
interface AgentUnit {
  url: string | undefined;
  infraEnvId: string | undefined;
  token: string | undefined;
}

/** In words, [] when all agrees. A token is never named. */
export function differencesOf(cluster: ClusterContext, ignition: IsoIgnition): string[] {
  const { spec, run } = cluster;
  const unit = agentUnit(ignition.units.get('agent.service') ?? '');
  const token = tokenOf(cluster.pullSecret.reveal());
  const wanted = fact(cluster, 'infraEnvId');
  return [
    ...differs('its agent asks for infra-env', unit.infraEnvId, wanted, unit.infraEnvId === wanted),
    ...differs(CALLS, unit.url, run.agentUrl, originOf(unit.url) === originOf(run.agentUrl)),
    ...differs('its SSH keys are', keys(ignition.sshKeys), keys([spec.sshKey]), same(ignition.sshKeys, [spec.sshKey])),
    ...(unit.token && token && unit.token !== token ? ["its agent has another pull secret's token"] : []),
    ...(isUnseen(cluster, ignition) ? [] : networkDifferences(cluster, ignition.files)),
  ];
}

function differs(what: string, seen: string | undefined, wanted: string, agrees: boolean): string[] {
  return agrees ? [] : [`${what} ${seen === undefined || seen === '' ? 'nothing' : seen}, not ${wanted}`];
}

function agentUnit(text: string): AgentUnit {
  const flag = (name: string): string | undefined => new RegExp(`--${name}[ =](\\S+)`).exec(text)?.[1];
  return {
    url: flag('url'),
    infraEnvId: flag('infra-env-id'),
    token: /^Environment="?PULL_SECRET_TOKEN=([^"\s]+)/m.exec(text)?.[1],
  };
}

/** Scheme, host and port; a service may be reached below a path. */
function originOf(url: string | undefined): string {
  return URL.canParse(url ?? '') ? new URL(url!).origin : '';
}

/** What an agent of the hosted service shows as its own; undefined where the pull secret has none. */
function tokenOf(pullSecret: string): string | undefined {
  try {
    const { auths } = JSON.parse(pullSecret) as { auths?: Record<string, { auth?: string }> };
    return auths?.['cloud.openshift.com']?.auth;
  } catch {
    return undefined;
  }
}

/** Type and key, without the comment. */
const bare = (key: string): string => key.trim().split(/\s+/).slice(0, 2).join(' ');

function keys(texts: readonly string[]): string {
  return texts.map((text) => bare(text).replace(/^(.{32}).*(.{8})$/, '$1…$2')).join(', ');
}

function same(seen: readonly string[], wanted: readonly string[]): boolean {
  return seen.map(bare).sort().join() === wanted.map(bare).sort().join();
}

/** One map for each host with a static network, and beside it what the map is for. */
function networkDifferences({ spec }: ClusterContext, files: IsoIgnition['files']): string[] {
  const wanted = spec.hosts.flatMap((host) => {
    const config = staticNetworkConfig(host);
    const lines = (config?.mac_interface_map ?? []).map((one) => `${one.mac_address}=${one.logical_nic_name}`);
    return config ? [lines.sort().join(' ')] : [];
  });
  const folders = [...files].flatMap(([path, text]) => {
    const folder = MAP.exec(path)?.[1];
    return folder ? [{ folder, map: mapOf(text) }] : [];
  });
  const found = folders.map(({ map }) => map);
  const states = [...files.keys()].filter((path) => /\.(nmconnection|ya?ml)$/.test(path));
  const stateless = folders.filter(({ folder }) => !states.some((path) => path.includes(`/network/${folder}/`)));
  return [
    ...differs(
      'its static networks are for',
      found.sort().join(', '),
      wanted.sort().join(', ') || 'nobody',
      found.join() === wanted.join(),
    ),
    ...stateless.map(({ map }) => `it has no network configuration for ${map}`),
  ];
}

function mapOf(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines
    .map((line) => {
      const [mac = '', nic = ''] = line.trim().split('=');
      return `${parseMac(mac) ?? mac}=${nic}`;
    })
    .sort()
    .join(' ');
}
