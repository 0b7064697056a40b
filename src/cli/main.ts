#!/usr/bin/env node
/** The command line: one verb, one file, loaded when it is called. Ends with the verb's exit code, never a stack trace. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT } from '../core/errors.ts';
import type { CleanupOptions } from './commands/cleanup.ts';
import { collect, type CommonOptions, type DeployOptions } from './options.ts';
import { printError } from './print-error.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

type Done = (code: number) => void;

function program(done: Done): Command {
  const root = new Command('snoboot')
    .description('Takes bare-metal servers from an inventory file to installed OpenShift clusters.')
    .version(version)
    .showHelpAfterError('(snoboot --help lists the commands)')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'E-USAGE: ')) });
  addMainJobs(root, done);
  addLookers(root, done);
  addCleanup(root, done);
  addLab(root, done);
  return root;
}

function addMainJobs(root: Command, done: Done): void {
  withMachines(root.command('deploy'), 'the machines of the inventory are erased')
    .description('install every cluster of the inventory that is not installed yet; goes on with a run that was killed')
    .option('--replace', 'delete clusters that are there first, if snoboot made them')
    .option('--no-verify', 'do not ask an installed cluster itself how it is')
    .option('--deadline <time>', 'start nothing that cannot end by then: 05:30, or 90m from now')
    .option('--keep <runs>', 'how many ended runs stay on the disk', '10')
    .addHelpText('after', '\nExample:\n  snoboot deploy inventory/lab.yaml')
    .action(async (file: string, options: DeployOptions) => {
      const { deployCommand } = await import('./commands/deploy.ts');
      done(await deployCommand(file, options, version));
    });
  withMachines(root.command('destroy'), 'what is installed is deleted')
    .description('delete every cluster of the inventory: off, media out, gone from the service; disks stay')
    .option('--deadline <time>', 'stop by then: 05:30, or 90m from now')
    .option('--keep <runs>', 'how many ended runs stay on the disk', '10')
    .addHelpText('after', '\nExample:\n  snoboot destroy inventory/lab.yaml --yes')
    .action(async (file: string, options: DeployOptions) => {
      const { destroyCommand } = await import('./commands/deploy.ts');
      done(await destroyCommand(file, options, version));
    });
}

function addLookers(root: Command, done: Done): void {
  root
    .command('validate')
    .description('check the inventory; contacts nothing')
    .argument('<inventory>', 'the inventory file')
    .option('--set <key=value>', 'over what the file says; may be repeated', collect)
    .addHelpText('after', '\nExample:\n  snoboot validate inventory/example.yaml')
    .action(async (file: string, options: Pick<CommonOptions, 'set'>) => {
      const { validateCommand } = await import('./commands/validate.ts');
      done(await validateCommand(file, options.set ?? []));
    });
  root
    .command('status')
    .description('show the last run of the inventory from its journal; contacts nothing')
    .argument('<inventory>', 'the inventory file')
    .addHelpText('after', '\nExample:\n  snoboot status inventory/lab.yaml')
    .action(async (file: string) => {
      const { statusCommand } = await import('./commands/status.ts');
      done(await statusCommand(file));
    });
}

function addCleanup(root: Command, done: Done): void {
  withMachines(root.command('cleanup'), 'our ISO goes out, a host that lives on it is switched off')
    .description('take our ISO out, clear the boot override, settle what a killed run left')
    .option('--take-lease', 'take machines from another process of snoboot, whatever it does: asks')
    .addHelpText('after', '\nExample:\n  snoboot cleanup inventory/lab.yaml')
    .action(async (file: string, options: CleanupOptions) => {
      const { cleanupCommand } = await import('./commands/cleanup.ts');
      done(await cleanupCommand(file, options, version));
    });
}

function addLab(root: Command, done: Done): void {
  root
    .command('lab')
    .description('the embedded lab: emulated BMCs, service and hosts')
    .command('up')
    .description('serve the lab until it is stopped; deploy joins it')
    .argument('[inventory]', 'whose hosts the lab has', 'inventory/lab.yaml')
    .option('--time-factor <factor>', 'how many times faster than real time it lives (the inventory says, else 60)')
    .addHelpText('after', '\nExample:\n  snoboot lab up inventory/lab.yaml --time-factor 60')
    .action(async (file: string, options: { timeFactor?: string }) => {
      const { labUpCommand } = await import('./commands/lab-up.ts');
      done(await labUpCommand(file, options.timeFactor));
    });
}

/** What every verb takes that works on machines. */
function withMachines(command: Command, consequence: string): Command {
  return command
    .argument('<inventory>', 'the inventory file, e.g. inventory/lab.yaml')
    .option('--yes', `go on without asking: ${consequence}`)
    .option('--set <key=value>', 'over what the file says; may be repeated', collect)
    .option('--lock-wait <duration>', 'wait so long for machines that another snoboot works on: 10m', '0s')
    .option('--state-dir <folder>', 'where leases are kept (else $XDG_STATE_HOME/snoboot)')
    .option('--fault <fault@host[:when]>', 'a fault for the lab, see docs/lab.md; may be repeated', collect);
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
