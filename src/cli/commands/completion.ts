/** `snoboot completion`: a script for the shell, from the table of commands. */
import type { Command } from 'commander';
import { EXIT } from '../../core/errors.ts';
import { completionScript } from '../completion.ts';
import type { Shell } from '../options.ts';

export function completionCommand(shell: Shell, root: Command): number {
  process.stdout.write(completionScript(shell, root));
  return EXIT.ok;
}
