/** Which view --progress means, by where stderr leads and what the environment says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolved } from '../../src/cli/view.ts';

const TERMINAL = { isTTY: true };

test('auto is the screen on a terminal, and lines in a pipe, on a dumb terminal and in a CI', () => {
  assert.equal(resolved('auto', TERMINAL, { TERM: 'xterm' }), 'tty');
  assert.equal(resolved('auto', TERMINAL, { TERM: 'xterm', CI: 'false' }), 'tty');
  assert.equal(resolved('auto', {}, { TERM: 'xterm' }), 'plain');
  assert.equal(resolved('auto', TERMINAL, { TERM: 'dumb' }), 'plain');
  assert.equal(resolved('auto', TERMINAL, { TERM: 'xterm', CI: 'true' }), 'plain');
});

test('what is asked for is taken, but a screen needs a terminal', () => {
  assert.equal(resolved('plain', TERMINAL, {}), 'plain');
  assert.equal(resolved('tty', TERMINAL, { CI: 'true', TERM: 'dumb' }), 'tty');
  assert.throws(() => resolved('tty', {}, {}), { code: 'E-USAGE' });
});
