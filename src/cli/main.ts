#!/usr/bin/env node
/** The command line: one verb, one file, loaded when it is called. Ends with the verb's exit code, never a stack trace. */
import { CommanderError } from 'commander';
import { EXIT } from '../core/errors.ts';
import { printError } from './print-error.ts';
import { program } from './program.ts';

async function main(): Promise<number> {
  let code: number = EXIT.ok;
  try {
    await program((given) => (code = given)).parseAsync();
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return printError(error);
  }
}

process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
process.exitCode = await main();
