/** What `snoboot probe` says of machines: a few lines for each host, or lines to be pasted into the inventory. */
import type { ErrorRecord } from '../core/errors.ts';
import { clean } from './text.ts';

export interface ProbedMachine {
  vendor: string;
  model: string | null;
  /** The one that the system itself knows. */
  serial: string | null;
  uuid: string | null;
  macs: string[];
  /** Of the manager. */
  firmware: string | null;
  power: string;
  /** Path of the slot that would be used, and what is in it. */
  slot: string;
  image: string | null;
  /** The boot override, in words. */
  boot: string;
}

export interface ProbedDisk {
  id: string;
  path: string;
  sizeBytes: number;
  model: string;
  serial: string;
  wwn: string;
  /** Why it cannot be installed on; [] where it can. */
  notEligible: string[];
  /** Whether the inventory's rule means it. */
  isChosen: boolean;
}

export interface ProbedNic {
  name: string;
  mac: string;
  addresses: string[];
}

export interface Discovered {
  /** Who knows it: the agent, by the service; or the journal of an earlier run. */
  by: 'service' | 'journal';
  disks: ProbedDisk[];
  nics: ProbedNic[];
}

export interface ProbedHost {
  cluster: string;
  host: string;
  /** The BMC's origin. */
  bmc: string;
  bootMACAddress: string | null;
  machine: ProbedMachine | null;
  /** Null: nobody has discovered it yet. */
  discovered: Discovered | null;
  error: ErrorRecord | null;
}

/** `discover` is the command that lets agents tell what disks there are. */
export function probeText(hosts: readonly ProbedHost[], discover: string): string {
  const undiscovered = hosts.filter(({ discovered }) => !discovered).length;
  const note = undiscovered > 0 ? [`disks are known after a discovery, without installing: ${discover}`] : [];
  return [...hosts.flatMap(hostLines), ...note].map((line) => `${line}\n`).join('');
}

function hostLines({ cluster, host, bmc, machine, discovered, error }: ProbedHost): string[] {
  return [
    `${cluster}/${host}: ${bmc}`,
    ...(error ? [`  ${error.code}: ${clean(error.message)}`, `    what to do: ${clean(error.todo)}`] : []),
    ...(machine ? machineLines(machine) : []),
    ...(discovered ? discoveredLines(discovered) : []),
  ];
}

function machineLines(machine: ProbedMachine): string[] {
  const { vendor, model, serial, uuid, firmware, power, slot, image, boot, macs } = machine;
  const known = (text: string | null): string => clean(text ?? 'not shown');
  return [
    `  ${known(vendor)} ${known(model)}, serial ${known(serial)}, UUID ${known(uuid)}`,
    `  power ${power}, boot override ${clean(boot)}, BMC firmware ${known(firmware)}`,
    `  slot ${clean(slot)}: ${image === null ? 'empty' : clean(image)}`,
    `  NICs by the BMC: ${macs.join(', ') || 'not shown'}`,
  ];
}

function discoveredLines({ by, disks, nics }: Discovered): string[] {
  return [
    `  disks (by the ${by}):`,
    ...disks.map((disk) => `    ${disk.isChosen ? '*' : ' '} ${diskLine(disk)}`),
    ...(nics.length > 0 ? ['  NICs:'] : []),
    ...nics.map(({ name, mac, addresses }) =>
      `      ${clean(name)} ${clean(mac)} ${clean(addresses.join(', '))}`.trimEnd(),
    ),
  ];
}

export function diskLine({ path, sizeBytes, model, serial, wwn, notEligible }: ProbedDisk): string {
  const size = `${Math.round(sizeBytes / 1e9)} GB`;
  const why = notEligible.length > 0 ? ` (${notEligible.join(', ')})` : '';
  return clean(`${path} ${size}${model ? ` ${model}` : ''} serial ${serial || '-'} wwn ${wwn || '-'}${why}`);
}
