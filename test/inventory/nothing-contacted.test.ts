/** `snoboot validate` of every broken inventory, where whatever would leave this process throws. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../temp-folder.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.js');
const FIXTURES = join(process.cwd(), 'test/fixtures/inventory');
/** Ends with 99 at the first thing that leaves the process, and says what it was. */
const GUARD = `
const end = (what) => () => { process.stderr.write('left the process by ' + what + '\\n'); process.exit(99); };
const guard = (name, keys) => {
  const part = process.getBuiltinModule(name);
  for (const key of keys ?? Object.keys(part)) if (typeof part[key] === 'function') part[key] = end(name + '.' + key);
};
const net = process.getBuiltinModule('net');
net.Socket.prototype.connect = end('Socket.connect');
net.Server.prototype.listen = end('Server.listen');
process.getBuiltinModule('dgram').Socket.prototype.send = end('dgram.send');
guard('dns', ['lookup', 'resolve', 'resolve4', 'resolve6']);
guard('dns/promises', ['lookup', 'resolve', 'resolve4', 'resolve6']);
guard('child_process', ['spawn', 'exec', 'execFile', 'fork', 'spawnSync', 'execSync', 'execFileSync']);
process.getBuiltinModule('module').syncBuiltinESMExports();
`;

function run(args: string[], code = 'await import(process.argv[1])') {
  const guard = join(tempFolder(), 'guard.mjs');
  writeFileSync(guard, GUARD);
  const env = { PATH: process.env['PATH'], HOME: tempFolder(), BMC: 'x' };
  const all = ['--import', guard, '--input-type=module', '-e', code, MAIN, ...args];
  const { status, stderr } = spawnSync(process.execPath, all, {
    cwd: FIXTURES,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stderr };
}

test('the guard sees a socket, a name, a child', () => {
  for (const code of [
    "(await import('node:net')).connect(1, '127.0.0.1')",
    "await fetch('http://127.0.0.1:9999').catch(() => {})",
    "(await import('node:dns')).lookup('localhost', () => {})",
    "(await import('node:child_process')).spawn('true')",
  ])
    assert.equal(run([], code).status, 99, code);
});

test('thirty broken inventories and more are refused by the command line with exit 2, and nothing is contacted', () => {
  const files = readdirSync(FIXTURES).filter((name) => name.endsWith('.yaml'));
  assert.ok(files.length >= 30, String(files.length));
  const code = `
    const [node, main] = process.argv;
    for (const [i, file] of ${JSON.stringify(files)}.entries()) {
      process.argv = [node, main, 'validate', file];
      await import(main + '?' + i);
      process.stderr.write(file + ' ' + process.exitCode + '\\n');
      process.exitCode = 0;
    }
  `;
  const { status, stderr } = run([], code);
  assert.equal(status, 0, stderr.slice(-2000));
  for (const file of files) assert.match(stderr, new RegExp(`^${file} 2$`, 'm'));
});
