/** `npm run bench inventory`: 5,000 hosts validated, beside what js-yaml alone takes to load the same text, in one process. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { loadInventory } from '../../src/inventory/load.ts';

const HOSTS = 5000;
const ROUNDS = 7;
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc';
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

const COMMON = `  openshiftVersion: "4.20"
  pullSecret: env:PULL_SECRET
  sshKey: ${KEY}
`;

const hex = (value: number): string => value.toString(16).padStart(2, '0');

/** A cluster as `name` says; the other values are numbers or ranges. */
function clusterText(name: string, host: string, mac: string, address: string): string {
  return `  - <<: *common
    name: ${name}
    baseDomain: lab.example.com
    hosts:
      - name: host-0
        bmc:
          address: redfish-virtualmedia+https://${host}.example.com/redfish/v1/Systems/1
          username: root
          password: env:BMC_PASSWORD
        bootMACAddress: ${mac}
        networkConfig:
          interfaces:
            - name: eno1
              type: ethernet
              state: up
              ipv4: {enabled: true, address: [{ip: "${address}", prefix-length: 16}]}
              mac-address: ${mac}
          dns-resolver: {config: {server: [10.1.255.253]}}
          routes:
            config:
              - destination: 0.0.0.0/0
                next-hop-address: 10.1.255.254
                next-hop-interface: eno1
`;
}

const head = `service: {url: "https://assisted.example.com"}\nx-common: &common\n${COMMON}clusters:\n`;

function written(): string {
  const clusters = Array.from({ length: HOSTS }, (_, i) => {
    const [high, low] = [Math.floor(i / 250), i % 250];
    return clusterText(`edge-${i}`, `bmc-${i}`, `52:54:00:00:${hex(high)}:${hex(low)}`, `10.1.${high}.${low + 1}`);
  });
  return head + clusters.join('');
}

/** The same in blocks of 250. */
function ranged(): string {
  const blocks = Array.from({ length: HOSTS / 250 }, (_, high) => {
    const names = `{${high * 250}..${high * 250 + 249}}`;
    return clusterText(
      `edge-${names}`,
      `bmc-${names}`,
      `52:54:00:00:${hex(high)}:{0x00..0xf9}`,
      `10.1.${high}.{1..250}`,
    );
  });
  return head + blocks.join('');
}

/** Prints, and asserts nothing but that the inventory loads. */
export async function bench(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'snoboot-bench-'));
  const texts = { written: written(), ranged: ranged() };
  const jobs: Record<string, () => unknown> = {
    'js-yaml alone': () => load(texts.written, { schema: SCHEMA, maxTotalMergeKeys: -1 }),
  };
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(join(dir, `${name}.yaml`), text);
    jobs[`validate, ${name}`] = async () => {
      const { clusters } = await loadInventory(`${name}.yaml`, dir);
      if (clusters.length !== HOSTS) throw new Error(`${clusters.length} clusters`);
    };
  }
  const times = new Map(Object.keys(jobs).map((what) => [what, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [what, job] of Object.entries(jobs)) {
      const begin = performance.now();
      await job();
      times.get(what)?.push(performance.now() - begin);
    }
  await rm(dir, { recursive: true });
  console.log(
    `${HOSTS} hosts, ${(texts.written.length / 2 ** 20).toFixed(1)} MiB written out, ${texts.ranged.length} bytes with ranges`,
  );
  console.table([...times].map(([what, ms]) => rowOf(what, ms)));
}

function rowOf(what: string, ms: number[]) {
  const [first = NaN] = ms;
  const sorted = ms.toSorted((a, b) => a - b);
  const shown = (value = NaN): string => `${Math.round(value)} ms`;
  return { what, first: shown(first), median: shown(sorted[Math.floor(ms.length / 2)]), best: shown(sorted[0]) };
}
