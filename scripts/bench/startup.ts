/** How long the command line takes until it has answered. */
import { join } from 'node:path';
import { $ } from 'zx/core';
import { type Row, rowOf } from './rows.ts';

const MAIN = join(process.cwd(), 'dist/src/cli/main.js');

export async function bench(): Promise<void> {
  console.table(await startUp(15));
}

/** Whole processes, taken in turn so that what else the machine does hits all of them. */
async function startUp(tries: number): Promise<Row[]> {
  const commands = {
    'empty node': ['-e', '0'],
    'snoboot --version': [MAIN, '--version'],
    'snoboot --help': [MAIN, '--help'],
    'snoboot validate inventory/lab.yaml': [MAIN, 'validate', 'inventory/lab.yaml'],
  };
  const times = new Map(Object.keys(commands).map((what) => [what, [] as number[]]));
  for (let i = 0; i < tries; i++)
    for (const [what, args] of Object.entries(commands)) {
      const begin = performance.now();
      await $({ quiet: true })`node ${args}`;
      times.get(what)?.push(performance.now() - begin);
    }
  return [...times].map(([what, ms]) => rowOf(what, ms, 'ms'));
}
