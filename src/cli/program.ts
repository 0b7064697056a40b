/** The table of commands: what can be typed. Completion and the tests of --help read it too. */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { CleanupOptions } from './commands/cleanup.ts';
import { addLookers } from './program-lookers.ts';
import { type DeployOptions, PROGRESS } from './options.ts';
import { type Done, withInventory } from './program-options.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export function program(done: Done): Command {
  const root = new Command('snoboot')
    .description('Takes bare-metal servers from an inventory file to installed OpenShift clusters.')
    .version(version)
    .showHelpAfterError('(snoboot --help lists the commands)')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'E-USAGE: ')) })
    .addHelpText('after', '\nExample:\n  snoboot deploy inventory/lab.yaml');
  addMainJobs(root, done);
  addCleanup(root, done);
  addLookers(root, done);
  return root;
}

function addMainJobs(root: Command, done: Done): void {
  withEnd(withMachines(root.command('deploy'), 'the machines of the inventory are erased'))
    .description('install every cluster that is not installed yet; goes on with a run that was killed')
    .option('--replace', 'delete clusters that are there first, if snoboot made them')
    .option('--no-verify', 'do not ask an installed cluster itself how it is')
    .option('--forks <n>', 'work on at most so many hosts at once')
    .option('--stop-after-stage <stage>', 'go no further than this stage, and leave the machines clean')
    .addHelpText('after', '\nExample:\n  snoboot deploy inventory/lab.yaml')
    .action(async (file: string, options: DeployOptions) => {
      const { deployCommand } = await import('./commands/deploy.ts');
      done(await deployCommand(file, options, version));
    });
  withEnd(withMachines(root.command('destroy'), 'what is installed is deleted'))
    .description('delete every cluster of the inventory: off, media out, gone from the service; disks stay')
    .addHelpText('after', '\nExample:\n  snoboot destroy inventory/lab.yaml --yes')
    .action(async (file: string, options: DeployOptions) => {
      const { destroyCommand } = await import('./commands/deploy.ts');
      done(await destroyCommand(file, options, version));
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

/** What every verb takes that works on machines. */
function withMachines(command: Command, consequence: string): Command {
  return withInventory(command)
    .option('--yes', `go on without asking: ${consequence}`)
    .option('--accept-new', 'take BMCs that were never seen before for those of the inventory')
    .option('--lock-wait <duration>', 'wait so long for machines that another snoboot works on: 10m', '0s')
    .addOption(new Option('--progress <how>', 'how to show what goes on').choices(PROGRESS).default('auto'));
}

function withEnd(command: Command): Command {
  return command
    .option('--deadline <time>', 'start nothing that cannot end by then: 05:30, or 90m from now')
    .option('--keep <runs>', 'how many ended runs stay on the disk', '10');
}
