/** What is heard after trouble: best effort, bounded, redacted, and never in the way of the run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVirtualClock } from '../../src/core/clock.ts';
import type { Event } from '../../src/core/events.ts';
import { Secret } from '../../src/core/secret.ts';
import type { ClusterContext, HostContext } from '../../src/stages/context.ts';
import { hear } from '../../src/stages/hear.ts';

type Lines = { at: string; severity: string; message: string; text: string }[];
const line = (text: string, severity = 'info') => ({ at: '2026-11-22T12:00:00Z', severity, message: text, text });

function scene(service: () => Promise<Lines>, bmc: () => Promise<Lines>, hostCount = 1) {
  const said: [string, Event][] = [];
  const clock = createVirtualClock();
  const asked = { bmcs: 0 };
  const run = {
    clock,
    assisted: { events: service },
    say: (subject: string, event: Event) => said.push([subject, event]),
  };
  const cluster = { run, subject: 'c', facts: { clusterId: 'id' } } as unknown as ClusterContext;
  const readLog = (): Promise<Lines> => (asked.bmcs++, bmc());
  const host = (i: number) => ({ run, subject: `c/h${i}`, bmc: () => Promise.resolve({ readLog }) });
  const hosts = Array.from({ length: hostCount }, (_, i) => host(i)) as unknown as HostContext[];
  const heard = (signal = new AbortController().signal) => hear(cluster, hosts, signal);
  return { clock, said, asked, heard, cluster };
}

test('service and BMC are heard, newest last, trouble with its severity', async () => {
  const { said, heard } = scene(
    () => Promise.resolve([line('registered'), line('no DNS', 'warning')]),
    () => Promise.resolve([line('power on', 'OK'), line('no image', 'Critical')]),
  );
  await heard();
  const texts = said.map(([subject, event]) => [
    subject,
    event.type === 'heard' && [event.from, ...event.lines.map(({ text }) => text)],
  ]);
  assert.deepEqual(texts, [
    ['c', ['service', 'registered', 'warning: no DNS']],
    ['c/h0', ['bmc', 'power on', 'critical: no image']],
  ]);
});

test('secrets and control characters stay out, and a log of any length is cut', async () => {
  const token = new Secret('t0p-s3cret');
  const long = Array.from({ length: 50 }, (_, i) =>
    line(`${i} http://x/${token.reveal()}/boot.iso\u001b[2J ${'x'.repeat(999)}`),
  );
  const { said, heard } = scene(
    () => Promise.resolve([]),
    () => Promise.resolve(long),
  );
  await heard();
  const [[, event] = []] = said;
  assert.ok(event?.type === 'heard');
  assert.equal(event.lines.length, 12);
  assert.match(event.lines[11]!.text, /^49 http:\/\/x\/\*\*\*\/boot\.iso\ufffd\[2J x+…$/);
  assert.ok(event.lines.every(({ text }) => text.length <= 300));
});

test('who fails, or has said nothing, is left out', async () => {
  const { said, heard } = scene(
    () => Promise.reject(new Error('down')),
    () => Promise.resolve([]),
  );
  await heard();
  assert.deepEqual(said, []);
});

test('who does not answer is waited for ten seconds, and the others are heard all the same', async () => {
  const { clock, said, heard } = scene(
    () => new Promise(() => undefined),
    () => Promise.resolve([line('x')]),
  );
  let isOver = false;
  const done = heard().then(() => (isOver = true));
  await clock.advance(9_999);
  assert.equal(isOver, false);
  await clock.advance(1);
  await done;
  assert.equal(said.length, 1);
});

test('a stage that is left ends the hearing at once', async () => {
  const left = new AbortController();
  const { said, heard } = scene(
    () => new Promise(() => undefined),
    () => new Promise(() => undefined),
  );
  const done = heard(left.signal);
  left.abort(new Error('left'));
  await done;
  assert.deepEqual(said, []);
});

test('before there is a cluster the service is not asked, and of many hosts three are', async () => {
  const { asked, cluster, heard } = scene(
    () => assert.fail('asked'),
    () => Promise.resolve([]),
    5,
  );
  delete cluster.facts['clusterId'];
  await heard();
  assert.equal(asked.bmcs, 3);
});
