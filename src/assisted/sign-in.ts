/** Signing in at Red Hat's SSO: an offline token becomes access tokens of some 15 minutes (assisted-service.md §1.2). */
import type { Clock } from '../core/clock.ts';
import { SnobootError } from '../core/errors.ts';
import { asHttpError } from '../core/http-error.ts';
import type { HttpClient, HttpResponse, Trust } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { isObject, parseJson } from './json.ts';

export const SSO_URL = 'https://sso.redhat.com/auth/realms/redhat-external/protocol/openid-connect/token';

export interface SignIn {
  offlineToken: Secret;
  http: HttpClient;
  clock: Clock;
  /** Of the service; what is not verified there still is here. */
  trust?: Trust;
  /** Token endpoint; SSO_URL if left out. */
  url?: string;
  clientId?: string;
}

/** A token is renewed when less is left of it, in real time; of short-lived ones, two thirds. */
const MARGIN_MS = 600_000;

interface Access {
  token: Secret;
  renewAt: number;
  endsAt: number;
}

/**
 * What `AssistedDeps.token` wants: the cached access token while it is good for long enough, else a new one. Given the
 * token that the service refused, it fetches another one unless that has happened already. Rejects with E-SVC-AUTH when
 * the offline token is refused, with E-SVC-UNREACH when the SSO does not answer and no token is left that still holds.
 */
export function createSignIn(signIn: SignIn): (rejected?: Secret) => Promise<Secret> {
  let access: Access | undefined;
  let fetching: Promise<Access> | undefined;
  const usable = (until: 'renewAt' | 'endsAt', rejected?: Secret): Access | undefined =>
    access && access.token !== rejected && signIn.clock.wall() < access[until] ? access : undefined;
  return async (rejected) => {
    const good = usable('renewAt', rejected);
    if (good) return good.token;
    fetching ??= fetchAccess(signIn).finally(() => (fetching = undefined));
    try {
      access = await fetching;
    } catch (error) {
      const old = usable('endsAt', rejected);
      if (!old || (error as SnobootError).code === 'E-SVC-AUTH') throw error;
      return old.token;
    }
    return access.token;
  };
}

async function fetchAccess({
  offlineToken,
  http,
  clock,
  trust = { kind: 'verify' },
  url = SSO_URL,
  clientId = 'cloud-services',
}: SignIn): Promise<Access> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: offlineToken.reveal(),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const verified: Trust = trust.kind === 'verify' ? trust : { kind: 'verify' };
  const asked = clock.wall();
  const answer = await http
    .send({ method: 'POST', url, headers, body: form.toString(), trust: verified })
    .catch((error: unknown) => {
      throw lost(url, asHttpError(error, url, false).failure, error);
    });
  if (answer.status !== 200) throw refused(url, answer);
  const value = parseJson(answer.body.toString('utf8'));
  if (!isObject(value) || typeof value['access_token'] !== 'string') throw lost(url, 'an answer without access_token');
  const lifeMs = (typeof value['expires_in'] === 'number' ? value['expires_in'] : 0) * 1000;
  const margin = Math.min(MARGIN_MS, (lifeMs * 2) / 3);
  const endsAt = asked + lifeMs;
  return { token: new Secret(value['access_token']), renewAt: endsAt - margin, endsAt };
}

function refused(url: string, { status, body }: HttpResponse): SnobootError {
  if (status >= 500 || status === 429) return lost(url, `status ${status}`);
  const value = parseJson(body.toString('utf8'));
  const word = isObject(value) && typeof value['error'] === 'string' ? value['error'] : 'no reason given';
  return new SnobootError(
    'E-SVC-AUTH',
    `${new URL(url).host} refused the offline token: ${status} ${word}`,
    'get a new offline token at https://console.redhat.com/openshift/token and put it where the inventory points',
  );
}

function lost(url: string, what: string, cause?: unknown): SnobootError {
  return new SnobootError(
    'E-SVC-UNREACH',
    `no sign-in at ${new URL(url).host}: ${what}`,
    'check the network, then try again',
    cause,
  );
}
