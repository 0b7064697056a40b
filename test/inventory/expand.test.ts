/** Defaults, groups and ranges: what they make of an inventory is what somebody would have written out, and errors know their place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from 'js-yaml';
import { parseDocument } from '../../src/inventory/document.ts';
import { expand } from '../../src/inventory/expand.ts';
import { InventoryError } from '../../src/inventory/load.ts';
import type { Reporter } from '../../src/inventory/reporter.ts';
import { inFolder } from './texts.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc';
const HEAD = `service: {type: lab}
defaults:
  cluster: {baseDomain: lab.example.com, openshiftVersion: "4.20", pullSecret: env:PS, sshKey: ${KEY}}
  host: {bmc: {address: lab://generic}}
`;

/** What is wrong with clusters below HEAD, warnings too, as `line:column message => what to do`. */
const said = (rest: string, head = HEAD): Promise<string[]> =>
  inFolder(head + rest).then(
    ({ warnings }) => warnings.map(({ where, message, todo }) => `${where.slice(9)} ${message} => ${todo}`),
    (error: unknown) => {
      if (!(error instanceof InventoryError)) throw error;
      return error.issues.map(({ where, message, todo }) => `${where.slice(9)} ${message} => ${todo}`);
    },
  );

test('defaults give way to groups in the order in which they are named, these to the own value; mappings merge, lists do not', async () => {
  const { clusters } = await inFolder(`${HEAD}groups:
  a: {cluster: {imageType: minimal-iso, openshiftVersion: "4.18"}, host: {rootDeviceHints: {model: A, vendor: A, hctl: "0:0:0:0"}, disks: {others: erase}}}
  b: {cluster: {openshiftVersion: "4.19"}, host: {rootDeviceHints: {vendor: B}}}
  c: {host: {rootDeviceHints: {hctl: "0:0:0:3", rotational: false}}}
clusters:
  - name: sno1
    groups: [a, b]
    hosts: [{name: h, groups: [c], rootDeviceHints: {minSizeGigabytes: 9}, protected: true}]
  - name: sno2
    groups: [b, a]
    disks: {others: keep}
    hosts: [{name: h, rootDeviceHints: {vendor: own}}]
`);
  const seen = clusters.map(({ openshiftVersion, imageType, groups, hosts: [host] }) => {
    return [
      openshiftVersion,
      imageType,
      groups,
      host?.groups,
      host?.rootDeviceHints,
      host?.disks.others,
      host?.isProtected,
    ];
  });
  assert.deepEqual(seen, [
    [
      '4.19',
      'minimal-iso',
      ['a', 'b'],
      ['c'],
      { model: 'A', vendor: 'B', hctl: '0:0:0:3', rotational: false, minSizeGigabytes: 9 },
      'erase',
      true,
    ],
    ['4.18', 'minimal-iso', ['b', 'a'], [], { vendor: 'own', model: 'A', hctl: '0:0:0:0' }, 'keep', false],
  ]);
});

test('a range in the name makes as many, and every text runs in step, in decimal and in hex, as wide as it is written', async () => {
  const { clusters } = await inFolder(`${HEAD}clusters:
  - name: sno-{8..11}
    sshKey: ${KEY} key-{08..11}
    hosts: [{name: host-0, bootMACAddress: "52:54:00:00:{0x0e..0x11}:{0x1c..0x1f}", serialNumber: "S{0xe..0x11}-{098..101}"}]
`);
  assert.deepEqual(
    clusters.map(({ name, sshKey, hosts: [host] }) => [
      name,
      sshKey.slice(-6),
      host?.bootMACAddress,
      host?.identity.serial,
    ]),
    [
      ['sno-8', 'key-08', '52:54:00:00:0e:1c', 'Se-098'],
      ['sno-9', 'key-09', '52:54:00:00:0f:1d', 'Sf-099'],
      ['sno-10', 'key-10', '52:54:00:00:10:1e', 'S10-100'],
      ['sno-11', 'key-11', '52:54:00:00:11:1f', 'S11-101'],
    ],
  );
});

test("a range in a host's name makes hosts, in each of the clusters that a range in their name makes", () => {
  const text = 'clusters: [{name: "c{1..2}", hosts: [{name: "h{1..2}", uuid: "u{3..4}"}, {name: x, uuid: "v{5..6}"}]}]';
  assert.deepEqual(expand(parseDocument(text).value, silent), {
    clusters: [
      {
        name: 'c1',
        hosts: [
          { name: 'h1', uuid: 'u3' },
          { name: 'h2', uuid: 'u4' },
          { name: 'x', uuid: 'v5' },
        ],
      },
      {
        name: 'c2',
        hosts: [
          { name: 'h1', uuid: 'u3' },
          { name: 'h2', uuid: 'u4' },
          { name: 'x', uuid: 'v6' },
        ],
      },
    ],
  });
});

const CLUSTER = 'clusters:\n  - name: sno1\n    hosts:\n      - name: h\n';
const WRONG: [what: string, rest: string, said: string[]][] = [
  [
    'a range that is not as long as the name',
    'clusters:\n  - name: sno-{1..3}\n    hosts:\n      - {name: h, serialNumber: "S{1..4}"}\n',
    ['8:33 clusters[0].hosts[0].serialNumber: a range of 4, where the name makes 3 => make it 3 long, as the name is'],
  ],
  [
    'a range without one in the name',
    `${CLUSTER}        serialNumber: S{1..4}\n`,
    [
      '9:23 clusters[0].hosts[0].serialNumber: the range in "S{1..4}" needs one in the name of its host => write a range of 4 in its name too, or one value here',
    ],
  ],
  [
    'a range that runs backwards',
    'clusters:\n  - name: sno-{3..1}\n    hosts: [{name: h}]\n',
    ['6:11 clusters[0].name: the range {3..1} runs backwards => write the smaller number first'],
  ],
  [
    'a range of letters',
    'clusters:\n  - name: sno-{a..c}\n    hosts: [{name: h}]\n',
    ['6:11 clusters[0].name: {a..c} is no range => write {01..20}, or {0x01..0x1f} for hex digits'],
  ],
  [
    'an empty bound',
    'clusters:\n  - name: sno-{1..}\n    hosts: [{name: h}]\n',
    ['6:11 clusters[0].name: {1..} is no range => write {01..20}, or {0x01..0x1f} for hex digits'],
  ],
  [
    'two ranges in one text',
    'clusters:\n  - name: sno-{1..2}\n    hosts:\n      - {name: h, serialNumber: "{1..2}-{1..3}"}\n',
    ['8:33 clusters[0].hosts[0].serialNumber: ranges of 2 and 3 values in "{1..2}-{1..3}" => make them equally long'],
  ],
  [
    'too many',
    'clusters:\n  - name: sno-{1..999999999999}\n    hosts: [{name: h}]\n',
    ['6:11 clusters[0].name: ranges make more than 10000 hosts => write several inventories'],
  ],
  [
    'few hosts, but each with a great many values',
    'clusters:\n  - name: sno-{1..5000}\n    hosts: [{name: h, networkConfig: {interfaces: [{name: eno1, type: ethernet, mac-address: "52:54:00:00:00:01", ipv4: {enabled: true, dhcp: true}}], description: [' +
      '0,'.repeat(1000) +
      ']}}]\n  - name: one\n    hosts: [{name: h}]\n',
    ['6:11 clusters[0].name: with defaults, groups and ranges more than 5000000 values => write several inventories'],
  ],
  [
    'a range alone without quotes',
    'clusters:\n  - name: {01..20}\n    hosts: [{name: h}]\n',
    ['6:11 clusters[0].name: {01..20} without quotes is a mapping => quote it: "{01..20}"'],
  ],
  [
    'a value that every made host has',
    'clusters:\n  - name: sno-{1..3}\n    hosts:\n      - {name: h, bootMACAddress: "52:54:00:00:00:01"}\n',
    [
      '8:35 clusters[0].hosts[0].bootMACAddress: MAC address "52:54:00:00:00:01" goes to several => give each its own MAC address, with a range such as {01..20} or in its own entry',
    ],
  ],
  [
    'values of a range that are wrong: which, and the first few',
    'clusters:\n  - name: sno-{1..6}\n    hosts:\n      - {name: h, bootMACAddress: "52:54:00:00:00:{1..6}"}\n',
    [
      ...[1, 2, 3].map(
        (n) =>
          `8:35 clusters[0].hosts[0].bootMACAddress of sno-${n}/h: "52:54:00:00:00:${n}" is no MAC address of one machine => write six pairs of hex digits with colons`,
      ),
      '8:35 and 3 more here => mend the first ones',
    ],
  ],
  [
    'a value of the defaults',
    `${CLUSTER}        disks: {others: keep}\n`,
    ['3:25 defaults.cluster.baseDomain: "lab" is no domain => write it like lab.example.com, in lower case'],
  ],
  [
    'a value of a group that is merged with the own ones',
    `groups: {g: {host: {rootDeviceHints: {hctl: x}}}}\n${CLUSTER}        groups: [g]\n        rootDeviceHints: {model: m}\n`,
    [
      '5:45 groups.g.host.rootDeviceHints.hctl: "x" is no SCSI address => write host:channel:target:lun, such as "0:2:0:0"',
    ],
  ],
  [
    'an own value over one of the group',
    `groups: {g: {host: {rootDeviceHints: {hctl: "0:0:0:0"}}}}\n${CLUSTER}        groups: [g]\n        rootDeviceHints: {hctl: 5}\n`,
    ['11:33 clusters[0].hosts[0].rootDeviceHints.hctl: 5 without quotes is the number 5 => quote it: "5"'],
  ],
  [
    'a mistyped key of a group in which nobody is',
    `groups:\n  g:\n    host:\n      bootMacAddres: x\n${CLUSTER}`,
    [
      '6:3 groups: nobody is in the group "g" => write groups: [g] in a cluster or host',
      '8:7 groups.g.host: unknown key "bootMacAddres", did you mean "bootMACAddress"? => write bootMACAddress:',
    ],
  ],
  [
    'a group that is not there',
    `groups: {rack1: {}}\n${CLUSTER}        groups: [rack1, rack2]\n`,
    ['10:25 clusters[0].hosts[0].groups[1]: no group "rack2", did you mean "rack1"? => write rack1'],
  ],
  [
    'a group whose name is none',
    `groups: {__proto__: {host: {uuid: x}}, all: {}}\n${CLUSTER}        groups: [__proto__]\n`,
    [
      '5:10 groups: "__proto__" is no name for a group => use letters, digits, dashes and dots',
      '5:40 groups: "all" is no name for a group => use defaults: for what holds for all',
    ],
  ],
  [
    'a merge key together with defaults',
    `x-h: &h {serialNumber: 7}\n${CLUSTER}        <<: *h\n`,
    [
      '10:13 clusters[0].hosts[0].serialNumber: text without quotes is the number 7 => quote it where it is written, in what << names',
    ],
  ],
];

for (const [what, rest, expected] of WRONG)
  test(`${what} is refused where it is written`, async () => {
    const head = what === 'a value of the defaults' ? HEAD.replace('lab.example.com', 'lab') : HEAD;
    assert.deepEqual(
      (await said(rest, head)).filter((line) => !/uuid/.test(line)),
      expected,
    );
  });

test('braces without two dots, and texts outside clusters, stay as they are', () => {
  const value = parseDocument('clusters: [{name: a, manifests: "{x}/${y}/{1,2}"}]\nservice: {url: "{1..2}"}').value;
  assert.deepEqual(expand(value, silent), value);
});

const silent = { at: () => assert.fail(), atKey: () => assert.fail(), follow: () => undefined } as unknown as Reporter;

/** A small generator, the same numbers each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

type Values = Record<string, unknown>;
const FIELDS = ['a', 'b', 'c'];

test('an inventory with defaults, groups and ranges is the same as the one written out by hand', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const below = numbers(seed);
    const values = (): Values =>
      Object.fromEntries(
        FIELDS.filter(() => below(2)).map((key) => [
          key,
          below(2) ? { [`x${below(2)}`]: below(9), y: [below(9)] } : `v${below(9)}`,
        ]),
      );
    const layers = { defaults: values(), g0: values(), g1: values(), own: values() };
    const named = [[], ['g0'], ['g1'], ['g0', 'g1'], ['g1', 'g0']][below(5)]!;
    const [first, count] = [below(12), 1 + below(12)];
    const groups = Object.fromEntries(['g0', 'g1'].map((name) => [name, { host: layers[name as 'g0'] }]));
    const host = {
      name: 'h',
      ...layers.own,
      mac: `m{0x0${first.toString(16)}..0x0${(first + count - 1).toString(16)}}`,
      groups: [],
    };
    const short = {
      defaults: { host: layers.defaults },
      groups,
      clusters: [{ name: `n{${first}..${first + count - 1}}`, groups: named, hosts: [host] }],
    };
    const byHand = [layers.defaults, ...named.map((name) => layers[name as 'g0']), layers.own].reduce<Values>(
      (under, over) => {
        const mixed = Object.entries(over).map(([key, value]) => {
          const both = typeof value === 'object' && typeof under[key] === 'object';
          return [key, both ? { ...(under[key] as Values), ...(value as Values) } : value];
        });
        return { ...under, ...(Object.fromEntries(mixed) as Values) };
      },
      {},
    );
    const long = Array.from({ length: count }, (_, i) => {
      const mac = (first + i).toString(16);
      const width = Math.max(2, (first + count - 1).toString(16).length + 1);
      return {
        name: `n${first + i}`,
        groups: named,
        hosts: [{ ...byHand, name: 'h', mac: `m${mac.padStart(width, '0')}`, groups: [] }],
      };
    });
    const quiet = { at: () => assert.fail(), atKey: () => undefined, follow: () => undefined } as unknown as Reporter;
    const made = expand(parseDocument(dump(short)).value, quiet) as { clusters: unknown };
    assert.deepEqual(made.clusters, long, `seed ${seed}`);
  }
});

test('a range counts although an escape hides its dots from who looks at the text alone', async () => {
  const host = '{name: h, bmc: {address: lab://generic}}';
  const own = `baseDomain: lab.example.com, openshiftVersion: "4.20", pullSecret: env:PS, sshKey: ${KEY}`;
  const { clusters } = await inFolder(
    `service: {type: lab}\nclusters: [{name: "sno-{1\\x2e\\x2e2}", ${own}, hosts: [${host}]}]\n`,
  );
  assert.deepEqual(
    clusters.map(({ name }) => name),
    ['sno-1', 'sno-2'],
  );
});
