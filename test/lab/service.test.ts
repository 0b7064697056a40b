/** The lab's assisted-service: its state machines, validations and refusals, held against the words of the real one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extract } from 'tar-stream';
import { load } from 'js-yaml';
import { configOf } from '../../src/lab/host/initrd.ts';
import { SERVICE_VALIDATIONS } from './service-expected.ts';
import {
  beginInstall,
  discover,
  GOOD,
  HOST_ID,
  type Json,
  type Machine,
  makeCluster,
  poll,
  read,
  register,
  SECRET,
  type Seen,
  stage,
  startBench,
  verdicts,
} from './service-fixture.ts';

const BEFORE_REBOOT = [
  'Starting installation',
  'Installing',
  'Waiting for bootkube',
  'Writing image to disk',
  'Rebooting',
];
const INFRA_ENV = { name: 'x', pull_secret: SECRET };

test('a good single node goes through every status to installed', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await bench.pass(20);
  await beginInstall(bench, made);
  const percents: number[] = [];
  for (const name of [...BEFORE_REBOOT, 'Joined', 'Done']) {
    assert.equal((await stage(bench, made, name)).status, 200);
    percents.push((await read(bench, made.cluster)).progress.total_percentage);
  }
  await bench.pass(20);
  for (const name of ['console', 'cvo']) {
    await bench.call('PUT', `${made.cluster}/monitored-operators`, {
      name,
      status: 'available',
      status_info: 'Done',
      version: '4',
    });
    percents.push((await read(bench, made.cluster)).progress.total_percentage);
  }
  await bench.call('POST', `${made.cluster}/uploads/ingress-cert`, '"PEM"');
  await bench.pass(20);
  percents.push((await read(bench, made.cluster)).progress.total_percentage);
  assert.deepEqual(percents, [18, 27, 35, 45, 62, 70, 80, 87, 95, 100]);
  const changes = bench.history.filter((entry) => entry.kind === 'status');
  assert.deepEqual(
    changes.filter((entry) => !entry['host']).map((entry) => entry['status']),
    [
      'insufficient',
      'pending-for-input',
      'insufficient',
      'ready',
      'preparing-for-installation',
      'installing',
      'finalizing',
      'installed',
    ],
  );
  assert.deepEqual(
    changes.filter((entry) => entry['host']).map((entry) => entry['status']),
    [
      'discovering',
      'insufficient',
      'known',
      'preparing-for-installation',
      'preparing-successful',
      'installing',
      'installing-in-progress',
      'installed',
    ],
  );
});

test('exactly the computed validations stand in a ready cluster and its host', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await discover(bench, made);
  const cluster = await read(bench, made.cluster);
  assert.equal(cluster.status, 'ready');
  assert.deepEqual(verdicts(cluster), SERVICE_VALIDATIONS.cluster);
  assert.deepEqual(verdicts(cluster.hosts[0]), SERVICE_VALIDATIONS.host);
});

const BLOCKING: [title: string, machine: Partial<Machine>, id: string, sentence: RegExp][] = [
  ['four CPUs', { cpus: 4 }, 'has-cpu-cores-for-role', /Require at least 8 CPU cores for master role, found only 4/],
  [
    'one CPU',
    { cpus: 1 },
    'has-min-cpu-cores',
    /minimum hardware requirements: Require at least 2 CPU cores, found only 1/,
  ],
  [
    '8 GiB',
    { memoryGiB: 8 },
    'has-memory-for-role',
    /Require at least 16.00 GiB RAM for role master, found only 8.00 GiB/,
  ],
  [
    '4 GiB',
    { memoryGiB: 4 },
    'has-min-memory',
    /minimum hardware requirements: Require at least 8.00 GiB RAM, found only 4.00 GiB/,
  ],
  [
    'a disk of 50 GB',
    { diskGB: 50 },
    'has-min-valid-disks',
    /minimum hardware requirements: No eligible disks were found/,
  ],
  ['the name localhost', { hostname: 'localhost' }, 'hostname-valid', /The host name localhost is forbidden/],
  ['no default route', { defaultRoute: false }, 'has-default-route', /not yet been configured with a default route/],
  [
    'a clock 30 minutes behind',
    { behindMinutes: 30 },
    'time-synced-between-host-and-service',
    /ahead of host's at least for 20.0 minutes/,
  ],
  [
    'a clock 70 minutes ahead',
    { behindMinutes: -70 },
    'time-synced-between-host-and-service',
    /ahead of service at least for 60.0 minutes/,
  ],
  [
    'an answer for the wildcard',
    { wildcard: ['10.0.0.9'] },
    'dns-wildcard-not-configured',
    /\*\.sno\.lab\.example\.com .* resolves to 10\.0\.0\.9/,
  ],
];

for (const [title, change, id, sentence] of BLOCKING)
  test(`${title} keeps the host insufficient by ${id}`, async () => {
    await using bench = await startBench();
    const made = await makeCluster(bench);
    await discover(bench, made, { ...GOOD, ...change });
    const cluster = await read(bench, made.cluster);
    assert.equal(verdicts(cluster.hosts[0])[id], 'failure');
    assert.equal(cluster.hosts[0]!.status, 'insufficient');
    assert.match(cluster.hosts[0]!.status_info, sentence);
    assert.equal(cluster.status, 'insufficient');
    assert.equal((await bench.call('POST', `${made.cluster}/actions/install`)).status, 409);
  });

test('without a reply to domain-resolution the host waits with a sentence that does not name it', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await register(bench, made);
  await poll(bench, made);
  await bench.pass(20);
  const host = await read(bench, made.host);
  assert.equal(verdicts(host)['dns-wildcard-not-configured'], 'pending');
  const said =
    "Host cannot be installed due to following failing validation(s): Host couldn't synchronize with any NTP server";
  assert.equal(host.status_info, said);
});

test('no NTP source is shown as a failure and does not block', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await discover(bench, made, { ...GOOD, ntp: 'unreachable' });
  const cluster = await read(bench, made.cluster);
  assert.equal(verdicts(cluster.hosts[0])['ntp-synced'], 'failure');
  assert.equal(cluster.status, 'ready');
});

test('a host without an address leaves its machine network undefined and waits for input', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await register(bench, made);
  await bench.pass(10);
  const before = verdicts(await read(bench, made.host));
  assert.equal(before['machine-cidr-defined'], 'pending');
  assert.ok(!('api-domain-name-resolved-correctly' in before));
  await discover(bench, made, { ...GOOD, addresses: [] });
  const host = await read(bench, made.host);
  assert.equal(verdicts(host)['machine-cidr-defined'], 'failure');
  assert.equal(verdicts(host)['api-domain-name-resolved-correctly'], 'success');
  assert.match(host.status_info, /^Waiting for user input: Machine Network CIDR is undefined; /);
  assert.equal(host.status, 'pending-for-input');
});

test('two networks leave the machine network to the user, and a wrong one shuts the host out', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  const machine = { ...GOOD, addresses: ['192.168.127.10/24', '10.4.4.20/24'] };
  await discover(bench, made, machine);
  const before = await read(bench, made.cluster);
  assert.equal(before.status, 'pending-for-input');
  assert.equal(verdicts(before)['machine-cidr-defined'], 'failure');
  const wrong = await bench.call('PATCH', made.cluster, { machine_networks: [{ cidr: '172.16.0.0/24' }] });
  assert.equal(wrong.status, 201);
  assert.equal(verdicts(wrong.json.hosts[0])['belongs-to-machine-cidr'], 'failure');
  const right = await bench.call('PATCH', made.cluster, { machine_networks: [{ cidr: '192.168.127.0/24' }] });
  assert.equal(right.json.status, 'ready');
});

test('an image that cannot be pulled sends the cluster back to ready, and a second install tests it anew', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await beginInstall(bench, made, { ...GOOD, images: 'failure' });
  const failed = await read(bench, made.cluster);
  assert.equal(failed.status, 'ready');
  assert.equal(verdicts(failed.hosts[0])['container-images-available'], 'failure');
  assert.ok(bench.history.some((entry) => entry['statusInfo'] === 'Cluster failed to prepare for installation'));
  await bench.call('POST', `${made.cluster}/actions/install`);
  for (let i = 0; i < 4; i++) {
    await bench.pass(20);
    await poll(bench, made);
  }
  assert.equal((await read(bench, made.cluster)).status, 'installing');
});

test('a disk check with exit 1 and output stops the preparation; without output it is ignored; 45 ms install', async () => {
  const statusAfter = async (disk: Machine['disk']): Promise<string> => {
    await using bench = await startBench();
    const made = await makeCluster(bench);
    await beginInstall(bench, made, { ...GOOD, disk });
    return (await read(bench, made.cluster)).status;
  };
  assert.equal(await statusAfter({ exit_code: 1, output: '{"io_sync_duration":0}' }), 'insufficient');
  assert.equal(await statusAfter({ exit_code: 1, output: '' }), 'preparing-for-installation');
  assert.equal(await statusAfter({ exit_code: 0, output: '{"io_sync_duration":45}' }), 'installing');
});

test('a preparation that never ends is given up after 17 minutes', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await beginInstall(bench, made, { ...GOOD, disk: { exit_code: 1, output: '' } });
  for (let minute = 0; minute < 18; minute++) {
    await bench.pass(60);
    await poll(bench, made, { ...GOOD, disk: { exit_code: 1, output: '' } });
  }
  const entry = bench.history.find(({ status }) => status === 'preparing-failed');
  assert.match(String(entry?.['statusInfo']), /^The host has encountered a preparation timeout/);
  assert.equal((await read(bench, made.cluster)).status, 'ready');
});

test('an install step that fails puts host and cluster in error', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await beginInstall(bench, made, { ...GOOD, install: 1 });
  assert.equal((await read(bench, made.host)).status_info, 'installation command failed');
  await bench.pass(20);
  const cluster = await read(bench, made.cluster);
  assert.deepEqual([cluster.status, cluster.status_info], ['error', 'cluster has hosts in error']);
  assert.deepEqual(await poll(bench, made), ['logs-gather', 'stop-installation']);
});

test('unreadable media disconnect a host before, and fail it during the installation', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  const unreadable = { step_type: 'inventory', exit_code: 256, output: '', error: '' };
  await beginInstall(bench, made);
  await stage(bench, made, 'Starting installation');
  await bench.call('POST', `${made.host}/instructions`, unreadable);
  await bench.pass(10);
  const host = await read(bench, made.host);
  assert.equal(host.status, 'error');
  assert.match(host.status_info, /^Unable to read from the discovery media\./);
});

test('a silent host is lost after five minutes, before and during the installation, but not once it reboots', async () => {
  const statusAfter = async (stages: string[], minutes: number): Promise<string> => {
    await using bench = await startBench();
    const made = await makeCluster(bench);
    if (stages.length) await beginInstall(bench, made);
    else await discover(bench, made);
    for (const name of stages) await stage(bench, made, name);
    await bench.pass(minutes * 60);
    return (await read(bench, made.host)).status;
  };
  assert.equal(await statusAfter([], 4), 'known');
  assert.equal(await statusAfter([], 7), 'disconnected');
  assert.equal(await statusAfter(['Starting installation'], 7), 'error');
  assert.equal(await statusAfter(BEFORE_REBOOT, 20), 'installing-in-progress');
});

test('a stage that takes too long fails the host, and a reboot that does waits for the user', async () => {
  const infoAfter = async (stages: string[], minutes: number): Promise<string> => {
    await using bench = await startBench();
    const made = await makeCluster(bench);
    await beginInstall(bench, made);
    for (const name of stages) await stage(bench, made, name);
    for (let i = 0; i < minutes; i += 4) {
      await bench.pass(240);
      await poll(bench, made);
    }
    return (await read(bench, made.host)).status_info;
  };
  assert.match(
    await infoAfter(['Starting installation'], 40),
    /stage Starting installation took longer than expected 30m0s/,
  );
  assert.match(await infoAfter(BEFORE_REBOOT, 92), /^Host timed out when pulling the configuration files/);
});

test('a host that boots the image again waits for the user, and goes on when it joins', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await beginInstall(bench, made);
  for (const name of BEFORE_REBOOT) await stage(bench, made, name);
  assert.equal((await register(bench, made)).json.status, null);
  const host = await read(bench, made.host);
  assert.equal(host.status, 'installing-pending-user-action');
  assert.match(host.status_info, /^Expected the host to boot from disk.* from disk M S1 \(sda, \/dev\/disk\/by-id\//);
  await bench.pass(20);
  assert.equal((await read(bench, made.cluster)).status_info, 'Cluster has hosts pending user action');
  const again = await register(bench, made);
  assert.deepEqual(
    [again.status, again.json.reason],
    [400, 'Host is required to be booted from disk /dev/disk/by-id/wwn-0x5000c5f62f1fcf3c'],
  );
  await stage(bench, made, 'Joined');
  await bench.pass(20);
  assert.equal((await read(bench, made.cluster)).status, 'installing');
});

test('a host that registers in the middle of the installation is in error', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await beginInstall(bench, made);
  await stage(bench, made, 'Installing');
  assert.equal((await register(bench, made)).status, 201);
  assert.equal((await read(bench, made.host)).status_info, 'The host unexpectedly restarted during the installation');
});

test('stages cannot go back, nor be another role’s', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await beginInstall(bench, made);
  for (const name of BEFORE_REBOOT) await stage(bench, made, name);
  const back = await stage(bench, made, 'Installing');
  assert.deepEqual(
    [back.status, back.json.reason],
    [409, 'Can\'t assign lower stage "Installing" after host has been in stage "Rebooting"'],
  );
  const foreign = await stage(bench, made, 'Configuring');
  assert.deepEqual(
    [foreign.status, foreign.json.reason],
    [409, "Stages Configuring isn't available for host role master bootstrap true"],
  );
});

test('cancel and reset answer with the new status and the old sentence', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  assert.equal((await bench.call('POST', `${made.cluster}/actions/cancel`)).status, 409);
  await beginInstall(bench, made);
  const cancelled = (await bench.call('POST', `${made.cluster}/actions/cancel`)).json;
  assert.deepEqual([cancelled.status, cancelled.status_info], ['cancelled', 'Installation in progress']);
  assert.equal(cancelled.install_completed_at, '0001-01-01T00:00:00.000Z');
  assert.equal((await read(bench, made.cluster)).status_info, 'Installation was cancelled by user');
  const reset = (await bench.call('POST', `${made.cluster}/actions/reset`)).json;
  assert.deepEqual([reset.status, reset.status_info], ['insufficient', 'Installation was cancelled by user']);
  assert.equal((await read(bench, made.host)).status, 'resetting-pending-user-action');
  await discover(bench, made);
  assert.equal((await read(bench, made.cluster)).status, 'ready');
});

test('what a running installation refuses, it refuses with the real codes', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await discover(bench, made);
  assert.equal((await bench.call('GET', `${made.cluster}/downloads/credentials?file_name=kubeconfig`)).status, 409);
  await bench.call('POST', `${made.cluster}/actions/install`);
  const early = await bench.call('PATCH', made.cluster, { tags: 'x' });
  assert.equal(early.status, 409);
  await bench.pass(10);
  const host = await bench.call('PATCH', made.host, { host_name: 'late' });
  assert.equal(host.status, 409);
  assert.match(
    host.json.reason,
    /^Host is in preparing-for-installation state, host name can be set only in one of \[discovering/,
  );
  await poll(bench, made);
  await bench.pass(30);
  assert.equal((await bench.call('PATCH', made.cluster, { tags: 'x' })).status, 400);
  assert.equal((await bench.call('DELETE', made.cluster)).status, 409);
  assert.equal((await bench.call('DELETE', made.infraEnv)).status, 400);
  assert.equal((await bench.call('DELETE', made.host)).status, 204);
  assert.equal((await read(bench, made.cluster)).status_info, 'cluster has hosts in error');
  assert.equal((await bench.call('DELETE', made.cluster)).status, 204);
  assert.equal((await bench.call('DELETE', made.infraEnv)).status, 204);
});

const REFUSED: [
  title: string,
  method: string,
  path: string,
  body: Json | string | undefined,
  status: number,
  text: string,
][] = [
  [
    'an unknown field',
    'POST',
    '/v2/clusters',
    { base_dns_doman: 'x' },
    400,
    'parsing newClusterParams body from "" failed, because json: unknown field "base_dns_doman"',
  ],
  [
    'a nested unknown field',
    'POST',
    '/v2/infra-envs',
    { ...INFRA_ENV, static_network_config: [{ mac_interface_map: [{ nic: 'x' }] }] },
    400,
    'parsing infraenvCreateParams body from "" failed, because json: unknown field "nic"',
  ],
  ['a missing field', 'POST', '/v2/infra-envs', { pull_secret: SECRET }, 400, 'name in body is required'],
  [
    'a wrong type',
    'POST',
    '/v2/clusters',
    { control_plane_count: '1' },
    400,
    'parsing newClusterParams body from "" failed, because json: cannot unmarshal string into Go struct field ClusterCreateParams.control_plane_count of type int64',
  ],
  [
    'half a body',
    'POST',
    '/v2/clusters',
    '{"name":',
    400,
    'parsing newClusterParams body from "" failed, because unexpected EOF',
  ],
  ['no body', 'POST', '/v2/clusters', undefined, 400, 'newClusterParams in body is required'],
  ['another method', 'PUT', '/v2/clusters', undefined, 405, 'method PUT is not allowed, but [GET,POST] are'],
  ['a path that is none', 'GET', '/v2/nope', undefined, 404, 'path /api/assisted-install/v2/nope was not found'],
  ['an id that is none', 'GET', '/v2/clusters/x', undefined, 400, 'cluster_id in path must be of type uuid: "x"'],
  ['an unknown cluster', 'GET', `/v2/clusters/${HOST_ID}`, undefined, 404, 'record not found'],
];

test('requests that cannot be understood are refused in the real shapes', async () => {
  await using bench = await startBench();
  for (const [title, method, path, body, status, text] of REFUSED) {
    const { status: seen, json } = await bench.call(method, path, body);
    assert.deepEqual([seen, new Map(Object.entries(json)).get('message') ?? json.reason], [status, text], title);
  }
  const plain = await bench.call('POST', '/v2/clusters', 'x', { 'Content-Type': 'text/plain' });
  assert.equal(plain.json.message, 'unsupported media type "text/plain", only [application/json] are allowed');
  assert.equal((await bench.call('GET', '/v2/clusters/')).status, 200);
});

const STATE = 'interfaces:\n- {name: eth0, type: ethernet, state: up}\n';
const MAP = [{ mac_address: '52:54:00:00:00:01', logical_nic_name: 'eth0' }];
const STATIC: [title: string, config: Json[], text: string][] = [
  [
    'no map',
    [{ network_yaml: 'interfaces: []\n', mac_interface_map: [] }],
    'at least one interface for host 0 must be provided',
  ],
  [
    'a MAC twice',
    [
      {
        network_yaml: STATE,
        mac_interface_map: [...MAP, { ...MAP[0], logical_nic_name: 'eth1' }].map((m) => ({
          ...m,
          logical_nic_name: 'eth0',
        })),
      },
    ],
    'MACs and Interfaces for host 0 must be unique',
  ],
  [
    'a NIC without map',
    [{ network_yaml: STATE, mac_interface_map: [{ ...MAP[0], logical_nic_name: 'eth9' }] }],
    'mac-interface mapping for interface eth0 is missing and not a physical interface',
  ],
  [
    'no YAML',
    [{ network_yaml: '', mac_interface_map: MAP }],
    'failed to validate network yaml for host 0, cannot generate configuration with an empty host YAML',
  ],
  [
    'broken YAML',
    [{ network_yaml: 'interfaces: [', mac_interface_map: MAP }],
    'failed to validate network yaml for host 0, yaml: line 1: did not find expected node content',
  ],
];

test('a static network that nmstate would not take is refused', async () => {
  await using bench = await startBench();
  for (const [title, config, text] of STATIC) {
    const { status, json } = await bench.call('POST', '/v2/infra-envs', {
      ...INFRA_ENV,
      static_network_config: config,
    });
    assert.deepEqual([status, json.reason], [400, `1 error occurred:\n\t* ${text}\n\n`], title);
  }
  const mac = [{ network_yaml: STATE, mac_interface_map: [{ mac_address: '52-54', logical_nic_name: 'eth0' }] }];
  const { json } = await bench.call('POST', '/v2/infra-envs', { ...INFRA_ENV, static_network_config: mac });
  assert.match(json.message, /^static_network_config\.0\.mac_interface_map\.0\.mac_address in body should match/);
});

interface Policy {
  capture: Record<string, string>;
  desiredState: { interfaces: { name: string }[] };
}

interface Kubeconfig {
  clusters: { cluster: { server: string } }[];
}

function textOf({ storage }: Seen, path: string): string {
  const source = storage.files.find((file) => file.path === path)!.contents.source;
  return decodeURIComponent(source.replace('data:,', ''));
}

test('the discovery ignition has the units and files of the manual procedure', async () => {
  await using bench = await startBench();
  const yaml =
    'interfaces:\n- name: eth0\n  type: ethernet\n- name: eth0.100\n  type: vlan\n  vlan: {base-iface: eth0, id: 100}\n';
  const made = await makeCluster(
    bench,
    {},
    { static_network_config: [{ network_yaml: yaml, mac_interface_map: MAP }], ssh_authorized_key: 'ssh-rsa AAA me' },
  );
  const { url } = await read(bench, `${made.infraEnv}/downloads/image-url`);
  const document = JSON.parse(configOf((await bench.call('GET', url)).bytes)) as Seen;
  const units = document.systemd.units;
  assert.deepEqual(
    units.map((unit) => unit['name']),
    ['agent.service', 'selinux.service', 'pre-network-manager-config.service'],
  );
  const id = made.infraEnv.split('/').at(-1);
  assert.match(
    units[0]!['contents'],
    new RegExp(
      `ExecStart=/usr/local/bin/agent --url ${bench.baseUrl} --infra-env-id ${id} --agent-version \\S+ --insecure=false\n`,
    ),
  );
  assert.match(units[0]!['contents'], /Environment=PULL_SECRET_TOKEN=bGFiOmZha2U=\n/);
  const paths = document.storage.files.map((file) => file.path);
  for (const path of [
    '/usr/local/bin/agent-fix-bz1964591',
    '/etc/motd',
    '/etc/NetworkManager/conf.d/01-ipv6.conf',
    '/root/assisted.te',
    '/usr/local/bin/pre-network-manager-config.sh',
  ])
    assert.ok(paths.includes(path), path);
  assert.equal(textOf(document, '/root/.docker/config.json'), SECRET);
  assert.equal(textOf(document, '/etc/assisted/network/host0/mac_interface.ini'), '52:54:00:00:00:01=eth0\n');
  const policy = load(textOf(document, '/etc/assisted/network/host0/ymlFile0.yml')) as Policy;
  assert.deepEqual(policy.capture, { iface0: 'interfaces.mac-address == "52:54:00:00:00:01"' });
  const [nic, vlan] = policy.desiredState.interfaces;
  assert.deepEqual(
    [nic?.name, vlan?.name],
    ['{{ capture.iface0.interfaces.0.name }}', '{{ capture.iface0.interfaces.0.name }}.100'],
  );
});

test('the installer fetches the files of the MachineConfigs that came in time', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  const manifest = (name: string, role: string): Json => {
    const labels = { 'machineconfiguration.openshift.io/role': role };
    const files = [{ path: `/etc/${name}`, mode: 420, contents: { source: 'data:,x' } }];
    const yaml = JSON.stringify({
      kind: 'MachineConfig',
      metadata: { labels },
      spec: { config: { storage: { files } } },
    });
    return { folder: 'openshift', file_name: `${name}.yaml`, content: Buffer.from(yaml).toString('base64') };
  };
  await bench.call('POST', `${made.cluster}/manifests`, manifest('crio', 'master'));
  await bench.call('POST', `${made.cluster}/manifests`, manifest('worker', 'worker'));
  await beginInstall(bench, made);
  assert.equal((await bench.call('POST', `${made.cluster}/manifests`, manifest('late', 'master'))).status, 201);
  const document = await read(bench, `${made.host.replace('infra-envs', 'infra-env')}/downloads/ignition`);
  assert.deepEqual(
    document.storage.files.slice(0, 2).map((file) => file.path),
    ['/etc/crio', '/etc/hostname'],
  );
  const ofRole = await read(bench, `${made.cluster}/downloads/files?file_name=master.ign`);
  assert.deepEqual(ofRole.storage.files, document.storage.files.slice(0, 1));
  const kubeconfig = load(
    (await bench.call('GET', `${made.cluster}/downloads/credentials?file_name=kubeconfig`)).bytes.toString(),
  ) as Kubeconfig;
  assert.equal(kubeconfig.clusters[0]?.cluster.server, 'https://api.sno.lab.example.com:6443');
});

test('the logs are a tar with the events and what agents sent', async () => {
  await using bench = await startBench();
  const made = await makeCluster(bench);
  await discover(bench, made);
  const body = '--b\r\nContent-Disposition: form-data; name="upfile"; filename="l"\r\n\r\nhost logs\r\n--b--\r\n';
  const sent = await bench.call('POST', `${made.cluster}/logs?logs_type=host&host_id=${HOST_ID}`, body, {
    'Content-Type': 'multipart/form-data; boundary=b',
  });
  assert.equal(sent.status, 204);
  const tar = extract();
  tar.end((await bench.call('GET', `${made.cluster}/logs?logs_type=all`)).bytes);
  const names: string[] = [];
  for await (const entry of tar) {
    names.push(entry.header.name);
    entry.resume();
  }
  assert.deepEqual(names, ['cluster_events.json', 'sno_bootstrap_host-0.tar.gz']);
  assert.equal((await bench.call('GET', `${made.cluster}/logs?logs_type=controller`)).status, 409);
});

test('a name that a fault takes away is not kept, and the fault is asked by the cluster’s name', async () => {
  const subjects: string[] = [];
  await using bench = await startBench({ 'service.host-name': (_, subject) => (subjects.push(subject), null) });
  const made = await makeCluster(bench);
  await discover(bench, made);
  assert.equal((await bench.call('PATCH', made.host, { host_name: 'other' })).json.requested_hostname, 'host-0');
  assert.deepEqual(subjects, ['sno']);
});

test('the calls that only others make are answered, each with its status', async () => {
  await using bench = await startBench();
  const { cluster, infraEnv } = await makeCluster(bench);
  const expected: Record<string, number> = {
    '/v2/clusters/default-config': 200,
    '/v2/support-levels/features?openshift_version=4.20': 200,
    '/v2/support-levels/features': 400,
    '/v2/supported-operators': 200,
    [`${cluster}/ignored-validations`]: 200,
    [`${cluster}/preflight-requirements`]: 200,
    [`${cluster}/supported-platforms`]: 200,
    [`${cluster}/downloads/credentials-presigned?file_name=kubeconfig`]: 400,
    [`${cluster}/downloads/files?file_name=install-config.yaml`]: 409,
    [`${infraEnv}/downloads/minimal-initrd`]: 204,
    [`${infraEnv}/downloads/files?file_name=ipxe-script`]: 200,
    [`${infraEnv}/downloads/files?file_name=other`]: 400,
  };
  const got: Record<string, number> = {};
  for (const path of Object.keys(expected)) got[path] = (await bench.call('GET', path)).status;
  assert.deepEqual(got, expected);
});

test('discovery.ign is the ignition of the ISO, and the presigned URL leads to it', async () => {
  await using bench = await startBench();
  const { infraEnv } = await makeCluster(bench);
  const image = await read(bench, `${infraEnv}/downloads/image-url`);
  const presigned = await read(bench, `${infraEnv}/downloads/files-presigned?file_name=discovery.ign`);
  const document = (await bench.call('GET', presigned.url)).json;
  assert.deepEqual(document, JSON.parse(configOf((await bench.call('GET', image.url)).bytes)));
});

test('the install-config is made of the cluster’s own fields', async () => {
  await using bench = await startBench();
  const { cluster } = await makeCluster(bench, {
    machine_networks: [{ cidr: '10.0.0.0/24' }],
    ssh_public_key: 'ssh-rsa A',
  });
  const { bytes } = await bench.call('GET', `${cluster}/install-config`);
  const config = load(JSON.parse(bytes.toString()) as string) as Record<string, Json>;
  assert.deepEqual(
    [config['metadata'], config['baseDomain'], config['networking']?.['machineNetwork'], config['sshKey']],
    [{ name: 'sno' }, 'lab.example.com', [{ cidr: '10.0.0.0/24' }], 'ssh-rsa A'],
  );
  assert.equal(config['pullSecret'], SECRET);
});
