/** After which trouble service and BMC are heard, and what a journal that cannot be written leaves behind. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createVirtualClock } from '../../src/core/clock.ts';
import { type Code, SnobootError } from '../../src/core/errors.ts';
import type { Event, Facts } from '../../src/core/events.ts';
import { heard } from '../../src/run/heard.ts';
import { openJournal } from '../../src/run/journal.ts';
import { readLastWord } from '../../src/run/last-word.ts';
import type { ClusterContext } from '../../src/stages/context.ts';
import { ENDED, header, scratch } from './journals.ts';

async function saidAfter(stage: Promise<Facts>, signal = new AbortController().signal): Promise<number> {
  const said: Event[] = [];
  const run = {
    clock: createVirtualClock(),
    assisted: { events: () => Promise.resolve([{ at: '', severity: 'info', message: 'm' }]) },
    say: (_: string, event: Event) => said.push(event),
  };
  const cluster = { run, subject: 'c', facts: { clusterId: 'id' } } as unknown as ClusterContext;
  await heard(cluster, [], signal, stage).catch(() => undefined);
  return said.length;
}

describe('service and BMC are heard', () => {
  const ROWS: [Code, number][] = [
    ['E-HOST-NOAGENT', 1],
    ['E-BMC-UNREACH', 1],
    ['E-IDENT', 1],
    ['E-STATE', 0],
    ['E-LEASE-LOST', 0],
    ['E-INTERRUPTED', 0],
    ['E-DEADLINE', 0],
  ];
  for (const [code, times] of ROWS)
    test(`after ${code}: ${times} times`, async () =>
      assert.equal(await saidAfter(Promise.reject(new SnobootError(code, 'm'))), times));

  test('after a success only where the medium was lost or the ISO booted again', async () => {
    const times = [{}, { mediaLost: true }, { bootedIso: true }, { mediaLost: false }].map((facts) =>
      saidAfter(Promise.resolve(facts)),
    );
    assert.deepEqual(await Promise.all(times), [0, 1, 1, 0]);
  });

  test('not for a stage that was left', async () => {
    assert.equal(await saidAfter(Promise.reject(new SnobootError('E-BOOT', 'm')), AbortSignal.abort()), 0);
  });

  test('and the error of the stage stays what it is', async () => {
    const cluster = { run: { clock: createVirtualClock() }, facts: {} } as unknown as ClusterContext;
    const failed = heard(cluster, [], new AbortController().signal, Promise.reject(new SnobootError('E-BOOT', 'why')));
    await assert.rejects(failed, { code: 'E-BOOT', message: 'why' });
  });
});

test('a journal that cannot be written any more leaves a last word, which the next life takes back', () => {
  const file = join(scratch(), 'events.jsonl');
  const disk = { append: () => undefined, sync: () => undefined };
  const common = { file, clock: createVirtualClock(), onBroken: () => undefined };
  let isFull = false;
  const full = () => {
    if (isFull) throw new Error('ENOSPC: no space left');
  };
  const journal = openJournal({ ...common, start: { header: header() }, disk: { ...disk, append: full } });
  assert.equal(readLastWord(file), null);
  isFull = true;
  journal.say('run', ENDED);
  assert.equal(readLastWord(file), 'cannot write the run folder: ENOSPC: no space left');
  openJournal({ ...common, start: { seq: 0, sum: '', length: 0 }, disk });
  assert.equal(readLastWord(file), null);
});
