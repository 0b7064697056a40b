/** The assisted-service's client: shapes of answers, repeats on a virtual clock, explanations, logs and sign-in. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { lstat, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { pack, type Headers } from 'tar-stream';
import { createAssisted } from '../../src/assisted/client.ts';
import { inventoryOf, listed } from '../../src/assisted/inventory.ts';
import { unpackLogs } from '../../src/assisted/logs.ts';
import { PLAIN_WORDS } from '../../src/assisted/plain-words.ts';
import { createSignIn } from '../../src/assisted/sign-in.ts';
import { type Cluster, type Host, stageOf } from '../../src/assisted/types.ts';
import { blocking, explainCluster, explainHost, validationsOf } from '../../src/assisted/validations.ts';
import { warnings } from '../../src/assisted/warnings.ts';
import { createVirtualClock } from '../../src/core/clock.ts';
import { HttpError } from '../../src/core/http-error.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../src/core/http.ts';
import { Secret } from '../../src/core/secret.ts';

const CLUSTER = { id: 'c1', name: 'sno1', status: 'ready', status_info: 'Cluster ready to be installed' };

function answer(status: number, body: unknown = '', headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

type Reply = HttpResponse | Error;

/** A service that gives these replies in their order, the last one for ever, and a client of it. */
function serviceOf(...replies: Reply[]) {
  const clock = createVirtualClock(1_000_000);
  const requests: HttpRequest[] = [];
  const recovered: string[] = [];
  const send = (request: HttpRequest): Promise<HttpResponse> => {
    requests.push(request);
    const reply = (replies.length > 1 ? replies.shift() : replies[0]) ?? answer(500);
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
  };
  const http: HttpClient = {
    send,
    open: async (request) => {
      const { body, ...rest } = await send(request);
      return { ...rest, body: Readable.from([body]) };
    },
    close: () => Promise.resolve(),
  };
  const onRecovered = (text: string) => void recovered.push(text);
  const clientWith = (token?: (refused?: Secret) => Promise<Secret | null>) =>
    createAssisted({
      url: 'http://svc:8090/',
      http,
      clock,
      trust: { kind: 'verify' },
      onRecovered,
      ...(token ? { token } : {}),
    });
  return { client: clientWith(), clientWith, clock, requests, recovered, http };
}

/** The outcome of a call during which `seconds` pass on the clock. */
async function during<T>(clock: { advance(ms: number): Promise<void> }, seconds: number, call: Promise<T>): Promise<T> {
  call.catch(() => undefined);
  await clock.advance(seconds * 1000);
  return call;
}

describe('the client', () => {
  const urls = ['http://h:1', 'http://h:1/', 'http://h:1/api/assisted-install', 'http://h:1/api/assisted-install/v2/'];
  for (const url of urls)
    it(`finds the API from ${url}`, async () => {
      const { http, clock, requests } = serviceOf(answer(200, []));
      await createAssisted({ url, http, clock, trust: { kind: 'verify' } }).listClusters();
      assert.equal(requests[0]?.url, 'http://h:1/api/assisted-install/v2/clusters?with_hosts=true');
    });

  it('keeps a status that nobody knows', async () => {
    const { client } = serviceOf(answer(200, { ...CLUSTER, status: 'pondering', surprise: [1] }));
    assert.equal((await client.getCluster('c1')).status, 'pondering');
  });

  it('takes nulls and missing fields for absent ones', async () => {
    const { client } = serviceOf(answer(200, { id: 'c1', hosts: null, tags: null, status: null }));
    const cluster = await client.getCluster('c1');
    assert.deepEqual([cluster.status, cluster.hosts, cluster.tags], ['', [], undefined]);
  });

  it('reveals a Secret in a request on the wire alone', async () => {
    const { client, requests } = serviceOf(answer(201, CLUSTER));
    const params = { name: 'sno1', openshift_version: '4.20', pull_secret: new Secret('{"auths":{"a":1}}') };
    await client.createCluster(params);
    assert.match(String(requests[0]?.body), /"pull_secret":"\{\\"auths\\":/);
    assert.doesNotMatch(JSON.stringify(params), /auths/);
  });

  it('sends a manifest as base64', async () => {
    const { client, requests } = serviceOf(answer(201, { folder: 'openshift', file_name: 'a.yaml' }));
    await client.uploadManifest('c1', { folder: 'openshift', fileName: 'a.yaml', content: 'kind: ä\n' });
    const body = JSON.parse(String(requests[0]?.body)) as { content: string };
    assert.equal(Buffer.from(body.content, 'base64').toString(), 'kind: ä\n');
  });

  it('accepts anything for a download: application/json would be refused', async () => {
    const { client, requests } = serviceOf(answer(200, 'apiVersion: v1\n'));
    assert.equal((await client.credentialsFile('c1', 'kubeconfig')).reveal(), 'apiVersion: v1\n');
    assert.equal(requests[0]?.headers?.['accept'], '*/*');
  });

  const versions: [unknown, string][] = [
    [{ versions: { 'assisted-installer-service': 'quay.io:443/a/service:v2.47' }, release_tag: 'v2.48' }, 'v2.48'],
    [{ versions: { 'assisted-installer-service': 'quay.io:443/a/service:v2.47' } }, 'v2.47'],
    [{ versions: { 'assisted-installer-service': 'Unknown' } }, 'Unknown'],
    [{ versions: {} }, 'unknown'],
  ];
  for (const [body, version] of versions)
    it(`reads version ${version} from ${JSON.stringify(body)}`, async () => {
      assert.equal(await serviceOf(answer(200, body)).client.version(), version);
    });

  it('leaves infra-envs of other clusters alone, also where the service does not filter', async () => {
    const { client } = serviceOf(
      answer(200, [
        { id: 'i1', cluster_id: 'c1' },
        { id: 'i2', cluster_id: 'c2' },
      ]),
    );
    assert.deepEqual(
      (await client.listInfraEnvs('c1')).map(({ id }) => id),
      ['i1'],
    );
  });
});

describe('a refusal', () => {
  const business = (status: number, reason: string) =>
    answer(status, { kind: 'Error', id: status, href: '', code: `${status}`, reason });
  const schema = (status: number, message: string) => answer(status, { code: status, message });
  const table: [string, HttpResponse, string, RegExp][] = [
    [
      'of the service',
      business(409, 'Cluster c1 is in installing state'),
      'E-SVC-REFUSED',
      /409 Cluster c1 is in installing state$/,
    ],
    [
      'of its schema check',
      schema(400, 'folder in body should be one of [manifests openshift]'),
      'E-SVC-REFUSED',
      /400 folder in body/,
    ],
    ['of its login', schema(401, 'token expired'), 'E-SVC-AUTH', /401 token expired/],
    ['of its authorization', schema(403, 'not yours'), 'E-SVC-AUTH', /403 not yours/],
    [
      'as octet-stream',
      { ...business(409, 'too early'), headers: { 'content-type': 'application/octet-stream' } },
      'E-SVC-REFUSED',
      /too early/,
    ],
    ['for a record that is gone', business(404, 'record not found'), 'E-SVC-GONE', /record not found/],
    ['for a path that it does not know', schema(404, 'path /x was not found'), 'E-SVC-PROTO', /path \/x was not found/],
    ['of a proxy, as a web page', answer(400, '<html><title>Bad</title><p>x'), 'E-SVC-REFUSED', /400 Bad$/],
    ['by sending elsewhere', answer(302, ''), 'E-SVC-PROTO', /302/],
    ['with nothing but a status', answer(418), 'E-SVC-REFUSED', /418$/],
    [
      'of an install, without the list behind it',
      business(409, 'Cluster is not ready for installation, x validation_info={"a":[]}'),
      'E-SVC-REFUSED',
      /installation, x$/,
    ],
  ];
  for (const [what, reply, code, message] of table)
    it(`${what} becomes ${code}`, async () => {
      await assert.rejects(serviceOf(reply).client.install('c1'), { code, message });
    });

  it('names the field that the service does not know', async () => {
    const said = 'parsing newClusterParams body from "" failed, because json: unknown field "base_dns_doman"';
    const { client } = serviceOf(schema(400, said));
    const create = client.createCluster({ name: 'a', openshift_version: '4.20', pull_secret: '{}' });
    await assert.rejects(create, { code: 'E-SVC-REFUSED', message: /does not know the field "base_dns_doman"/ });
  });

  it('is E-SVC-PROTO when 200 comes with something else', async () => {
    await assert.rejects(serviceOf(answer(200, '<html>hello')).client.getCluster('c1'), { code: 'E-SVC-PROTO' });
  });

  it('of a log download carries the sentence too', async () => {
    await assert.rejects(serviceOf(business(409, 'no logs')).client.logs('c1'), { message: /no logs/ });
  });
});

describe('a service in trouble', () => {
  const busy = answer(503);
  const reset = new HttpError('reset', 'GET http://svc: ECONNRESET');

  it('is read again until it answers, which is told', async () => {
    const { client, clock, requests, recovered } = serviceOf(busy, reset, answer(200, CLUSTER));
    await during(clock, 3, client.getCluster('c1'));
    assert.equal(requests.length, 3);
    assert.deepEqual(recovered, ['the service answers again after 3 s (GET /clusters/c1: connection: reset)']);
  });

  it('is given as long as its Retry-After says', async () => {
    const { client, clock, requests } = serviceOf(answer(429, '', { 'retry-after': '60' }), answer(200, CLUSTER));
    const call = client.getCluster('c1');
    await clock.advance(59_000);
    assert.equal(requests.length, 1);
    await during(clock, 1, call);
  });

  it('is given up after three minutes', async () => {
    const { client, clock, requests } = serviceOf(busy);
    await assert.rejects(during(clock, 185, client.getCluster('c1')), { code: 'E-SVC-UNREACH', message: /503/ });
    assert.ok(requests.length > 8 && requests.length < 25, `${requests.length} requests`);
  });

  it('is never asked twice to do something', async () => {
    for (const trouble of [busy, reset]) {
      const { client, requests } = serviceOf(trouble);
      const create = client.createCluster({ name: 'a', openshift_version: '4.20', pull_secret: '{}' });
      await assert.rejects(create, { code: 'E-SVC-UNREACH' });
      assert.equal(requests.length, 1);
    }
  });

  it('is asked again to do what it put off, when its Retry-After has passed: nothing was done', async () => {
    const { client, clock, requests, recovered } = serviceOf(
      answer(429, '', { 'retry-after': '60' }),
      answer(201, CLUSTER),
    );
    const create = client.createCluster({ name: 'a', openshift_version: '4.20', pull_secret: '{}' });
    await clock.advance(59_000);
    assert.equal(requests.length, 1);
    await during(clock, 1, create);
    assert.equal(requests.length, 2);
    assert.equal(recovered.length, 1);
  });

  it('is not waited for when its certificate is wrong', async () => {
    const { client, requests } = serviceOf(new HttpError('tls', 'self-signed'));
    await assert.rejects(client.getCluster('c1'), { code: 'E-SVC-UNREACH', todo: /CA or fingerprint/ });
    assert.equal(requests.length, 1);
  });

  it('is read again when a list comes as an error object with 200', async () => {
    const { client, clock } = serviceOf(answer(200, { code: 500, message: 'db is away' }), answer(200, [CLUSTER]));
    assert.equal((await during(clock, 1, client.listClusters())).length, 1);
  });

  it('is left at once with the reason of the signal', async () => {
    const { client, clock } = serviceOf(busy);
    const stop = new AbortController();
    const call = client.getCluster('c1', stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(during(clock, 0, call), /enough/);
  });
});

describe('taking down', () => {
  type Client = ReturnType<typeof serviceOf>['client'];
  const base = 'http://svc:8090/api/assisted-install/v2';
  const calls: [string, string, (client: Client) => Promise<void>][] = [
    ['a host', `${base}/infra-envs/i1/hosts/h%2F1`, (client) => client.deleteHost('i1', 'h/1')],
    ['an infra-env', `${base}/infra-envs/i1`, (client) => client.deleteInfraEnv('i1')],
    ['a cluster', `${base}/clusters/c1`, (client) => client.deleteCluster('c1')],
  ];
  for (const [what, url, call] of calls) {
    it(`deletes ${what}, which answers 204 without a body`, async () => {
      const { client, requests } = serviceOf(answer(204));
      await call(client);
      assert.deepEqual(
        requests.map((request) => [request.method, request.url, request.body]),
        [['DELETE', url, undefined]],
      );
    });

    it(`says so when ${what} was gone before`, async () => {
      const { client } = serviceOf(answer(404, { kind: 'Error', id: 404, code: '404', reason: 'record not found' }));
      await assert.rejects(call(client), { code: 'E-SVC-GONE' });
    });

    it(`sends the deletion of ${what} once, though nobody knows what came of it`, async () => {
      const { client, requests } = serviceOf(new HttpError('reset', 'ECONNRESET'));
      await assert.rejects(call(client), { code: 'E-SVC-UNREACH' });
      assert.equal(requests.length, 1);
    });
  }

  it('cancels once, whatever the half-old answer says', async () => {
    const half = { ...CLUSTER, status: 'cancelled', status_info: 'Installation in progress' };
    const { client, requests } = serviceOf(answer(202, half));
    await client.cancel('c1');
    assert.deepEqual([requests.length, requests[0]?.url], [1, `${base}/clusters/c1/actions/cancel`]);
  });

  it('finds the hosts of an infra-env that no cluster has', async () => {
    const { client } = serviceOf(answer(200, [{ id: 'h1', status: 'known-unbound', cluster_id: null }]));
    assert.deepEqual(
      (await client.listHosts('i1')).map(({ id, cluster_id }) => [id, cluster_id]),
      [['h1', undefined]],
    );
  });
});

describe('a token', () => {
  const signIn = (...tokens: string[]) => {
    const asked: (string | undefined)[] = [];
    return {
      asked,
      token: (refused?: Secret) => (asked.push(refused?.reveal()), Promise.resolve(new Secret(tokens.shift() ?? ''))),
    };
  };

  it('that is refused is replaced once, for a POST too', async () => {
    const { clientWith, requests } = serviceOf(answer(401), answer(202, CLUSTER));
    const { token, asked } = signIn('first-token', 'second-token');
    await clientWith(token).install('c1');
    assert.deepEqual(asked, [undefined, 'first-token']);
    assert.equal(requests[1]?.headers?.['authorization'], 'Bearer second-token');
  });

  it('that is refused twice is E-SVC-AUTH, and is not shown', async () => {
    const { clientWith, requests } = serviceOf(answer(401, { code: 401, message: 'bad second-token' }));
    const { token } = signIn('first-token', 'second-token');
    await assert.rejects(
      clientWith(token).install('c1'),
      (error: Error & { code?: string }) => error.code === 'E-SVC-AUTH' && !error.message.includes('second-token'),
    );
    assert.equal(requests.length, 2);
  });
});

describe('signing in', () => {
  const granted = (access_token: string, expires_in = 900) => answer(200, { access_token, expires_in });
  const signInAt = (...replies: Reply[]) => {
    const service = serviceOf(...replies);
    return {
      ...service,
      token: createSignIn({ offlineToken: new Secret('offline-token'), http: service.http, clock: service.clock }),
    };
  };

  it('exchanges the offline token, as Red Hat wants it', async () => {
    const { token, requests } = signInAt(granted('access-1'));
    assert.equal((await token()).reveal(), 'access-1');
    assert.equal(requests[0]?.body, 'grant_type=refresh_token&client_id=cloud-services&refresh_token=offline-token');
  });

  it('keeps a token until ten minutes are left of it', async () => {
    const { token, clock } = signInAt(granted('access-1'), granted('access-2'));
    await token();
    await clock.advance(299_000);
    assert.equal((await token()).reveal(), 'access-1');
    await clock.advance(2000);
    assert.equal((await token()).reveal(), 'access-2');
  });

  it('asks once for all who wait, and once for all whose token was refused', async () => {
    const { token, requests } = signInAt(granted('access-1'), granted('access-2'));
    const [first] = await Promise.all([token(), token()]);
    await Promise.all([token(first), token(first)]);
    assert.equal((await token(first)).reveal(), 'access-2');
    assert.equal(requests.length, 2);
  });

  it('goes on with a token that still holds while the SSO is away', async () => {
    const { token, clock } = signInAt(granted('access-1'), answer(500));
    await token();
    await clock.advance(400_000);
    assert.equal((await token()).reveal(), 'access-1');
    await clock.advance(600_000);
    await assert.rejects(token(), { code: 'E-SVC-UNREACH' });
  });

  it('says that the offline token is dead without showing it', async () => {
    const { token } = signInAt(answer(400, { error: 'invalid_grant', error_description: 'offline-token is stale' }));
    await assert.rejects(token(), (error: Error & { code?: string }) => {
      return (
        error.code === 'E-SVC-AUTH' &&
        /400 invalid_grant/.test(error.message) &&
        !error.message.includes('offline-token')
      );
    });
  });
});

const hostWith = (fields: Partial<Host>): Host => ({ id: 'h1', status: 'insufficient', status_info: '', ...fields });
const validations = (...list: [id: string, status: string, message?: string][]) =>
  JSON.stringify({ network: list.map(([id, status, message = `${id} said`]) => ({ id, status, message })) });

describe('an explanation', () => {
  it("tells what fails and what is pending, in plain words and in the service's", () => {
    const host = hostWith({
      validations_info: validations(
        ['has-default-route', 'failure', 'Host has not yet been configured with a default route.'],
        ['dns-wildcard-not-configured', 'pending'],
        ['connected', 'success'],
      ),
    });
    const { failing, pending } = explainHost(host);
    assert.deepEqual(
      failing.map(({ id, message }) => [id, message]),
      [['has-default-route', 'Host has not yet been configured with a default route.']],
    );
    assert.match(failing[0]?.plain ?? '', /no default route: add a route to 0\.0\.0\.0\/0/);
    assert.match(pending[0]?.plain ?? '', /does not reach its DNS server/);
  });

  it("uses the service's sentence for an id that nobody knows", () => {
    const { failing, pending } = explainHost(
      hostWith({ validations_info: validations(['new-one', 'error'], ['other', 'pending']) }),
    );
    assert.deepEqual([failing[0]?.plain, pending[0]?.plain], ['new-one said', 'not judged yet: other said']);
  });

  it('never counts NTP among what blocks, though it shows it', () => {
    const host = hostWith({
      validations_info: validations(['ntp-synced', 'failure'], ['hostname-valid', 'failure'], ['mtu-valid', 'pending']),
    });
    assert.deepEqual(
      blocking(host).map(({ id }) => id),
      ['hostname-valid'],
    );
    assert.equal(explainHost(host).failing.length, 2);
  });

  it('has other words for a cluster', () => {
    const { failing } = explainCluster({ validations_info: validations(['dns-domain-defined', 'failure']) });
    assert.match(failing[0]?.plain ?? '', /set baseDomain/);
  });

  for (const text of [undefined, '', 'null', '[]', '{"network": 3}', 'broken {'])
    it(`is empty for validations ${JSON.stringify(text)}`, () => {
      assert.deepEqual(validationsOf(text === undefined ? {} : { validations_info: text }), []);
    });

  it('warns of clocks, names and disks that do not stop an installation', () => {
    const name = (domain_name: string, ...ipv4_addresses: string[]) => ({
      domain_name,
      ipv4_addresses,
      ipv6_addresses: [],
    });
    const host = hostWith({
      validations_info: validations(['ntp-synced', 'failure', "Host couldn't synchronize with any NTP server"]),
      domain_name_resolutions: JSON.stringify({
        resolutions: [
          name('api.sno1.x'),
          name('api-int.sno1.x', '10.0.0.1'),
          name('validateNoWildcardDNS.sno1.x'),
          name('quay.io'),
        ],
      }),
      disks_info: JSON.stringify({
        '/dev/a': { disk_speed: { tested: true, speed_ms: 45 } },
        '/dev/b': { disk_speed: { speed_ms: 3 } },
      }),
    });
    assert.deepEqual(warnings(host), [
      "no NTP source is synced: Host couldn't synchronize with any NTP server",
      'DNS has no address for api.sno1.x',
      'disk /dev/a takes 45 ms for a write, 10 ms are asked for',
    ]);
  });

  it('warns of nothing before the agent has answered', () => {
    assert.deepEqual(warnings(hostWith({})), []);
  });
});

describe('progress', () => {
  const at = (progress: NonNullable<Host['progress']>) => stageOf(hostWith({ progress }));

  it('is the percentage of the image while it is written', () => {
    const progress = { current_stage: 'Writing image to disk', progress_info: '37%', installation_percentage: 50 };
    assert.deepEqual(at(progress), { stage: 'Writing image to disk', info: '37%', percent: 37 });
  });

  it('is that of the whole installation else', () => {
    assert.equal(
      at({ current_stage: 'Installing', progress_info: 'bootstrap', installation_percentage: 25 }).percent,
      25,
    );
  });

  it('is nothing before the first stage', () => {
    assert.deepEqual(at({ stage_started_at: '0001-01-01T00:00:00.000Z' }), { stage: '', info: '', percent: null });
  });
});

describe('an inventory', () => {
  it('is null before the agent has sent one', () => {
    assert.deepEqual([inventoryOf(hostWith({})), inventoryOf(hostWith({ inventory: '' }))], [null, null]);
  });

  it('is read although much of it is missing', () => {
    const inventory = inventoryOf(hostWith({ inventory: '{"disks":[{"id":"d"}, 7],"interfaces":null,"hostname":4}' }));
    assert.deepEqual(
      [inventory?.disks.length, inventory?.disks[0]?.eligible, inventory?.interfaces, inventory?.hostname],
      [1, false, [], ''],
    );
  });

  it('splits comma lists', () => {
    assert.deepEqual([listed('a, b,'), listed(''), listed(undefined)], [['a', 'b'], [], []]);
  });
});

describe('the words for validations', () => {
  const swagger = join(process.cwd(), '../shared/data/assisted-swagger.yaml');
  const skip = existsSync(swagger) ? false : '../shared is not here';
  /** Those of operators, of which snoboot installs none, the service words itself. */
  const isOfOperator = (id: string): boolean =>
    id.endsWith('-requirements-satisfied') && !/^(disk-encryption|platform|custom-manifests)-/.test(id);

  it('are there for each that the service knows', { skip }, () => {
    const text = readFileSync(swagger, 'utf8');
    for (const kind of ['host', 'cluster'] as const) {
      const [, list = ''] = new RegExp(`^  ${kind}-validation-id:\n[^]*?enum:\n((?: +- .*\n)+)`, 'm').exec(text) ?? [];
      const ids = [...list.matchAll(/- '?([a-z-]+)'?/g)].map(([, id = '']) => id);
      assert.ok(ids.length > 20, kind);
      assert.deepEqual(
        ids.filter((id) => !isOfOperator(id) && !Object.hasOwn(PLAIN_WORDS[kind], id)),
        [],
      );
    }
  });

  it('say of each failure what is wrong, and what to do about it', () => {
    const failures = Object.values(PLAIN_WORDS).flatMap(Object.entries<string>);
    const without = failures.filter(([id, words]) => !id.endsWith(' pending') && !/^[^:]{10,}: \S.{9,}/.test(words));
    assert.deepEqual(
      without.map(([id]) => id),
      // Which stops nothing, and says so.
      ['ntp-synced'],
    );
  });
});

describe('the recorded service', () => {
  const recording = join(process.cwd(), '../shared/data/recordings/service/a-sno-dhcp.jsonl.gz');
  const skip = existsSync(recording) ? false : '../shared is not here';
  const bodies = (): string[] => {
    const lines = gunzipSync(readFileSync(recording)).toString('utf8').trim().split('\n');
    const exchanges = lines.map(
      (line) => JSON.parse(line) as { method: string; path: string; status: number; res_body: string },
    );
    return exchanges
      .filter(
        ({ method, path, status }) => method === 'GET' && status === 200 && /\/clusters\/[0-9a-f-]{36}$/.test(path),
      )
      .map((one) => one.res_body);
  };
  const clusters = (): Promise<Cluster[]> =>
    Promise.all(bodies().map((body) => serviceOf(answer(200, body)).client.getCluster('c')));

  it('is understood in every reading of a cluster up to installed', { skip }, async () => {
    const seen = await clusters();
    assert.equal(seen.at(-1)?.status, 'installed');
    assert.ok(seen.every(({ id, name }) => id && name === 'sno1'));
  });

  it("shows its one host's machine", { skip }, async () => {
    const inventory = inventoryOf((await clusters()).at(-1)?.hosts[0] ?? hostWith({}));
    assert.equal(inventory?.vendor.serial, 'A0000000010');
    assert.deepEqual(
      inventory.interfaces.map(({ mac }) => mac),
      ['52:54:00:00:00:01', '52:54:00:00:f0:01'],
    );
    assert.deepEqual(
      inventory.disks.map(({ name, eligible }) => [name, eligible]),
      [
        ['sda', true],
        ['sdb', true],
        ['sr0', false],
      ],
    );
  });

  it(
    'names as what blocks a good host in its first seconds what is pending, not the NTP of its status_info',
    { skip },
    async () => {
      const young = (await clusters()).flatMap(({ hosts }) => hosts).find(({ status }) => status === 'insufficient');
      const ids = young && blocking(young).map(({ id }) => id);
      assert.deepEqual(ids, [
        'belongs-to-machine-cidr',
        'dns-wildcard-not-configured',
        'no-iscsi-nic-belongs-to-machine-cidr',
      ]);
    },
  );

  it('goes through its stages, with a percentage for each', { skip }, async () => {
    const stages = (await clusters())
      .flatMap(({ hosts }) => hosts)
      .map(stageOf)
      .filter(({ stage }) => stage !== '');
    assert.equal(stages.at(0)?.stage, 'Starting installation');
    assert.equal(stages.at(-1)?.stage, 'Done');
    assert.ok(stages.every(({ percent }) => percent !== null));
  });
});

describe('unpacked logs', () => {
  let dir = '';
  beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'snoboot-logs-'))));
  afterEach(() => rm(dir, { recursive: true }));
  const LIMITS = { maxBytes: 1_000_000, maxFiles: 10 };

  const tarOf = async (...entries: [Headers, string?][]): Promise<Buffer> => {
    const tar = pack();
    for (const [header, text] of entries) tar.entry(header, text ?? '');
    tar.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of tar) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const unpack = async (tar: Buffer, limits = LIMITS) =>
    (await unpackLogs(Readable.from([tar]), join(dir, 'logs'), limits)).map((path) => basename(path));
  const everything = async () => (await readdir(dir, { recursive: true })).sort();

  it('are files of their own folder, for their owner alone', async () => {
    assert.deepEqual(await unpack(await tarOf([{ name: 'cluster_events.json' }, '[]'])), ['cluster_events.json']);
    const path = join(dir, 'logs', 'cluster_events.json');
    assert.equal(await readFile(path, 'utf8'), '[]');
    assert.deepEqual([(await stat(path)).mode & 0o777, (await stat(join(dir, 'logs'))).mode & 0o777], [0o600, 0o700]);
  });

  it('never lie outside of it', async () => {
    const names = ['../../a', '/etc/b', 'x/../../c', '..\\d', '..', './', '...', 'e\n\u001b[2J'];
    const written = await unpack(await tarOf(...names.map((name): [Headers, string] => [{ name, type: 'file' }, 'x'])));
    assert.deepEqual(written, ['a', 'b', 'c', 'd', 'file', '2-file', '3-file', 'e___2J']);
    assert.deepEqual(await everything(), ['logs', ...written.map((name) => `logs/${name}`)].sort());
  });

  it('are regular files only', async () => {
    const link = { linkname: '/etc/passwd' };
    const tar = await tarOf(
      [{ name: 'soft', type: 'symlink', ...link }],
      [{ name: 'hard', type: 'link', ...link }],
      [{ name: 'dev', type: 'character-device' }],
      [{ name: 'pipe', type: 'fifo' }],
      [{ name: 'dir', type: 'directory' }],
      [{ name: 'good' }, 'x'],
    );
    assert.deepEqual(await unpack(tar), ['good']);
    assert.ok((await lstat(join(dir, 'logs', 'good'))).isFile());
  });

  it('are numbered when two have one name', async () => {
    const tar = await tarOf([{ name: 'a/log' }, '1'], [{ name: 'b/log' }, '2'], [{ name: 'LOG' }, '3']);
    assert.deepEqual(await unpack(tar), ['log', '2-log', '3-LOG']);
    assert.equal(await readFile(join(dir, 'logs', '2-log'), 'utf8'), '2');
  });

  it('do not overwrite what an earlier call left', async () => {
    const tar = await tarOf([{ name: 'log' }, '1']);
    assert.deepEqual([await unpack(tar), await unpack(tar)], [['log'], ['2-log']]);
  });

  it('end at the number of files that is allowed', async () => {
    const tar = await tarOf(...['a', 'b', 'c'].map((name): [Headers, string] => [{ name }, 'x']));
    assert.deepEqual(await unpack(tar, { ...LIMITS, maxFiles: 2 }), ['a', 'b']);
  });

  it('end at the number of bytes that is allowed, whatever an entry claims', async () => {
    const huge = await tarOf([{ name: 'huge' }, 'x'.repeat(300_000)]);
    assert.deepEqual(await unpack(huge, { ...LIMITS, maxBytes: 100_000 }), ['huge']);
    assert.ok((await stat(join(dir, 'logs', 'huge'))).size <= 100_000);
  });

  it('are what came when the tar breaks off', async () => {
    const tar = await tarOf([{ name: 'whole' }, 'x'.repeat(2000)], [{ name: 'half' }, 'y'.repeat(2000)]);
    assert.deepEqual(await unpack(tar.subarray(0, 4096)), ['whole', 'half']);
    assert.equal((await stat(join(dir, 'logs', 'whole'))).size, 2000);
  });

  it('are what came when the connection breaks off', async () => {
    const tar = await tarOf([{ name: 'whole' }, 'x'], [{ name: 'half' }, 'y'.repeat(2000)]);
    const stream = Readable.from(
      (function* () {
        yield tar.subarray(0, 1600);
        throw new Error('reset');
      })(),
    );
    assert.equal((await unpackLogs(stream, join(dir, 'logs'), LIMITS)).length, 2);
  });

  it('are none when what came is no tar', async () => {
    assert.deepEqual(await unpack(Buffer.alloc(2000, 'no tar')), []);
  });

  it('are refused with E-STATE where the folder cannot be made', async () => {
    const stream = Readable.from([await tarOf([{ name: 'a' }, 'x'])]);
    await assert.rejects(unpackLogs(stream, '/dev/null/logs', LIMITS), { code: 'E-STATE' });
  });
});
