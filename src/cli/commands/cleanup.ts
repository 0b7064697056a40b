/** `snoboot cleanup`: ejects, restores the boot override, and settles what a run that was killed left. */
import { cleanUp } from '../../run/cleanup.ts';
import { commandOf, type CommonOptions } from '../options.ts';
import { runVerb } from '../run-verb.ts';

export interface CleanupOptions extends CommonOptions {
  takeLease?: boolean;
}

export async function cleanupCommand(file: string, options: CleanupOptions, version: string): Promise<number> {
  return runVerb(file, {
    options,
    does: 'cleanup ejects the ISO from, and may switch off,',
    command: commandOf('cleanup', file, options),
    takesLeases: options.takeLease ?? false,
    start: (request) => cleanUp({ ...request, version, verb: 'cleanup', replace: false }),
  });
}
