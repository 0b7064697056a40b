/** The runner: look, act, look again; deadlines, tries and what is said of them, on a virtual clock. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVirtualClock } from '../../src/core/clock.ts';
import { type Code, SnobootError } from '../../src/core/errors.ts';
import type { Event } from '../../src/core/events.ts';
import { createMemory } from '../../src/run/memory.ts';
import { createStageRunner } from '../../src/run/stage-runner.ts';
import type { Look, Stage } from '../../src/stages/stage.ts';

const SECOND = 1000;
/** When a life that goes on begins, after effects at 0. */
const LATER = 5 * SECOND;
const so: Look = { so: true, facts: { answer: 42 } };
const due: Look = { so: false, seen: 'not yet', due: 'effect' };

/** A context whose deeds are the fold of what is said; with the events of an earlier life of the run. */
function scene(earlier: Event[] = []) {
  const clock = createVirtualClock(earlier.length > 0 ? LATER : 0);
  const said: Event[] = [];
  const memory = createMemory();
  const told = (event: Event, ms: number): void =>
    memory.apply({ seq: 1, at: new Date(ms).toISOString(), subject: 'c/h', ...event });
  for (const event of earlier) told(event, 0);
  const context = {
    run: { clock, say: (_: string, event: Event) => (said.push(event), told(event, clock.now())) },
    subject: 'c/h',
    ...memory.of('c/h'),
    mayWrite: (): void => undefined,
  };
  return { clock, said, context };
}

type Context = ReturnType<typeof scene>['context'];

function stageOf(parts: Partial<Stage<Context>>): Stage<Context> {
  return {
    name: 'stage',
    waitsFor: 'something',
    deadlineMs: 60 * SECOND,
    pollMs: 5 * SECOND,
    tries: 2,
    settleMs: 20 * SECOND,
    group: 'bmc',
    look: () => Promise.resolve(so),
    expired: (_context, seen) => new SnobootError('E-POWER', `expired: ${seen}`, 'do'),
    ...parts,
  };
}

const never = new AbortController().signal;
const types = (said: Event[]): string[] => said.map(({ type }) => type);
const failing = (code: Code) => new SnobootError(code, 'refused', 'do');

test('what is so already is not done again, and its facts are said and returned', async () => {
  const { said, context } = scene();
  const acted: string[] = [];
  const stage = stageOf({ act: (_, effect) => Promise.resolve(void acted.push(effect)) });
  assert.deepEqual(await createStageRunner()(stage, context, never), { answer: 42 });
  assert.deepEqual(acted, []);
  assert.deepEqual(context.facts, { answer: 42 });
  assert.deepEqual(said.at(-1), {
    type: 'stage.succeeded',
    stage: 'stage',
    changed: false,
    elapsedMs: 0,
    facts: { answer: 42 },
  });
});

test('an effect stands between its intent and its result, and is read back', async () => {
  const { said, context } = scene();
  let done = false;
  const stage = stageOf({
    look: () => Promise.resolve(done ? so : due),
    act: () => {
      assert.equal(said.at(-1)?.type, 'intent');
      done = true;
      return Promise.resolve();
    },
  });
  await createStageRunner()(stage, context, never);
  assert.deepEqual(types(said), ['stage.started', 'stage.progressed', 'intent', 'result', 'stage.succeeded']);
});

test('an effect without success is tried again after it had time to settle, and no more often than allowed', async () => {
  const { clock, said, context } = scene();
  const at: number[] = [];
  const stage = stageOf({ look: () => Promise.resolve(due), act: () => Promise.resolve(void at.push(clock.now())) });
  const outcome = assert.rejects(createStageRunner()(stage, context, never), {
    code: 'E-POWER',
    message: 'expired: not yet',
  });
  await clock.advance(120 * SECOND);
  await outcome;
  assert.deepEqual(at, [0, 20 * SECOND]);
  assert.equal(said.at(-1)?.type, 'stage.failed');
});

test('a refused effect ends the stage with its own error when a look still finds it due', async () => {
  const { context } = scene();
  const stage = stageOf({ look: () => Promise.resolve(due), act: () => Promise.reject(failing('E-BMC-REFUSED')) });
  await assert.rejects(createStageRunner()(stage, context, never), { code: 'E-BMC-REFUSED' });
});

test('a refused effect that happened all the same is a success', async () => {
  const { said, context } = scene();
  let done = false;
  const stage = stageOf({
    look: () => Promise.resolve(done ? so : due),
    act: () => {
      done = true;
      return Promise.reject(failing('E-BMC-REFUSED'));
    },
  });
  await createStageRunner()(stage, context, never);
  assert.equal(said.filter(({ type }) => type === 'intent').length, 1);
});

test('an effect of which nobody knows whether it happened is settled by looking before it is tried again', async () => {
  const { clock, context } = scene();
  let acts = 0;
  let looks = 0;
  const stage = stageOf({
    look: () => Promise.resolve(++looks > 3 ? so : due),
    act: () => {
      acts += 1;
      return Promise.reject(failing('E-SVC-UNREACH'));
    },
  });
  const outcome = createStageRunner()(stage, context, never);
  await clock.advance(60 * SECOND);
  await outcome;
  assert.equal(acts, 1);
});

test('what moves is said once', async () => {
  const { clock, said, context } = scene();
  const percents = [10, 10, 10, 20];
  const stage = stageOf({
    look: () => {
      const percent = percents.shift();
      return Promise.resolve(percent === undefined ? so : { so: false, seen: 'writing', percent });
    },
  });
  const outcome = createStageRunner()(stage, context, never);
  await clock.advance(60 * SECOND);
  await outcome;
  assert.deepEqual(
    said.filter(({ type }) => type === 'stage.progressed').map((event) => 'percent' in event && event.percent),
    [10, 20],
  );
});

test('an aborted stage stops waiting and says nothing more', async () => {
  const { clock, said, context } = scene();
  const abort = new AbortController();
  const outcome = assert.rejects(
    createStageRunner()(stageOf({ look: () => Promise.resolve({ so: false, seen: 'no' }) }), context, abort.signal),
  );
  await clock.advance(SECOND);
  abort.abort();
  await outcome;
  assert.deepEqual(types(said), ['stage.started', 'stage.progressed']);
});

test('a stranger of an error becomes an internal one', async () => {
  const { context } = scene();
  const stage = stageOf({ look: () => Promise.reject(new TypeError('oops')) });
  await assert.rejects(createStageRunner()(stage, context, never), { code: 'E-INTERNAL', message: 'TypeError: oops' });
});

test('an effect that was under way when its stage was left is over before the next stage looks', async () => {
  const { context } = scene();
  const run = createStageRunner();
  const order: string[] = [];
  const leave = new AbortController();
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const act = async (): Promise<void> => {
    leave.abort();
    begin();
    await new Promise(setImmediate);
    order.push('inserted');
  };
  const left = run(stageOf({ look: () => Promise.resolve(due), act }), context, leave.signal);
  left.catch(() => undefined);
  await begun;
  await run(stageOf({ look: () => (order.push('cleanup looks'), Promise.resolve(so)) }), context, never);
  await assert.rejects(left);
  assert.deepEqual(order, ['inserted', 'cleanup looks']);
});

test('nothing is begun for a stage that was left while it waited for its turn', async () => {
  const run = createStageRunner();
  const busy = new AbortController();
  let acts = 0;
  const endless = stageOf({
    group: 'download',
    look: () => Promise.resolve(due),
    act: (_context, _due, signal) =>
      new Promise((_, reject) => {
        acts += 1;
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  });
  const runs = [scene(), scene()].map(({ context }) => run(endless, context, busy.signal));
  const { context, said } = scene();
  const leave = new AbortController();
  const waiting = run(endless, context, leave.signal);
  await new Promise(setImmediate);
  leave.abort();
  busy.abort();
  for (const one of [...runs, waiting]) await assert.rejects(one);
  assert.equal(acts, 2);
  assert.ok(!types(said).includes('intent'));
});

test('an effect that can be broken off is broken off at the deadline, with its error', async () => {
  const { clock, context } = scene();
  const stage = stageOf({
    look: () => Promise.resolve(due),
    act: (_context, _due, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  });
  const outcome = assert.rejects(createStageRunner()(stage, context, never), {
    code: 'E-POWER',
    message: 'expired: not yet',
  });
  await clock.advance(61 * SECOND);
  await outcome;
});

const begun: Event = { type: 'stage.started', stage: 'stage', waitsFor: '' };
const intent = (count: number): Event => ({ type: 'intent', stage: 'stage', effect: 'effect', try: count });
const result = (code?: Code): Event => ({
  ...{ type: 'result', stage: 'stage', effect: 'effect', try: 1 },
  ...(code ? { error: failing(code).record() } : {}),
});
const settled = (said: Event[]) => said.filter(({ type }) => type === 'settled');

/** At which seconds a life that goes on after `earlier` tries an effect that every look finds due. */
async function triesAfter(earlier: Event[]) {
  const { clock, said, context } = scene([begun, ...earlier]);
  const at: number[] = [];
  const act = (): Promise<void> => Promise.resolve(void at.push(clock.now() / SECOND));
  const outcome = assert.rejects(
    createStageRunner()(stageOf({ look: () => Promise.resolve(due), act }), context, never),
    { code: 'E-POWER' },
  );
  await clock.advance(120 * SECOND);
  await outcome;
  return { at, said };
}

test('an intent of an earlier life is looked at while its result could show, then tried as if for the first time', async () => {
  for (const count of [1, 2]) {
    const { at, said } = await triesAfter([intent(count)]);
    assert.deepEqual(at, [20, 40]);
    assert.deepEqual(settled(said), [{ type: 'settled', stage: 'stage', effect: 'effect', happened: false }]);
    assert.deepEqual(
      said.filter((event) => event.type === 'intent').map((event) => event.try),
      [1, 2],
    );
  }
});

test('what an earlier life tried to the end is settled already, and its tries are not spent either', async () => {
  for (const outcome of [result(), result('E-BMC-UNREACH')]) {
    const { at, said } = await triesAfter([intent(1), outcome]);
    assert.deepEqual(at, [20, 40]);
    assert.deepEqual(settled(said), []);
  }
});

test('an intent of an earlier life that shows is said to have happened, and is not sent again', async () => {
  const { clock, said, context } = scene([begun, intent(1)]);
  const later: Look = { so: false, seen: 'half', due: 'other' };
  const looks = [due, due, later];
  const acted: string[] = [];
  const stage = stageOf({
    look: () => Promise.resolve(acted.length > 0 ? so : (looks.shift() ?? later)),
    act: (_, effect) => Promise.resolve(void acted.push(effect)),
  });
  const outcome = createStageRunner()(stage, context, never);
  await clock.advance(60 * SECOND);
  await outcome;
  assert.deepEqual(acted, ['other']);
  assert.deepEqual(settled(said), [{ type: 'settled', stage: 'stage', effect: 'effect', happened: true }]);
});

test('a stage whose aim was reached by an earlier life changes nothing more, and says that it changed something', async () => {
  for (const earlier of [[intent(1)], [intent(1), result()]]) {
    const { said, context } = scene([begun, ...earlier]);
    const act = (): never => assert.fail('acted');
    await createStageRunner()(stageOf({ act }), context, never);
    assert.deepEqual(types(settled(said)), earlier.length === 1 ? ['settled'] : []);
    const last = said.at(-1);
    assert.equal(last?.type === 'stage.succeeded' && last.changed, true);
  }
});

test('tries of a stage that ended do not count when it is run again', async () => {
  const failed: Event = { type: 'stage.failed', stage: 'stage', elapsedMs: 0, error: failing('E-POWER').record() };
  const { at, said } = await triesAfter([intent(1), result(), intent(2), result(), failed]);
  assert.deepEqual(at, [5, 25]);
  assert.deepEqual(settled(said), []);
});

test('a machine that another process has taken is not touched: no intent, no act', async () => {
  const { said, context } = scene();
  const act = (): never => assert.fail('acted');
  context.mayWrite = () => {
    throw failing('E-LEASE-LOST');
  };
  await assert.rejects(createStageRunner()(stageOf({ look: () => Promise.resolve(due), act }), context, never), {
    code: 'E-LEASE-LOST',
    exitCode: 3,
  });
  assert.deepEqual(types(said), ['stage.started', 'stage.failed']);
});
