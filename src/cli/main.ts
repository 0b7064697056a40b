#!/usr/bin/env node
/** The command line: one verb, one file, loaded when it is called. Ends with the verb's exit code, never a stack trace. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT } from '../core/errors.ts';
import { printError } from './print-error.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

function program(done: (code: number) => void): Command {
  const root = new Command('snoboot')
    .description('Takes bare-metal servers from an inventory file to installed OpenShift clusters.')
    .version(version)
    .showHelpAfterError('(snoboot --help lists the commands)')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'E-USAGE: ')) });
  root
    .command('deploy')
    .description('install every cluster of the inventory that is not installed yet')
    .argument('<inventory>', 'the inventory file, e.g. inventory/lab.yaml')
    .option('--yes', 'go on without asking: the machines of the inventory are erased')
    .addHelpText('after', '\nExample:\n  snoboot deploy inventory/lab.yaml')
    .action(async (file: string, options: { yes?: boolean }) => {
      const { deployCommand } = await import('./commands/deploy.ts');
      done(await deployCommand(file, { yes: options.yes ?? false, version }));
    });
  root
    .command('validate')
    .description('check the inventory; contacts nothing')
    .argument('<inventory>', 'the inventory file')
    .addHelpText('after', '\nExample:\n  snoboot validate inventory/example.yaml')
    .action(async (file: string) => {
      const { validateCommand } = await import('./commands/validate.ts');
      done(await validateCommand(file));
    });
  const lab = root.command('lab').description('the embedded lab: emulated BMCs, service and hosts');
  lab
    .command('up')
    .description('serve the lab until it is stopped; deploy joins it')
    .argument('[inventory]', 'whose hosts the lab has', 'inventory/lab.yaml')
    .option('--time-factor <factor>', 'how many times faster than real time it lives (the inventory says, else 60)')
    .addHelpText('after', '\nExample:\n  snoboot lab up inventory/lab.yaml --time-factor 60')
    .action(async (file: string, options: { timeFactor?: string }) => {
      const { labUpCommand } = await import('./commands/lab-up.ts');
      done(await labUpCommand(file, options.timeFactor));
    });
  return root;
}

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
