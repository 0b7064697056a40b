/** `snoboot why` over journals on the disk: whom it can be asked about, and journals that are not whole. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { whyCommand } from '../../src/cli/commands/why.ts';
import type { Event } from '../../src/core/events.ts';
import { JOURNAL } from '../../src/run/journal-file.ts';
import { scratch, started, writeRun } from '../run/journals.ts';

const NAME = '20261122T120000Z-aaaa';
const error = { code: 'E-BMC-AUTH', message: 'the BMC refuses', todo: 'correct it' } as const;
const FAILED: Event[] = [
  started(),
  { type: 'stage.started', stage: 'check-bmc', waitsFor: 'the BMC' },
  { type: 'stage.failed', stage: 'check-bmc', elapsedMs: 1000, error },
  {
    type: 'cluster.ended',
    outcome: 'failed',
    exitCode: 4,
    error,
    leftovers: [],
    changed: 0,
    version: { asked: '4.20', installed: null },
  },
  { type: 'run.ended', exitCode: 4 },
];

const said = (dir: string, subject?: string, rehearse = false): Promise<string[]> =>
  printed(join(dir, 'lab.yaml'), subject, { rehearse });

async function printed(...args: Parameters<typeof whyCommand>): Promise<string[]> {
  const texts: string[] = [];
  const write = mock.method(process.stdout, 'write', (text: string) => texts.push(text) > 0);
  try {
    assert.equal(await whyCommand(...args), 0);
  } finally {
    write.mock.restore();
  }
  return texts.join('').split('\n');
}

test('the cause first; then what to check, what to type and where to read more', async () => {
  const dir = scratch();
  writeRun(dir, NAME, FAILED);
  const lines = await said(dir);
  assert.equal(lines[0], 'E-BMC-AUTH: sno1/host-0 at check-bmc: the BMC refuses');
  const text = lines.join('\n');
  assert.match(text, /to do {4}correct it\ncheck {4}curl -k -u USER https:\/\/BMC/);
  assert.match(text, /next {5}snoboot deploy \S+lab\.yaml\n {9}more in docs\/errors\/E-BMC-AUTH\.md\n {9}run folder/);
});

test('a cluster, a host of it, and a host by its own name are asked about alike', async () => {
  const dir = scratch();
  writeRun(dir, NAME, FAILED);
  for (const subject of ['sno1', 'sno1/host-0', 'host-0'])
    assert.match((await said(dir, subject))[0]!, /^E-BMC-AUTH: sno1\/host-0/);
});

test('in the folder of the last run the inventory may be left out', async () => {
  const dir = scratch();
  writeRun(dir, NAME, FAILED);
  const before = process.cwd();
  process.chdir(dir);
  try {
    for (const words of [[], ['sno1'], ['lab.yaml', 'sno1/host-0']])
      assert.match((await printed(words[0], words[1], {}))[0]!, /^E-BMC-AUTH: sno1\/host-0/);
  } finally {
    process.chdir(before);
  }
  assert.throws(() => whyCommand(undefined, undefined, {}), { code: 'E-USAGE' });
});

test('nobody of that name: E-USAGE with the nearest one; no run: E-USAGE', () => {
  const dir = scratch();
  assert.throws(() => whyCommand(join(dir, 'lab.yaml'), undefined, {}), {
    code: 'E-USAGE',
    message: /no run of .* has begun/,
  });
  writeRun(dir, NAME, FAILED);
  const about = { code: 'E-USAGE', message: 'no cluster or host "sno2" in the last run, did you mean "sno1"?' };
  assert.throws(() => whyCommand(join(dir, 'lab.yaml'), 'sno2', {}), about);
});

test('a killed run of a part of the inventory is gone on with for that part, as far as it was to go', async () => {
  const dir = scratch();
  const begun = started(0, 1, { stopAfter: 'await-agent' });
  writeRun(dir, NAME, [begun], { source: { shared: {}, clusters: { sno1: {}, sno2: {} } } });
  assert.match(
    (await said(dir)).join('\n'),
    /\nnext {5}snoboot deploy \S+lab\.yaml --limit sno1 --stop-after-stage await-agent\n/,
  );
});

test('a failed run that was to stop before the disks is tried again no further', async () => {
  const dir = scratch();
  const begun = started(0, 1, { stopAfter: 'await-agent' });
  writeRun(dir, NAME, [begun, ...FAILED.slice(1)]);
  assert.match((await said(dir)).join('\n'), /\nnext {5}snoboot deploy \S+lab\.yaml --stop-after-stage await-agent\n/);
});

test('a rehearsal is another run', async () => {
  const dir = scratch();
  writeRun(join(dir, '.snoboot/rehearsal/..'), NAME, FAILED.slice(0, 2));
  const rehearsal = join(dir, '.snoboot/rehearsal/runs', NAME);
  mkdirSync(rehearsal, { recursive: true });
  writeFileSync(join(rehearsal, JOURNAL), '{"format":1,"run":"r","version":"0.1.0","clusters":{}}\n');
  assert.match((await said(dir, undefined, true))[0]!, /^killed at .*nothing was begun/);
});

test('a last line that was cut does not count, and a journal that was changed is E-JOURNAL', async () => {
  const dir = scratch();
  const file = join(writeRun(dir, NAME, FAILED.slice(0, 2)), JOURNAL);
  appendFileSync(file, '{"seq":3,"at"');
  assert.match(
    (await said(dir))[0]!,
    /^killed at 12:00:01, and nobody wrote down why: it stood at sno1\/host-0 at check-bmc/,
  );
  appendFileSync(file, '\n');
  assert.throws(() => whyCommand(join(dir, 'lab.yaml'), undefined, {}), { code: 'E-JOURNAL' });
});
