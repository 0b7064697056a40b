/** The lab's service on a socket under a virtual clock, with a scripted agent: what the service tests work with. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createVirtualClock, type VirtualClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import type { HistoryEntry, Lab } from '../../src/lab/context.ts';
import { releasesWith } from '../../src/lab/service/catalogue.ts';
import type { Faults, Seams } from '../../src/lab/faults.ts';
import { createService } from '../../src/lab/service/serve.ts';
import { emptyService } from '../../src/lab/service/state.ts';

export const START = Date.UTC(2026, 10, 22, 12, 0, 30);
export const SECRET = JSON.stringify({
  auths: { 'cloud.openshift.com': { auth: Buffer.from('lab:fake').toString('base64') } },
});
export const HOST_ID = '5a319695-45a5-4d45-b2cb-56bfafa1b1ee';
const VERSION = '4.20.33';

export type Json = Record<string, unknown>;

/** The fields of answers that the tests look at; which of them an answer has depends on the call. */
export interface Seen {
  id: string;
  status: string;
  status_info: string;
  reason: string;
  message: string;
  url: string;
  requested_hostname: string;
  install_completed_at: string;
  validations_info?: string;
  progress: { total_percentage: number };
  hosts: Seen[];
  instructions: { step_type: string; args: string[] }[] | null;
  systemd: { units: { name: string; contents: string }[] };
  storage: { files: { path: string; contents: { source: string } }[] };
}

export interface Reply {
  status: number;
  headers: Headers;
  bytes: Buffer;
  /** Empty where the answer is no JSON object. */
  json: Seen;
}

export interface Bench {
  clock: VirtualClock;
  history: HistoryEntry[];
  baseUrl: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Lab seconds, in steps small enough for each monitor's tick to see its own instant. */
  pass(seconds: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

type Change = { [S in keyof Seams]?: (value: Seams[S], subject: string) => Seams[S] };

/** A service of its own for one test; `faults` changes what passes the seams. */
export async function startBench(faults: Change = {}): Promise<Bench> {
  const clock = createVirtualClock(START);
  const history: HistoryEntry[] = [];
  const down = new AbortController();
  const at: Faults['at'] = (seam, subject, value) =>
    faults[seam]?.(value, subject) ?? (seam in faults ? (null as typeof value) : value);
  const lab: Lab = {
    clock,
    random: seededRandom('service'),
    send: () => Promise.reject(new Error('the service sends nothing')),
    world: { format: 1, now: START, serviceUrl: '', hosts: {}, service: emptyService() },
    faults: { at },
    releases: releasesWith([]),
    nodes: new Map(),
    record: (entry) => void history.push(entry),
    changed: () => undefined,
    signal: down.signal,
  };
  const service = createService(lab);
  const server = createServer((req, res) => service.handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  service.setBaseUrl(baseUrl);
  const running = service.run();
  return {
    clock,
    history,
    baseUrl,
    call: (method, path, body, headers = {}) => call(baseUrl, method, path, body, headers),
    pass: async (seconds) => {
      for (let left = seconds; left > 0; left -= 1) await clock.advance(Math.min(1, left) * 1000);
    },
    [Symbol.asyncDispose]: async () => {
      down.abort(new Error('down'));
      await running;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function call(
  base: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Reply> {
  const url = path.startsWith('http') ? path : `${base}${path.startsWith('/v2') ? '/api/assisted-install' : ''}${path}`;
  const answer = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = /^[[{]/.test(bytes.subarray(0, 1).toString());
  const json = (isJson ? JSON.parse(bytes.toString()) : {}) as Seen;
  return { status: answer.status, headers: answer.headers, bytes, json };
}

export interface Made {
  cluster: string;
  infraEnv: string;
  host: string;
}

/** Cluster `sno` of `lab.example.com` and its infra-env; the paths of both and of the host that will register. */
export async function makeCluster(bench: Bench, fields: Json = {}, infraEnvFields: Json = {}): Promise<Made> {
  const made = await bench.call('POST', '/v2/clusters', {
    name: 'sno',
    openshift_version: VERSION,
    base_dns_domain: 'lab.example.com',
    control_plane_count: 1,
    pull_secret: SECRET,
    ...fields,
  });
  const { id } = made.json;
  const body = {
    name: 'sno_infra-env',
    cluster_id: id,
    pull_secret: SECRET,
    openshift_version: VERSION,
    ...infraEnvFields,
  };
  const infraEnv = `/v2/infra-envs/${(await bench.call('POST', '/v2/infra-envs', body)).json.id}`;
  return { cluster: `/v2/clusters/${id}`, infraEnv, host: `${infraEnv}/hosts/${HOST_ID}` };
}

export interface Machine {
  hostname: string;
  cpus: number;
  memoryGiB: number;
  diskGB: number;
  addresses: string[];
  defaultRoute: boolean;
  ntp: string;
  wildcard: string[];
  behindMinutes: number;
  images: 'success' | 'failure';
  disk: { exit_code: number; output: string };
  install: number;
}

export const GOOD: Machine = {
  hostname: 'host-0',
  cpus: 8,
  memoryGiB: 16,
  diskGB: 120,
  addresses: ['192.168.127.10/24'],
  defaultRoute: true,
  ntp: 'synced',
  wildcard: [],
  behindMinutes: 0,
  images: 'success',
  disk: { exit_code: 0, output: '{"io_sync_duration":3}' },
  install: 0,
};

export const DISK_ID = '/dev/disk/by-id/wwn-0x5000c5f62f1fcf3c';

export function inventoryOf(machine: Machine): Json {
  return {
    hostname: machine.hostname,
    cpu: { count: machine.cpus, architecture: 'x86_64' },
    memory: { physical_bytes: machine.memoryGiB * 2 ** 30, usable_bytes: machine.memoryGiB * 2 ** 30 },
    disks: [
      {
        id: DISK_ID,
        name: 'sda',
        path: '/dev/sda',
        drive_type: 'SSD',
        size_bytes: machine.diskGB * 1e9,
        bootable: true,
        model: 'M',
        serial: 'S1',
      },
    ],
    interfaces: machine.addresses.map((address, i) => ({
      name: `eno${i}`,
      mac_address: `52:54:00:00:00:0${i}`,
      ipv4_addresses: [address],
    })),
    routes: machine.defaultRoute
      ? [{ destination: '0.0.0.0', gateway: '192.168.127.1', interface: 'eno0', family: 2 }]
      : [],
  };
}

export function register(bench: Bench, made: Made): Promise<Reply> {
  return bench.call('POST', `${made.infraEnv}/hosts`, { host_id: HOST_ID, discovery_agent_version: 'agent:latest' });
}

/** One poll of the agent: it answers each step as the machine does; the step types are returned. */
export async function poll(bench: Bench, made: Made, machine: Machine = GOOD): Promise<string[]> {
  const timestamp = Math.floor(bench.clock.wall() / 1000) - machine.behindMinutes * 60;
  const { json } = await bench.call('GET', `${made.host}/instructions?timestamp=${timestamp}`);
  const steps = json.instructions ?? [];
  for (const step of steps) {
    const reply = answerTo(step, machine);
    if (reply)
      await bench.call('POST', `${made.host}/instructions`, {
        step_type: step.step_type,
        exit_code: 0,
        error: '',
        ...reply,
      });
  }
  return steps.map((step) => step.step_type);
}

interface Asked {
  domains: { domain_name: string }[];
  images: string[];
}

function answerTo(step: { step_type: string; args: string[] }, machine: Machine): Json | undefined {
  const asked = (step.args[0]?.startsWith('{') ? JSON.parse(step.args[0]) : {}) as Asked;
  const output = (value: unknown): Json => ({ output: JSON.stringify(value) });
  switch (step.step_type) {
    case 'inventory':
      return output(inventoryOf(machine));
    case 'ntp-synchronizer':
      return output({ ntp_sources: [{ source_name: 'clock.lab', source_state: machine.ntp }] });
    case 'domain-resolution':
      return output({
        resolutions: asked.domains.map(({ domain_name: name }) => ({
          domain_name: name,
          ipv4_addresses: name.startsWith('validateNoWildcardDNS') ? machine.wildcard : [],
        })),
      });
    case 'installation-disk-speed-check':
      return machine.disk;
    case 'container-image-availability':
      return output({ images: asked.images.map((name) => ({ name, result: machine.images })) });
    case 'install':
      return machine.install ? { exit_code: machine.install, output: '', error: 'failed' } : undefined;
    default:
      return undefined;
  }
}

/** From registration to the moment when every check has had its turn. */
export async function discover(bench: Bench, made: Made, machine: Machine = GOOD): Promise<void> {
  await register(bench, made);
  for (let round = 0; round < 4; round++) {
    await poll(bench, made, machine);
    await bench.pass(20);
  }
}

/** A ready cluster, install triggered, polled until the agent was told to install. */
export async function beginInstall(bench: Bench, made: Made, machine: Machine = GOOD): Promise<void> {
  await discover(bench, made, machine);
  await bench.call('POST', `${made.cluster}/actions/install`);
  for (let round = 0; round < 6; round++) {
    await bench.pass(20);
    if ((await poll(bench, made, machine)).includes('install')) return;
  }
}

export function stage(bench: Bench, made: Made, name: string, info?: string): Promise<Reply> {
  return bench.call('PUT', `${made.host}/progress`, { current_stage: name, ...(info ? { progress_info: info } : {}) });
}

export async function read(bench: Bench, path: string): Promise<Seen> {
  return (await bench.call('GET', path)).json;
}

/** Validation id → status of a cluster or host. */
export function verdicts(json: Seen | undefined): Record<string, string> {
  const info = JSON.parse(json?.validations_info ?? '{}') as Record<string, { id: string; status: string }[]>;
  return Object.fromEntries(Object.values(info).flatMap((list) => list.map(({ id, status }) => [id, status])));
}
