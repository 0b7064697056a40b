/** What the service's validations say, in whose words, and which of them really stop an installation (assisted-service.md §2.4). */
import { objects, parseField, textOr } from './json.ts';
import { PLAIN_WORDS } from './plain-words.ts';
import type { Host } from './types.ts';

/** status: success, failure, pending, error or disabled; category: network, hardware, operators, hosts-data, configuration. */
export interface Validation {
  category: string;
  id: string;
  status: string;
  message: string;
}

/** Why something cannot go on. `message` is the service's own sentence, `plain` says what to do about it. */
export interface Reason {
  id: string;
  message: string;
  plain: string;
}

export interface Explanation {
  failing: Reason[];
  pending: Reason[];
}

/** Host validations that are shown but never keep a host from being installed. */
const NEVER_BLOCKING = new Set([
  'ntp-synced',
  'mtu-valid',
  'container-images-available',
  'release-domain-name-resolved-correctly',
  'inventory-not-partially-truncated',
  'vsphere-disk-uuid-enabled',
]);

/** All validations of a host or a cluster; [] before there are any. Their order is not stable. */
export function validationsOf(subject: { validations_info?: string }): Validation[] {
  return Object.entries(parseField(subject.validations_info)).flatMap(([category, list]) =>
    objects(list).map((one) => ({
      category,
      id: textOr(one['id'], ''),
      status: textOr(one['status'], ''),
      message: textOr(one['message'], ''),
    })),
  );
}

/**
 * What fails and what is not judged yet. This, not status_info, says what a host waits for: the sentence there names
 * failing validations only, those that never block too.
 */
export function explainHost(host: Host): Explanation {
  return explain(host, PLAIN_WORDS.host);
}

/** The same for a cluster's own validations. */
export function explainCluster(cluster: { validations_info?: string }): Explanation {
  return explain(cluster, PLAIN_WORDS.cluster);
}

/**
 * The reasons that really keep a host from `known`, failing ones first. A container image that cannot be pulled does
 * not, yet it ends the preparation of an installation: see `explainHost` when a cluster falls back to `ready`.
 */
export function blocking(host: Host): Reason[] {
  const { failing, pending } = explainHost(host);
  return [...failing, ...pending].filter(({ id }) => !NEVER_BLOCKING.has(id));
}

function explain(subject: { validations_info?: string }, words: Record<string, string>): Explanation {
  const all = validationsOf(subject).sort((a, b) => a.id.localeCompare(b.id));
  const reasons = (...statuses: string[]): Reason[] =>
    all
      .filter(({ status }) => statuses.includes(status))
      .map(({ id, status, message }) => ({ id, message, plain: plainWords(words, id, status, message) }));
  return { failing: reasons('failure', 'error'), pending: reasons('pending') };
}

function plainWords(words: Record<string, string>, id: string, status: string, message: string): string {
  const known = words[`${id} ${status}`] ?? (status === 'pending' ? undefined : words[id]);
  if (known !== undefined) return known;
  return status === 'pending' ? `not judged yet: ${message || id}` : message || id;
}
