/** `npm run release-check`: the packed tarball in an empty folder, as a user of `npx` has it, installs the sample. */
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx/core';

const folder = await mkdtemp(join(tmpdir(), 'snoboot-release-'));
const [packed] = JSON.parse((await $({ quiet: true })`npm pack --json --pack-destination ${folder}`).stdout) as {
  filename: string;
}[];
if (!packed) throw new Error('npm pack made nothing');
const there = $({ cwd: folder, stdio: 'inherit' });
await there`npm init --yes`.quiet();
await there`npm install --no-audit --no-fund ${join(folder, packed.filename)}`;
await cp(join(folder, 'node_modules/snoboot/inventory'), join(folder, 'inventory'), { recursive: true });
await there`npx snoboot --version`;
await there`npx snoboot validate inventory/lab.yaml`;
await there`npx snoboot deploy inventory/lab.yaml`;
