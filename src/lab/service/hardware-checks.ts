/** The host validations of category hardware: inventory, CPU, memory and disk minima, host name, disk speed (assisted-service.md §2.4). */
import { cpusFor, NEEDED } from './catalogue.ts';
import { eligibleDisks } from './hardware.ts';
import { hostName } from './service.ts';
import { type Checks, failure, type Seen, success, type Verdict, verdict, withInventory } from './verdicts.ts';

const NAME = /^[a-z0-9][a-z0-9-]{0,62}(?:[.][a-z0-9-]{1,63})*$/;
const FORBIDDEN = /^localhost(\.localdomain|[46]|4\.localdomain4|6\.localdomain6)?$/;

/** Why the name cannot be a host's, in the words of PATCH; undefined when it can. */
export function nameProblem(name: string): string | undefined {
  if (!NAME.test(name)) return `Hostname does not pass required regex validation: ${NAME.source}. Hostname: ${name}`;
  return FORBIDDEN.test(name) ? `The host name ${name} is forbidden` : undefined;
}

const MIB = 2 ** 20;
const gib = (bytes: number): string => `${(bytes / MIB / 1024).toFixed(2)} GiB`;

function memory(mib: number, good: string, bad: string) {
  return withInventory('Missing inventory', ({ memory: { physical_bytes: bytes } }) =>
    verdict(bytes >= mib * MIB, good, `Require at least ${gib(mib * MIB)} RAM${bad}, found only ${gib(bytes)}`),
  );
}

export const HARDWARE_CHECKS: Checks = {
  'has-inventory': ({ host: { inventory } }) =>
    inventory
      ? success('Valid inventory exists for the host')
      : failure('Inventory has not been received for the host'),
  'has-min-cpu-cores': withInventory('Missing inventory', ({ cpu: { count } }) => {
    const no = `Require at least ${NEEDED.minCpus} CPU cores, found only ${count}`;
    return verdict(count >= NEEDED.minCpus, 'Sufficient CPU cores', no);
  }),
  'has-min-memory': memory(NEEDED.minMemoryMiB, 'Sufficient minimum RAM', ''),
  'has-min-valid-disks': withInventory('Missing inventory', (inventory) => {
    const no = 'No eligible disks were found, please check specific disks to see why they are not eligible';
    return verdict(eligibleDisks(inventory).length > 0, 'Sufficient disk capacity', no);
  }),
  'has-cpu-cores-for-role': withInventory('Missing inventory or role', ({ cpu: { count } }, { cluster, host }) => {
    const needed = cpusFor(cluster.openshift_version);
    const no = `Require at least ${needed} CPU cores for ${host.role} role, found only ${count}`;
    return verdict(count >= needed, `Sufficient CPU cores for role ${host.role}`, no);
  }),
  'has-memory-for-role': memory(NEEDED.memoryMiB, 'Sufficient RAM for role master', ' for role master'),
  'hostname-valid': withInventory('Missing inventory', (_, { host }) => {
    const name = hostName(host);
    return nameProblem(name) ? failure(`The host name ${name} is forbidden`) : success(`Hostname ${name} is allowed`);
  }),
  'sufficient-installation-disk-speed': diskSpeed,
};

function diskSpeed({ host }: Seen): Verdict {
  if (!host.installation_disk_id) return { status: 'error', message: 'Validation error' };
  const speed = host.disks_info[host.installation_disk_id]?.disk_speed;
  if (!speed) return success('Speed of installation disk has not yet been measured');
  if (!speed.exit_code) return success('Speed of installation disk is sufficient');
  const what = 'the installation disk speed measurement failed or was found to be insufficient';
  return failure(`While preparing the previous installation ${what}`);
}
