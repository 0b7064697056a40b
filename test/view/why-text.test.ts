/** The screen of `snoboot why`: whatever there is to say, it fits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { width } from '../../src/view/text.ts';
import { type Why, whyText } from '../../src/view/why-text.ts';

const NOTHING: Why = {
  cause: 'E-BOOT: sno1/host-0 at boot-once: it did not boot',
  subject: 'sno1/host-0',
  said: '',
  place: null,
  failing: [],
  medium: '',
  did: [],
  service: [],
  bmc: [],
  left: [],
  todo: '',
  check: [],
  next: ['snoboot deploy lab.yaml'],
};
const LONG = 'many words that somebody wrote in a log, with 漢字 among them and a_word_without_any_end_'.repeat(4);
const dated = Array.from({ length: 6 }, (_, i) => ({ at: `2026-11-22T12:00:0${i}.000Z`, text: `${i} ${LONG}` }));
const ALL: Why = {
  ...NOTHING,
  cause: `E-BOOT: sno1/host-0 at boot-once: ${LONG}`,
  said: LONG,
  place: { stage: 'boot-once', ms: 65_000, seen: LONG },
  failing: [LONG, LONG, LONG],
  medium: '1.0/4.0 MiB read',
  did: dated,
  service: dated,
  bmc: dated,
  left: [LONG],
  todo: LONG,
  check: [LONG, LONG],
  next: ['snoboot deploy lab.yaml', 'more in docs/errors/E-BOOT.md', 'run folder .snoboot/runs/x'],
};

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
  [200, 60],
] as const)
  test(`all that there can be fits ${columns}x${rows}, ends with what to do next, and names the cause first`, () => {
    const lines = whyText(ALL, { columns, rows }).split('\n').slice(0, -1);
    assert.ok(lines.length < rows, `${lines.length} lines`);
    for (const line of lines) assert.ok(width(line) <= columns, line);
    assert.match(lines[0]!, /^E-BOOT: sno1\/host-0 at boot-once: many words/);
    assert.match(lines.at(-1)!, /run folder/);
    for (const label of ['said', 'stage', 'failing', 'ISO', 'did', 'service', 'BMC', 'left', 'to do', 'next'])
      assert.ok(
        lines.some((line) => line.startsWith(label.padEnd(9))),
        label,
      );
    assert.ok(
      lines.some((line) => line.startsWith('BMC') || / 5 many/.test(line)),
      'the last entries stay',
    );
  });

test('what there is not takes no line, and control characters do no harm', () => {
  const text = whyText({ ...NOTHING, bmc: [{ at: '', text: 'a\u001b[2Jb\nc' }] }, { columns: 80, rows: 24 });
  assert.deepEqual(text.split('\n'), [
    NOTHING.cause,
    '',
    'BMC      a\ufffd[2Jb c',
    'next     snoboot deploy lab.yaml',
    '',
  ]);
});
