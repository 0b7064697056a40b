/** The real view in a real terminal: what tmux shows is what the golden files say. Skipped where there is no tmux. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

const FEEDER = join(import.meta.dirname, 'feeder.js');
const SOCKET = `snoboot-${process.pid}`;
const PATIENCE_MS = 60_000;
const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const skip = hasTmux ? false : 'there is no tmux here';

const tmux = (...args: string[]): string =>
  execFileSync('tmux', ['-L', SOCKET, '-f', '/dev/null', ...args], { encoding: 'utf8', timeout: PATIENCE_MS });
const captured = (session: string): string => tmux('capture-pane', '-p', '-t', session).trimEnd() + '\n';
const golden = (hosts: number, size: string): string =>
  readFileSync(join(process.cwd(), `test/fixtures/view/${hosts}-hosts-${size}.txt`), 'utf8');

// A server without a session ends by itself, which the next session might come too late to see.
before(() => {
  if (hasTmux) tmux('new-session', '-d', '-s', 'keeps-the-server', 'cat');
});
after(() => {
  if (hasTmux) spawnSync('tmux', ['-L', SOCKET, 'kill-server']);
});

function open(session: string, command: string): void {
  const env = ['-e', 'CI=', '-e', 'TERM=screen'];
  tmux('new-session', '-d', '-s', session, '-x', '80', '-y', '24', ...env, command, ';', 'set', '-g', 'status', 'off');
}

/** The last capture, once `isThere` or after a minute. */
async function until(session: string, isThere: (text: string) => boolean): Promise<string> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const text = captured(session);
    if (isThere(text) || performance.now() > end) return text;
    await delay(100);
  }
}

for (const hosts of [1, 10, 200, 1000])
  test(
    `tmux shows ${hosts} hosts at 80x24 as the golden file does, and at 120x40 after a resize`,
    { skip },
    async () => {
      const session = `hosts-${hosts}`;
      open(session, `${process.execPath} ${FEEDER} ${hosts}`);
      const small = golden(hosts, '80x24');
      assert.equal(await until(session, (text) => text === small), small);
      tmux('resize-window', '-t', session, '-x', '120', '-y', '40');
      const large = golden(hosts, '120x40');
      assert.equal(await until(session, (text) => text === large), large);
      tmux('resize-window', '-t', session, '-x', '80', '-y', '24');
      assert.equal(await until(session, (text) => text === small), small);
      tmux('kill-session', '-t', session);
    },
  );

test('a run that was suspended gives the terminal back, and its picture comes again below', { skip }, async () => {
  const session = 'suspended';
  open(session, 'env PS1=prompt: bash --norc --noprofile');
  tmux('send-keys', '-t', session, `${process.execPath} ${FEEDER} 1`, 'Enter');
  await until(session, (text) => /1 cluster: 1 at work/.test(text));
  tmux('send-keys', '-t', session, 'C-z');
  await until(session, (text) => /Stopped/.test(text));
  tmux('send-keys', '-t', session, 'echo mine', 'Enter');
  const stopped = await until(session, (text) => /^mine$/m.test(text));
  assert.match(stopped, /^mine$/m);
  tmux('send-keys', '-t', session, 'fg', 'Enter');
  const picture = /^mine\nprompt:fg\n.*\ndeploy on lab.*\n1 cluster: 1 at work\n/m;
  assert.match(await until(session, (text) => picture.test(text)), picture);
  const shown = tmux('display-message', '-p', '-t', session, '#{cursor_flag}').trim();
  assert.equal(shown, '1', 'the cursor is shown');
});
