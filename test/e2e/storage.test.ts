/** The local disk: who may read what is on it, and what a run does where it is full, read-only or not to be trusted. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { processesIn } from '../../scripts/processes.ts';
import { type Around, createScene, type Ended, endLabs, type Running, type Scene, STATIC } from './scene.ts';
import { isosOf, leasesOf, mediaPid, onlyStatic, until } from './traces.ts';
import { endState, installed, LEFT } from './verdict.ts';

const DEPLOY = ['deploy', 'lab.yaml'];
const CLUSTER = 'sno-ai-test';
const UMASK: Around = { preload: 'umask-000.js' };

/** A disk that is bad for some paths: bad-disk.ts says how. */
const badDisk = (how: string): Around => ({ preload: 'bad-disk.js', env: { BAD_DISK: how } });

function assertStorage({ code, stdout, stderr }: Ended, what: string, words = /E-STATE/): void {
  assert.equal(code, 8, `${what}\n${stdout}\n${stderr}`);
  assert.match(`${stderr}\n${stdout}`, words, what);
  assert.doesNotMatch(stderr, /\n\s+at .*:\d+:\d+/);
}

async function assertFinishes(scene: Scene): Promise<void> {
  const { code, stdout, stderr } = await scene.snoboot(DEPLOY);
  assert.equal(code, 0, `${stdout}\n${stderr}`);
  assert.deepEqual(installed(scene.history(), CLUSTER), { triggers: 1, status: 'installed' });
  assert.ok(LEFT.done(endState(scene.history(), STATIC)));
  assert.deepEqual(leasesOf(scene), []);
  await until(() => processesIn(join(scene.dir, '.snoboot/runs')).length === 0);
}

/** Everything that snoboot made is for its owner alone, and such files are among it. */
function assertPrivate({ dir }: Scene, files: RegExp[]): void {
  const made = ['.snoboot', 'state'].flatMap((name) => {
    const below = readdirSync(join(dir, name), { recursive: true }).map((path) => join(name, String(path)));
    return [name, ...below];
  });
  const isOpen = (path: string): boolean => {
    // The lab of a run that was killed is just ending, and takes its own away.
    const found = statSync(join(dir, path), { throwIfNoEntry: false });
    return found !== undefined && (found.mode & 0o777) !== (found.isDirectory() ? 0o700 : 0o600);
  };
  assert.deepEqual(made.filter(isOpen), []);
  for (const file of files)
    assert.ok(
      made.some((path) => file.test(path)),
      `no ${file} in ${made.join(' ')}`,
    );
}

after(endLabs);

describe('storage', { concurrency: 2 }, () => {
  test('with umask 000 every file of a run that is killed is 0600 and every folder 0700', async () => {
    const scene = createScene({ edit: onlyStatic });
    const reads = async (running: Running): Promise<void> => {
      await running.event((event) => event.type === 'media.read' && event.total > event.size / 10);
      running.kill('SIGKILL');
    };
    await scene.snoboot(DEPLOY, reads, UMASK);
    assertPrivate(scene, [/\.gitignore$/, /media\.json$/, /media\.log$/, /\.iso$/, /leases\//, /lab\/world\.json$/]);
    assert.equal(readFileSync(join(scene.dir, '.snoboot/.gitignore'), 'utf8'), '*\n');
    process.kill(mediaPid(scene));
    await until(() => processesIn(scene.dir).length === 0);
  });

  test('with umask 000 every file of a run that ends is 0600 and every folder 0700', async () => {
    const scene = createScene({ faults: ['write-error@sno-dhcp/host-0'] });
    const { code, stdout } = await scene.snoboot(DEPLOY, undefined, UMASK);
    assert.equal(code, 6, stdout);
    assertPrivate(scene, [/kubeconfig$/, /installed\.json$/, /events\.jsonl$/, /logs\/sno-dhcp\/.*\.json$/]);
    assert.deepEqual(processesIn(scene.dir), []);
  });

  test('a state folder that is full, read-only or not ours alone ends everything before anything is begun', async () => {
    const scene = createScene({ edit: onlyStatic });
    const at = (name: string): string => join(scene.dir, name);
    const refused = async (folder: string, words: RegExp, around?: Around): Promise<void> => {
      assertStorage(await scene.snoboot([...DEPLOY, '--state-dir', folder], undefined, around), folder, words);
      assert.equal(existsSync(at('.snoboot')), false, folder);
    };
    mkdirSync(at('real/snoboot'), { recursive: true });
    mkdirSync(at('link'));
    symlinkSync(at('real/snoboot'), at('link/snoboot'));
    await refused(at('link/snoboot'), /E-STATE: .* is a symbolic link\n/);
    mkdirSync(at('open/snoboot'), { recursive: true });
    chmodSync(at('open/snoboot'), 0o777);
    await refused(at('open/snoboot'), /E-STATE: .* can be written by others\n/);
    mkdirSync(at('file'));
    writeFileSync(at('file/snoboot'), '');
    await refused(at('file/snoboot'), /E-STATE: .* is not a folder\n/);
    await refused('/proc/self/snoboot', /E-STATE: .*ENOENT/);
    await refused(at('read-only/snoboot'), /E-STATE: .*EROFS/, badDisk('EROFS /read-only'));
    mkdirSync(at('full/snoboot'), { recursive: true, mode: 0o700 });
    symlinkSync('/dev/full', at('full/snoboot/.probe'));
    await refused(at('full/snoboot'), /E-STATE: .*ENOSPC.*\n.*make room/);
  });

  test('where a run cannot be begun on the disk, no machine and no service is asked anything', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp();
    const at = (name: string): string => join(scene.dir, '.snoboot', name);
    const obstacles: [string, () => void, () => void][] = [
      ['runs is a file', () => writeFileSync(at('runs'), ''), () => rmSync(at('runs'))],
      ['no room at all', () => symlinkSync('/dev/full', at('.gitignore')), () => rmSync(at('.gitignore'))],
    ];
    for (const [what, put, remove] of obstacles) {
      put();
      assertStorage(await scene.snoboot(DEPLOY), what);
      remove();
    }
    for (const how of [
      'EROFS /.snoboot/runs',
      'EROFS /leases',
      'ENOSPC /leases/',
      'ENOSPC /.snoboot/runs/[^/]*$',
      'ENOSPC /events.jsonl$',
      'ENOSPC /events.jsonl$ "type":"run.started"',
    ])
      assertStorage(await scene.snoboot(DEPLOY, undefined, badDisk(how)), how);
    const full = badDisk('ENOSPC /events.jsonl$ "type":"run.started"');
    assertStorage(await scene.snoboot(['cleanup', 'lab.yaml'], undefined, full), 'cleanup');
    assert.deepEqual(scene.history(), []);
    assert.deepEqual(leasesOf(scene), []);
    await down();
  });

  test('where the ISO, the record of the media or the credentials find no room, the machine is left clean and the next run finishes', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp();
    for (const how of [
      'ENOSPC /[^/]*.iso.part$',
      'EROFS /[^/]*.iso.part$',
      'ENOSPC /media.json.new$',
      'EROFS /media.log$',
    ]) {
      assertStorage(await scene.snoboot(DEPLOY, undefined, badDisk(how)), how);
      assert.ok(LEFT.untouched(endState(scene.history(), STATIC)), how);
      assert.deepEqual({ isos: isosOf(scene), leases: leasesOf(scene) }, { isos: [], leases: [] }, how);
    }
    const kept = join(scene.dir, '.snoboot/clusters', CLUSTER);
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, 'kubeconfig'), 'an old one');
    assertStorage(
      await scene.snoboot(DEPLOY, undefined, badDisk('ENOSPC /clusters/.*/kube')),
      'credentials',
      /E-CREDS/,
    );
    assert.equal(readFileSync(join(kept, 'kubeconfig'), 'utf8'), 'an old one');
    assert.ok(LEFT.done(endState(scene.history(), STATIC)));
    await assertFinishes(scene);
    assert.match(readFileSync(join(kept, 'kubeconfig'), 'utf8'), /^apiVersion/);
    await down();
  });

  test('a disk that fills up in the middle stops the run where the machine is left clean, and each life goes on from there', async () => {
    const scene = createScene({ edit: onlyStatic });
    const { down } = await scene.labUp();
    const moments = {
      'insert-media': 'untouched',
      'boot-once': 'putBack',
      'await-agent': 'safelyOff',
      'await-installed': 'done',
    } as const;
    for (const [stage, left] of Object.entries(moments)) {
      const full = badDisk(`ENOSPC /events.jsonl$ "type":"stage.started","stage":"${stage}"`);
      assertStorage(await scene.snoboot(DEPLOY, undefined, full), stage);
      const end = endState(scene.history(), STATIC);
      assert.ok(LEFT[left](end), `${stage}: ${JSON.stringify(end)}`);
      assert.deepEqual({ isos: isosOf(scene), leases: leasesOf(scene) }, { isos: [], leases: [] }, stage);
    }
    await assertFinishes(scene);
    assert.equal(scene.journal().filter(({ type }) => type === 'run.started').length, Object.keys(moments).length + 1);
    await down();
  });
});
