/** sushy-tools' emulator as a child process: https with a certificate of its own, Basic login, one machine that is off. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClock } from '../../src/core/clock.ts';

const run = promisify(execFile);
const PACKAGES = ['sushy-tools==2.2.0', 'bcrypt'];
export const USERNAME = 'admin';
export const PASSWORD = 'q7-wrench-lake';

export interface Emulator {
  origin: string;
  /** SHA-256 of its certificate, hex with colons. */
  fingerprint: string;
  stop(): Promise<void>;
}

/** Why this leg cannot run here, or false. */
export function missingTool(): string | false {
  const absent = ['python3', 'openssl'].find((tool) => spawnSync(tool, ['--version']).error);
  return absent ? `${absent} is not here` : false;
}

/** Installs it where it is not installed yet, starts it, and resolves when it takes connections. */
export async function startEmulator(): Promise<Emulator> {
  const folder = await mkdtemp(join(tmpdir(), 'snoboot-sushy-'));
  const bin = join(await installed(process.env['SNOBOOT_PEERS_DIR'] ?? folder), 'bin');
  const port = await freePort();
  const fingerprint = await prepare(folder, bin, port);
  const child = spawn(join(bin, 'sushy-emulator'), ['--config', join(folder, 'emulator.conf')], {
    env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: join(folder, 'tmp'), NO_PROXY: '127.0.0.1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2000)));
  if (await listens(port, () => child.exitCode !== null))
    return { origin: `https://127.0.0.1:${port}`, fingerprint, stop };
  await stop();
  throw new Error(`sushy-emulator did not start: ${words}`);
}

/** The virtual environment, kept where SNOBOOT_PEERS_DIR names a folder. */
async function installed(folder: string): Promise<string> {
  const venv = join(folder, 'sushy-tools');
  if (existsSync(join(venv, 'bin', 'sushy-emulator'))) return venv;
  await run('python3', ['-m', 'venv', venv]);
  await run(join(venv, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
  return venv;
}

async function prepare(folder: string, bin: string, port: number): Promise<string> {
  await Promise.all(['state', 'tmp'].map((name) => mkdir(join(folder, name))));
  const [key, certificate, users] = ['key.pem', 'cert.pem', 'users'].map((name) => join(folder, name));
  const request = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=bmc -keyout ${key!} -out ${certificate!}`;
  await run('openssl', request.split(' '));
  const hash = 'import bcrypt,sys; print(bcrypt.hashpw(sys.argv[1].encode(), bcrypt.gensalt(4)).decode())';
  const { stdout } = await run(join(bin, 'python'), ['-c', hash, PASSWORD]);
  await writeFile(users!, `${USERNAME}:${stdout}`);
  const settings = {
    FAKE_DRIVER: true,
    LISTEN_IP: '127.0.0.1',
    LISTEN_PORT: port,
    SSL_CERT: certificate,
    SSL_KEY: key,
    AUTH_FILE: users,
    STATE_DIR: join(folder, 'state'),
  };
  const lines = Object.entries(settings).map(([name, value]) => `SUSHY_EMULATOR_${name} = ${python(value)}\n`);
  await writeFile(join(folder, 'emulator.conf'), lines.join(''));
  return new X509Certificate(await readFile(certificate!)).fingerprint256;
}

const python = (value: unknown): string => (value === true ? 'True' : JSON.stringify(value));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listens(port: number, isOver: () => boolean): Promise<boolean> {
  const clock = createClock(1);
  for (const end = clock.now() + 30_000; clock.now() < end && !isOver(); await clock.sleep(100)) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => (socket.destroy(), resolve(true)));
      socket.once('error', () => resolve(false));
    });
    if (open) return true;
  }
  return false;
}
