/** Where leases are kept, and what the folder must be. */
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { openStateHome, stateHome, stored } from '../../src/run/state-home.ts';

let dir = '';
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'snoboot-state-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const isRoot = process.getuid?.() === 0;
const state = (message: RegExp) => ({ code: 'E-STATE', exitCode: 8, message });

test('--state-dir stands over XDG_STATE_HOME, which must be absolute, and that over HOME', () => {
  const env = { XDG_STATE_HOME: '/x', HOME: '/h' };
  assert.equal(stateHome(env, 'here'), resolve('here'));
  assert.equal(stateHome(env, null), '/x/snoboot');
  assert.equal(stateHome({ ...env, XDG_STATE_HOME: 'x' }, null), '/h/.local/state/snoboot');
  assert.throws(() => stateHome({}, null), state(/HOME is not set/));
  assert.throws(() => stateHome(env, ''), { code: 'E-USAGE' });
});

test('the folder is made with its parents, 0700 whatever the umask, and nothing of the proof stays in it', () => {
  const before = process.umask(0);
  try {
    const path = openStateHome(join(dir, 'a/b/snoboot'));
    for (const one of ['a', 'a/b', 'a/b/snoboot']) assert.equal(statSync(join(dir, one)).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(openStateHome(path)), []);
  } finally {
    process.umask(before);
  }
});

test('a folder into which others can put files is refused, and so is what is none', () => {
  const path = join(dir, 'snoboot');
  const refused = (message: RegExp): void => {
    assert.throws(() => openStateHome(path), state(message));
    rmSync(path, { recursive: true });
  };
  for (const target of [dir, join(dir, 'nowhere')]) {
    symlinkSync(target, path);
    refused(/symbolic link/);
  }
  writeFileSync(path, '');
  refused(/not a folder/);
  for (const mode of [0o720, 0o702]) {
    mkdirSync(path);
    chmodSync(path, mode);
    refused(/can be written by others/);
  }
  writeFileSync(join(dir, 'file'), '');
  assert.throws(() => openStateHome(join(dir, 'file/snoboot')), state(/ENOTDIR/));
});

test('a folder of another user is refused', { skip: isRoot ? false : 'only root can give a folder away' }, () => {
  chownSync(dir, 12345, 12345);
  assert.throws(() => openStateHome(dir), state(/belongs to user 12345, not to 0/));
});

test('a folder that cannot be written is E-STATE', { skip: isRoot ? 'root may write everywhere' : false }, () => {
  chmodSync(dir, 0o500);
  assert.throws(() => openStateHome(dir), state(/EACCES/));
});

test('a full disk is told from missing rights', () => {
  const refusal = (code: string) => () =>
    stored(dir, () => {
      throw Object.assign(new Error(`${code}: refused`), { code, syscall: 'write' });
    });
  assert.throws(refusal('ENOSPC'), { todo: /^make room/ });
  assert.throws(refusal('EROFS'), { todo: /^make it writable/ });
});
