/** The client's part of a deployment by plain HTTP, for tests that judge the lab alone. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClock } from '../../src/core/clock.ts';
import { createHttpClient, type HttpRequest } from '../../src/core/http.ts';
import type { LabHostSpec, LabSpec } from '../../src/lab/spec.ts';
import { startLab } from '../../src/lab/start.ts';
import { tempFolder } from '../temp-folder.ts';

export type Json = Record<string, unknown>;

export function hostSpec(id: string, more: Partial<LabHostSpec> = {}): LabHostSpec {
  const disk = { name: 'sda', sizeBytes: 100e9, serial: 'S1', wwn: '0x5000c5f62f1fcf3c', driveType: 'SSD' as const };
  return {
    id,
    profile: 'dell-idrac9',
    macs: ['52:54:00:aa:bb:01'],
    cpus: 8,
    memoryMiB: 16 * 1024,
    disks: [disk],
    dhcp: { address: '192.168.122.10/24', gateway: '192.168.122.1', dns: ['192.168.122.1'] },
    bmc: { username: 'root', password: 'k9-Zebra-44' },
    ...more,
  };
}

export const newFolder = (): string => tempFolder();

export async function startScene(spec: Partial<LabSpec> & Pick<LabSpec, 'hosts'>, dir = newFolder()) {
  const lab = await startLab({ timeFactor: 600, faults: [], apiNames: [], ...spec }, dir);
  const http = createHttpClient();
  const clock = createClock();
  const text = async (request: Partial<HttpRequest> & { url: string }) => {
    const answer = await http.send({ method: 'GET', ...request });
    return { status: answer.status, headers: answer.headers, text: answer.body.toString() };
  };
  const asJson = (body: unknown): Partial<HttpRequest> =>
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const history = (): Json[] =>
    readFileSync(join(dir, 'history.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line)
      .map((line) => JSON.parse(line) as Json);
  return {
    dir,
    up: lab.up,
    history,
    async api(method: HttpRequest['method'], path: string, body?: unknown) {
      const url = `${lab.up.service.url}/api/assisted-install/v2${path}`;
      const answer = await text({ url, method, ...asJson(body) });
      return { status: answer.status, json: (answer.text ? JSON.parse(answer.text) : null) as Json };
    },
    async bmc(
      method: HttpRequest['method'],
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
      host = 0,
    ) {
      const { url, username, password, fingerprint } = lab.up.bmcs[host]!;
      const basic = Buffer.from(`${username}:${password}`).toString('base64');
      const answer = await text({
        url: `${url}${path}`,
        method,
        ...asJson(body),
        trust: { kind: 'pin', fingerprint },
        headers: {
          authorization: `Basic ${basic}`,
          ...asJson(body).headers,
          ...headers,
        },
      });
      return { ...answer, json: (answer.text.startsWith('{') ? JSON.parse(answer.text) : null) as Json };
    },
    /** Waits for at most `realMs` until the history holds such a line. */
    async seen(what: Json, realMs = 30_000): Promise<Json> {
      for (const end = clock.now() + realMs; clock.now() < end; await clock.sleep(20)) {
        const found = history().find((line) => Object.entries(what).every(([key, value]) => line[key] === value));
        if (found) return found;
      }
      throw new Error(
        `never seen: ${JSON.stringify(what)}; last: ${history()
          .slice(-5)
          .map((l) => JSON.stringify(l))
          .join('\n')}`,
      );
    },
    async end(): Promise<void> {
      await http.close();
      await lab.stop();
    },
  };
}

export type Scene = Awaited<ReturnType<typeof startScene>>;

const PULL_SECRET = JSON.stringify({
  auths: { 'cloud.openshift.com': { auth: 'ZmFrZTpmYWtl', email: 'a@example.com' } },
});

/** Creates cluster and infra-env; gives their ids and the ISO's address. */
export async function createCluster(scene: Scene, name: string, infraEnv: Json = {}) {
  const common = { openshift_version: '4.20', pull_secret: PULL_SECRET };
  const made = await scene.api('POST', '/clusters', {
    ...common,
    name,
    base_dns_domain: 'lab.example.com',
    control_plane_count: 1,
    high_availability_mode: 'None',
  });
  assert.equal(made.status, 201, JSON.stringify(made.json));
  const cluster = String(made.json['id']);
  const manifest = {
    folder: 'openshift',
    file_name: '99-crio.yaml',
    content: Buffer.from(MACHINE_CONFIG).toString('base64'),
  };
  assert.equal((await scene.api('POST', `/clusters/${cluster}/manifests`, manifest)).status, 201);
  const env = await scene.api('POST', '/infra-envs', {
    ...common,
    name,
    cluster_id: cluster,
    image_type: 'full-iso',
    ...infraEnv,
  });
  assert.equal(env.status, 201, JSON.stringify(env.json));
  return { cluster, infraEnv: String(env.json['id']), iso: String(env.json['download_url']) };
}

const MACHINE_CONFIG = `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  labels:
    machineconfiguration.openshift.io/role: master
  name: 99-crio
spec:
  config:
    ignition:
      version: 3.2.0
    storage:
      files:
      - path: /etc/crio/crio.conf.d/01-workload
        mode: 420
        overwrite: true
        contents:
          source: data:text/plain;charset=utf-8;base64,W2NyaW9d
`;

/** System, CD slot and reset target of a profile. */
export const PATHS = {
  'dell-idrac9': {
    system: '/redfish/v1/Systems/System.Embedded.1',
    slot: '/redfish/v1/Managers/iDRAC.Embedded.1/VirtualMedia/CD',
  },
  'hpe-ilo5': { system: '/redfish/v1/Systems/1', slot: '/redfish/v1/Managers/1/VirtualMedia/2' },
  generic: { system: '/redfish/v1/Systems/system', slot: '/redfish/v1/Systems/system/VirtualMedia/Slot_1' },
} as const;

/** Inserts the ISO, sets CD once, powers on; statuses as they came. */
export async function bootFromIso(scene: Scene, image: string, host = 0, profile: keyof typeof PATHS = 'dell-idrac9') {
  const { system, slot } = PATHS[profile];
  const once = { Boot: { BootSourceOverrideEnabled: 'Once', BootSourceOverrideTarget: 'Cd' } };
  const inserted = await scene.bmc('POST', `${slot}/Actions/VirtualMedia.InsertMedia`, { Image: image }, {}, host);
  const override = await scene.bmc('PATCH', system, once, {}, host);
  const on = await scene.bmc('POST', `${system}/Actions/ComputerSystem.Reset`, { ResetType: 'On' }, {}, host);
  return [inserted.status, override.status, on.status];
}
