/** Brings up the lab that an inventory asks for, or joins the one that is up, and puts its addresses in the inventory's place. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import type { AssistedService, BmcSpec, Inventory } from '../inventory/types.ts';
import { startLabChild } from '../lab/child.ts';
import { journalFull } from '../lab/arm.ts';
import type { LabUp } from '../lab/start.ts';
import { stateFolder } from '../run/folders.ts';
import { armFaults, labThatIsUp, timeOf } from './lab-calls.ts';
import { labSpecOf } from './lab-spec.ts';

export interface LabTarget {
  inventory: Inventory & { service: AssistedService };
  /** The BMCs' passwords, under the names by which the inventory now refers to them. */
  env: Record<string, string>;
  up: LabUp;
  timeFactor: number;
  /** Lab time, in milliseconds. */
  now: number;
  /** Where names lead to that only the lab knows: `name:port` → `address:port`. */
  connectTo: Record<string, string>;
  stop(): Promise<void>;
}

export function labFolder(inventory: Inventory): string {
  return join(stateFolder(inventory.dir), 'lab');
}

/**
 * A lab that `snoboot lab up` serves is joined and left running; else one is started that ends with `stop`. `faults` are
 * armed besides those of the inventory.
 */
export async function openLab(inventory: Inventory, faults: readonly string[]): Promise<LabTarget> {
  const upFile = join(labFolder(inventory), 'up.json');
  const joined = await labThatIsUp(upFile);
  if (joined) {
    await armFaults(joined.up.service.url, faults);
    const up = { ...joined.up, journalFull: journalFull(faults) ?? joined.up.journalFull };
    return { ...inPlace(inventory, up), ...joined, up, stop: () => Promise.resolve() };
  }
  const spec = labSpecOf(inventory);
  const lab = await startLabChild({ ...spec, faults: [...spec.faults, ...faults] }, labFolder(inventory));
  // The folder is ours now: what stands there is of a `lab up` that was killed.
  await rm(upFile, { force: true, recursive: true });
  const { timeFactor, now } = await timeOf(lab.up.service.url);
  return { ...inPlace(inventory, lab.up), up: lab.up, timeFactor, now, stop: () => lab.stop() };
}

/** The one place in which `lab://` becomes a real address with a pinned certificate: nothing behind it knows of the lab. */
function inPlace(inventory: Inventory, up: LabUp): Pick<LabTarget, 'inventory' | 'env' | 'connectTo'> {
  const env: Record<string, string> = {};
  const bmcOf = (id: string, bmc: BmcSpec): BmcSpec => {
    if (bmc.kind !== 'lab') return bmc;
    const real = up.bmcs.find(({ host }) => host === id);
    if (!real)
      throw new SnobootError(
        'E-LAB-BUSY',
        `the lab that is up has no host ${id}`,
        'stop it and start it again with this inventory',
      );
    const name = `SNOBOOT_LAB_BMC_${Object.keys(env).length}`;
    env[name] = real.password;
    return {
      kind: 'redfish',
      origin: real.url,
      systemPath: null,
      username: real.username,
      password: { from: 'env', name },
      trust: { kind: 'pin', fingerprint: real.fingerprint },
    };
  };
  const clusters = inventory.clusters.map((cluster) => ({
    ...cluster,
    hosts: cluster.hosts.map((host) => ({ ...host, bmc: bmcOf(`${cluster.name}/${host.name}`, host.bmc) })),
  }));
  const service = {
    type: 'assisted' as const,
    url: up.service.url,
    offlineToken: null,
    trust: 'verify' as const,
    caFile: null,
  };
  return { inventory: { ...inventory, clusters, service }, env, connectTo: up.connectTo };
}
