/** What was seen of machines as YAML to be pasted into an inventory: every line of it is one, the rest are comments. */
import { diskLine, type ProbedDisk, type ProbedHost } from './probe-text.ts';
import { clean } from './text.ts';

/** `discover` is the command that lets agents tell what disks there are. */
export function suggestion(hosts: readonly ProbedHost[], discover: string): string {
  const clusters = [...new Set(hosts.map(({ cluster }) => cluster))];
  const lines = clusters.flatMap((cluster) => [
    `  - name: ${quoted(cluster)}`,
    '    hosts:',
    ...hosts.filter((one) => one.cluster === cluster).flatMap((one) => hostLines(one, discover)),
  ]);
  const head = '# What the machines show of themselves: put the lines of a host below its name in the inventory.';
  return [head, 'clusters:', ...lines].map((line) => `${line}\n`).join('');
}

function hostLines(probed: ProbedHost, discover: string): string[] {
  const { host, machine, discovered, error } = probed;
  const serial = machine?.serial ?? null;
  const lines = [
    ...(error ? [`# ${error.code}: ${clean(error.message)}`] : []),
    ...value('bootMACAddress', bootMac(probed)),
    ...value('serialNumber', serial),
    ...value('uuid', machine && UUID.test(machine.uuid ?? '') ? machine.uuid : null),
    ...(discovered ? diskLines(discovered.disks) : [`# disks are known after: ${discover}`]),
    ...nicLines(probed),
  ];
  return [`      - name: ${quoted(host)}`, ...lines.map((line) => `        ${line}`)];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WWN_LENGTH = 18;

/** The inventory's, else the NIC that has an address, else the first one. */
function bootMac({ bootMACAddress, machine, discovered }: ProbedHost): string | null {
  const nics = discovered?.nics ?? [];
  const [first] = [...nics.filter(({ addresses }) => addresses.length > 0), ...nics];
  return bootMACAddress ?? first?.mac ?? machine?.macs[0] ?? null;
}

function diskLines(disks: readonly ProbedDisk[]): string[] {
  const chosen = disks.filter(({ isChosen }) => isChosen);
  const others = disks.filter((disk) => chosen.length !== 1 || !disk.isChosen);
  const [only] = chosen;
  const hints = only && chosen.length === 1 ? ['rootDeviceHints:', `  ${hintFor(only)}`, `  # ${diskLine(only)}`] : [];
  const title =
    hints.length > 0
      ? '# other disks:'
      : '# the inventory means none of these disks alone; name one by rootDeviceHints:';
  return [
    ...hints,
    ...(others.length > 0 ? [title] : []),
    ...others.map((disk) => `#   ${hintFor(disk)}  ${diskLine(disk)}`),
  ];
}

/** By the name that is the disk's own wherever it is plugged in. */
function hintFor({ wwn, serial, id }: ProbedDisk): string {
  if (wwn.length > WWN_LENGTH) return `wwnWithExtension: ${quoted(wwn)}`;
  if (wwn !== '') return `wwn: ${quoted(wwn)}`;
  return serial === '' ? `deviceName: ${quoted(id)}` : `serialNumber: ${quoted(serial)}`;
}

function nicLines({ discovered, machine }: ProbedHost): string[] {
  const named = (discovered?.nics ?? []).map(
    ({ name, mac }) => `#   - { name: ${quoted(name)}, mac-address: ${quoted(mac)} }`,
  );
  const unnamed = (machine?.macs ?? []).map((mac) => `#   - { mac-address: ${quoted(mac)} }`);
  const lines = named.length > 0 ? named : unnamed;
  return lines.length > 0 ? ['# interfaces for networkConfig:', ...lines] : [];
}

function value(key: string, text: string | null): string[] {
  return text === null || text === '' ? [] : [`${key}: ${quoted(text)}`];
}

/** A JSON text is a YAML text in double quotes. */
const quoted = (text: string): string => JSON.stringify(clean(text));
