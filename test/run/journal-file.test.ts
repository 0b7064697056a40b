/** Journals read back: whole, cut at every byte, with every bit turned, of other formats. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SnobootError } from '../../src/core/errors.ts';
import type { Event } from '../../src/core/events.ts';
import { Secret } from '../../src/core/secret.ts';
import { assertContinuable, JOURNAL, journalText, readHeader, readJournal } from '../../src/run/journal-file.ts';
import { ENDED, header, journalOf, numbered, scratch, started } from './journals.ts';

const EVENTS = numbered([
  started(7),
  { type: 'intent', stage: 'insert-media', effect: 'insert', try: 1 },
  { type: 'warning', text: 'räksmörgås "sum":"000000000000"} 🚀' },
  ENDED,
]);
const TEXT = journalOf([header(), ...EVENTS]);
const BYTES = Buffer.from(TEXT);

const fileOf = (content: string | Buffer): string => {
  const file = join(scratch(), JOURNAL);
  writeFileSync(file, content);
  return file;
};
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'read';
  } catch (error) {
    return error instanceof SnobootError ? error.code : String(error);
  }
};

test('what was written is read back, and the next line begins where the last one ended', () => {
  const journal = readJournal(fileOf(TEXT));
  assert.deepEqual(journal?.header, header());
  assert.deepEqual(journal.events, EVENTS);
  assert.equal(journal.tornAt, null);
  const { seq, sum, length } = journal.end;
  assert.deepEqual([seq, length], [EVENTS.length, BYTES.length]);
  assert.equal(sum, /"sum":"(\w+)"\}\n$/.exec(TEXT)?.[1]);
});

test('cut at any byte it is read up to its last whole line, and says where that ends', () => {
  const file = fileOf('');
  for (let cut = 0; cut < BYTES.length; cut++) {
    writeFileSync(file, BYTES.subarray(0, cut));
    const whole = BYTES.subarray(0, cut).lastIndexOf(0x0a) + 1;
    const journal = readJournal(file);
    if (whole === 0) {
      assert.equal(journal, null, `cut at ${cut}`);
      continue;
    }
    const lines = BYTES.toString('utf8', 0, whole).split('\n').length - 2;
    assert.deepEqual(journal?.events, EVENTS.slice(0, lines), `cut at ${cut}`);
    assert.equal(journal.tornAt, whole === cut ? null : whole);
    assert.equal(journal.end.length, whole);
  }
});

test('with any bit turned it is refused, unless the last line only lost its end', () => {
  const file = fileOf('');
  const last = BYTES.length - 1;
  for (let bit = 0; bit < last * 8; bit++) {
    const turned = Buffer.from(BYTES);
    turned[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(file, turned);
    assert.match(
      codeOf(() => readJournal(file)),
      /^E-JOURNAL(-VERSION)?$/,
      `bit ${bit & 7} of byte ${bit >> 3}`,
    );
  }
  writeFileSync(file, Buffer.concat([BYTES.subarray(0, last), Buffer.from('?')]));
  assert.equal(readJournal(file)?.events.length, EVENTS.length - 1);
});

test('a line that is gone, twice there, elsewhere or from another run is refused by its line', () => {
  const lines = TEXT.trimEnd().split('\n');
  const foreign = journalOf([header({ run: 'other' }), ...EVENTS]).split('\n')[2]!;
  const damaged: [string[], number][] = [
    [lines.toSpliced(2, 1), 3],
    [lines.toSpliced(2, 0, lines[2]!), 4],
    [lines.with(2, lines[3]!).with(3, lines[2]!), 3],
    [lines.with(2, foreign), 3],
    [lines.toSpliced(2, 0, ''), 3],
  ];
  for (const [text, line] of damaged) {
    const file = fileOf(`${text.join('\n')}\n`);
    assert.throws(
      () => readJournal(file),
      (error: SnobootError) => {
        assert.equal(error.code, 'E-JOURNAL');
        assert.equal(error.message, `${file}:${line}: is damaged: not what snoboot wrote there`);
        assert.match(error.todo, /^move .* away, then snoboot cleanup lab\.yaml, then deploy again$/);
        return true;
      },
    );
  }
});

test('numbers that do not rise by one are refused even where the sums are right', () => {
  const [first, second] = EVENTS;
  assert.equal(
    codeOf(() => readJournal(fileOf(journalOf([header(), first, { ...second, seq: 3 }])))),
    'E-JOURNAL',
  );
});

test('a later format and an event that this version does not know are E-JOURNAL-VERSION', () => {
  for (const values of [
    [{ ...header(), format: 3 }],
    [header({ version: '9.0.0' }), { ...EVENTS[0], type: 'run.teleported' }],
  ]) {
    const error = { code: 'E-JOURNAL-VERSION', exitCode: 8, todo: /^use the version that began it, or: move / };
    assert.throws(() => readJournal(fileOf(journalOf(values))), error);
  }
});

test('the first format can be shown and not be continued', () => {
  const old = [
    { format: 1, run: 'r', version: '0.1.0', clusters: { sno1: 'digest' } },
    { seq: 1, at: '2026-11-22T12:00:00.000Z', subject: 'run', type: 'run.started', clusters: [], target: 'lab' },
    { seq: 2, at: '2026-11-22T12:00:01.000Z', subject: 'run', type: 'run.ended', exitCode: 0 },
  ];
  const lines = old.map((value) => `${JSON.stringify(value)}\n`);
  const journal = readJournal(fileOf(lines.join('')))!;
  assert.deepEqual(journal.events[0], { ...old[1], verb: 'deploy', life: 1, pid: 0 });
  assert.throws(() => assertContinuable(journal.header, 'x'), { code: 'E-JOURNAL-VERSION' });
  assert.equal(
    codeOf(() => readJournal(fileOf(lines.toSpliced(1, 1).join('')))),
    'E-JOURNAL',
  );
});

test('no file is nothing begun; one that cannot be read is E-STATE', () => {
  const dir = scratch();
  assert.equal(readJournal(join(dir, JOURNAL)), null);
  assert.equal(readHeader(join(dir, JOURNAL)), null);
  assert.equal(
    codeOf(() => readJournal(dir)),
    'E-STATE',
  );
});

test('a secret is in no text of the journal, and one that is a number or a word of ours leaves it readable', () => {
  for (const value of ['hunter2', '2026', 'intent', 'insert-media', '12345', 'clusters']) new Secret(value);
  const events = numbered([
    { type: 'warning', text: 'the BMC said hunter2' },
    { type: 'intent', stage: 'insert-media', effect: 'insert', try: 1 },
    { type: 'media.read', total: 123456, size: 1234567 },
  ] satisfies Event[]);
  const text = journalOf([header(), ...events]);
  assert.doesNotMatch(text, /hunter2/);
  const read = readJournal(fileOf(text));
  assert.deepEqual(read?.events.slice(1), events.slice(1));
  assert.equal(journalText({ text: 'hunter2' }), '{"text":"***"}');
});
