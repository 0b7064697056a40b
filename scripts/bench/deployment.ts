/** Whole deployments on the lab: peak memory per host, and bytes moved. */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../../src/core/events.ts';
import { rowOf } from './rows.ts';

const MAIN = join(process.cwd(), 'dist/src/cli/main.js');
const PROFILES = ['dell-idrac9', 'hpe-ilo5', 'generic'];

export async function bench(): Promise<void> {
  const [one, twenty] = [await deployment(1), await deployment(20)];
  const mib = (bytes: number): number => bytes / 2 ** 20;
  console.log(
    `ISO of the lab: ${mib(one.size).toFixed(1)} MiB; the numbers are of whole deployments at 60 times real time`,
  );
  console.table([
    { what: 'peak memory, 1 host', median: `${one.peakMiB.toFixed(0)} MiB`, range: '' },
    {
      what: 'peak memory, 20 hosts',
      median: `${twenty.peakMiB.toFixed(0)} MiB`,
      range: `${((twenty.peakMiB - one.peakMiB) / 19).toFixed(2)} MiB for each further host`,
    },
    rowOf(
      'bytes served to one host',
      twenty.served.map((bytes) => (100 * bytes) / twenty.size),
      '% of the ISO',
    ),
  ]);
}

/** A whole deploy of `count` single-node clusters on the lab: peak memory of snoboot's own process, and bytes served. */
async function deployment(count: number): Promise<{ peakMiB: number; served: number[]; size: number }> {
  const dir = await mkdtemp(join(tmpdir(), 'snoboot-bench-'));
  await cp('inventory/secrets', join(dir, 'secrets'), { recursive: true });
  await writeFile(join(dir, 'lab.yaml'), inventoryOf(count));
  const child = spawn(process.execPath, [MAIN, 'deploy', 'lab.yaml'], { cwd: dir, stdio: 'ignore' });
  let peakKiB = 0;
  const sampler = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, 'utf8').then(
      (status) => (peakKiB = Math.max(peakKiB, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))),
      () => undefined,
    );
  }, 100);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(sampler);
  if (code !== 0) throw new Error(`the deployment of ${count} clusters ended with ${String(code)}`);
  const reads = await mediaReads(dir);
  await rm(dir, { recursive: true });
  return { peakMiB: peakKiB / 1024, ...reads };
}

function inventoryOf(count: number): string {
  const clusters = Array.from({ length: count }, (_, index) => {
    const bmc = { address: `lab://${PROFILES[index % PROFILES.length]}` };
    const bootMACAddress = `52:54:00:00:02:${index.toString(16).padStart(2, '0')}`;
    const common = {
      openshiftVersion: '4.20',
      pullSecret: 'file:secrets/pull-secret.json',
      sshKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc',
    };
    return {
      name: `bench-${index}`,
      baseDomain: 'example.com',
      ...common,
      hosts: [{ name: 'host-0', bmc, bootMACAddress }],
    };
  });
  return JSON.stringify({ service: { type: 'lab' }, clusters });
}

async function mediaReads(dir: string): Promise<{ served: number[]; size: number }> {
  const [run = ''] = await readdir(join(dir, '.snoboot/runs'));
  const text = await readFile(join(dir, '.snoboot/runs', run, 'events.jsonl'), 'utf8');
  const totals = new Map<string, number>();
  let size = 0;
  for (const event of text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as RunEvent))
    if (event.type === 'media.read') {
      totals.set(event.subject, event.total);
      size = event.size;
    }
  return { served: [...totals.values()], size };
}
