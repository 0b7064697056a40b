/** The host validations of category hardware: inventory, CPU, memory and disk minima, host name, disk speed (assisted-service.md §2.4). */
import { FORBIDDEN_NAMES, masterCpus, NEEDED } from './catalogue.ts';
import { eligibleDisks } from './hardware.ts';
import { hostName } from './service.ts';
import { type Checks, failure, success, type Verdict, withInventory } from './verdicts.ts';

export const HOST_NAME = /^[a-z0-9][a-z0-9-]{0,62}(?:[.][a-z0-9-]{1,63})*$/;

const MIB = 2 ** 20;
const gib = (mib: number): string => `${(mib / 1024).toFixed(2)} GiB`;
const atLeast = (has: number, needs: number, good: string, bad: string): Verdict =>
  has >= needs ? success(good) : failure(`Require at least ${bad}`);

export const HARDWARE_CHECKS: Checks = {
  'has-inventory': ({ host }) =>
    host.inventory
      ? success('Valid inventory exists for the host')
      : failure('Inventory has not been received for the host'),
  'has-min-cpu-cores': withInventory('Missing inventory', ({ cpu }) =>
    atLeast(cpu.count, NEEDED.minCpus, 'Sufficient CPU cores', `${NEEDED.minCpus} CPU cores, found only ${cpu.count}`),
  ),
  'has-min-memory': withInventory('Missing inventory', ({ memory }) => {
    const mib = memory.physical_bytes / MIB;
    const bad = `${gib(NEEDED.minMemoryMiB)} RAM, found only ${gib(mib)}`;
    return atLeast(mib, NEEDED.minMemoryMiB, 'Sufficient minimum RAM', bad);
  }),
  'has-min-valid-disks': withInventory('Missing inventory', (inventory) =>
    eligibleDisks(inventory).length
      ? success('Sufficient disk capacity')
      : failure('No eligible disks were found, please check specific disks to see why they are not eligible'),
  ),
  'has-cpu-cores-for-role': withInventory('Missing inventory or role', ({ cpu }, { cluster, host }) => {
    const needs = masterCpus(cluster.openshiftVersion);
    const bad = `${needs} CPU cores for ${host.role} role, found only ${cpu.count}`;
    return atLeast(cpu.count, needs, `Sufficient CPU cores for role ${host.role}`, bad);
  }),
  'has-memory-for-role': withInventory('Missing inventory or role', ({ memory }, { host }) => {
    const mib = memory.physical_bytes / MIB;
    const bad = `${gib(NEEDED.memoryMiB)} RAM for role ${host.role}, found only ${gib(mib)}`;
    return atLeast(mib, NEEDED.memoryMiB, `Sufficient RAM for role ${host.role}`, bad);
  }),
  'hostname-valid': ({ host }) => {
    if (!host.inventory) return failure('Missing inventory');
    const name = hostName(host);
    const allowed = HOST_NAME.test(name) && !FORBIDDEN_NAMES.includes(name);
    return allowed ? success(`Hostname ${name} is allowed`) : failure(`The host name ${name} is forbidden`);
  },
  'sufficient-installation-disk-speed': ({ host }) => {
    if (!host.installationDiskId) return { status: 'error', message: 'Validation error' };
    const speed = host.diskSpeed[host.installationDiskId];
    if (!speed) return success('Speed of installation disk has not yet been measured');
    if (!speed.exitCode) return success('Speed of installation disk is sufficient');
    return failure(
      'While preparing the previous installation the installation disk speed measurement failed or was found to be insufficient',
    );
  },
};
