/** Brings up the lab that an inventory asks for, or joins the one that is up, and puts its addresses in the inventory's place. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SnobootError } from '../core/errors.ts';
import type { AssistedService, BmcSpec, Inventory } from '../inventory/types.ts';
import { startLabChild } from '../lab/child.ts';
import { journalFull } from '../lab/arm.ts';
import type { LabUp } from '../lab/start.ts';
import { armFaults, labThatIsUp, timeOf } from './lab-calls.ts';
import { REHEARSAL_PULL_SECRET } from './rehearse.ts';
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
  return join(inventory.home, 'lab');
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
  const serves = join(labFolder(inventory), SERVES);
  await writeFile(serves, lab.up.service.url, { mode: 0o600 });
  const stop = (): Promise<void> => rm(serves, { force: true }).finally(() => lab.stop());
  return { ...inPlace(inventory, lab.up), up: lab.up, timeFactor, now, stop };
}

/** Says for others that look where the service of a lab is that is nobody's to join. */
const SERVES = 'serves.url';

/** The URL of the service of a lab that another process has started for itself; null where none answers. */
export async function labServing(inventory: Inventory): Promise<string | null> {
  const url = await readFile(join(labFolder(inventory), SERVES), 'utf8').catch(() => null);
  const time = url === null ? null : await timeOf(url).catch(() => null);
  return time && url;
}

/** Of the form that the service wants, and of no use anywhere else. */
const PULL_SECRET = JSON.stringify({ auths: { 'lab.invalid': { auth: Buffer.from('lab:lab').toString('base64') } } });

/** The one place in which `lab://` becomes a real address with a pinned certificate: nothing behind it knows of the lab. */
function inPlace(inventory: Inventory, up: LabUp): Pick<LabTarget, 'inventory' | 'env' | 'connectTo'> {
  const env: Record<string, string> = { [REHEARSAL_PULL_SECRET]: PULL_SECRET };
  const bmcOf = (id: string, bmc: BmcSpec): BmcSpec => {
    if (bmc.kind !== 'lab') return bmc;
    const real = up.bmcs.find(({ host }) => host === id);
    if (!real)
      throw new SnobootError(
        'E-LAB-BUSY',
        `the lab that is up has no host ${id}`,
        'stop it and start it again with this inventory',
      );
    const name = `SNOBOOT_LAB_BMC_${Object.keys(env).length - 1}`;
    env[name] = real.password;
    return {
      kind: 'redfish',
      origin: real.url,
      systemPath: null,
      family: null,
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
    agentUrl: null,
  };
  return { inventory: { ...inventory, clusters, service }, env, connectTo: up.connectTo };
}
