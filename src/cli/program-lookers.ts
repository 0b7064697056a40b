/** The commands that change nothing outside: what looks, explains, prepares, and the lab. */
import { Argument, type Command, Option } from 'commander';
import {
  collect,
  type InventoryOptions,
  OUTPUT,
  type Shell,
  SHELLS,
  type PlanOptions,
  type ProbeOptions,
  type StatusOptions,
} from './options.ts';
import { type Done, withInventory } from './program-options.ts';

export function addLookers(root: Command, done: Done): void {
  addBefore(root, done);
  addAfter(root, done);
  addPreparation(root, done);
  addLab(root, done);
}

const output = (): Option => new Option('-o, --output <form>', 'form of the result').choices(OUTPUT).default('text');

function addBefore(root: Command, done: Done): void {
  root
    .command('validate')
    .description('check the inventory; contacts nothing')
    .argument('<inventory>', 'the inventory file')
    .option('--set <key=value>', 'over what the file says; may be repeated', collect)
    .option('--limit <pattern>', "only these clusters, hosts, groups: 'rack1,!sno-3', or @FILE")
    .addOption(output())
    .addHelpText('after', '\nExample:\n  snoboot validate inventory/example.yaml')
    .action(async (file: string, options: Pick<InventoryOptions, 'set' | 'limit'> & Pick<PlanOptions, 'output'>) => {
      const { validateCommand } = await import('./commands/validate.ts');
      done(await validateCommand(file, options));
    });
  withInventory(root.command('plan'))
    .description('look at service and BMCs, and say what deploy would do to which machine; changes nothing')
    .option('--replace', 'as for deploy --replace')
    .addOption(output())
    .addHelpText('after', '\nExample:\n  snoboot plan inventory/lab.yaml')
    .action(async (file: string, options: PlanOptions) => {
      const { planCommand } = await import('./commands/plan.ts');
      done(await planCommand(file, options));
    });
  withInventory(root.command('probe'))
    .description('show each BMC, its machine, and after a discovery disks and NICs')
    .option('--suggest', 'print lines for the inventory: rootDeviceHints, MAC addresses, serial numbers')
    .addOption(output())
    .addHelpText('after', '\nExample:\n  snoboot probe inventory/lab.yaml --suggest')
    .action(async (file: string, options: ProbeOptions) => {
      const { probeCommand } = await import('./commands/probe.ts');
      done(await probeCommand(file, options));
    });
}

function addAfter(root: Command, done: Done): void {
  withInventory(root.command('status'))
    .description('show the last run of the inventory from its journal; contacts nothing without --live')
    .option('--live', 'ask the service too: status, validations, hosts, networks, versions in its own words')
    .addOption(output())
    .addHelpText('after', '\nExample:\n  snoboot status inventory/lab.yaml')
    .action(async (file: string, options: StatusOptions) => {
      const { statusCommand } = await import('./commands/status.ts');
      done(await statusCommand(file, options));
    });
  root
    .command('why')
    .description('why the last run of the inventory stands where it stands, on one screen; contacts nothing')
    .argument('[inventory]', 'the inventory file; left out: that of the last run in this folder')
    .argument('[subject]', 'a cluster, or CLUSTER/HOST; left out: whatever failed first')
    .option('--rehearse', 'of the last rehearsal')
    .addHelpText('after', '\nExample:\n  snoboot why inventory/lab.yaml sno-dhcp')
    .action(async (file: string | undefined, subject: string | undefined, options: { rehearse?: boolean }) => {
      const { whyCommand } = await import('./commands/why.ts');
      done(await whyCommand(file, subject, options));
    });
}

function addPreparation(root: Command, done: Done): void {
  root
    .command('init')
    .description('write a commented inventory to start from')
    .argument('[file]', 'the file to write, which must not exist yet', 'snoboot.yaml')
    .addHelpText('after', '\nExample:\n  snoboot init my-lab.yaml')
    .action(async (file: string) => {
      const { initCommand } = await import('./commands/init.ts');
      done(await initCommand(file));
    });
  root
    .command('completion')
    .description('print a script that completes commands and options in your shell')
    .addArgument(new Argument('<shell>', 'whose shell').choices(SHELLS))
    .addHelpText('after', '\nExample:\n  source <(snoboot completion bash)')
    .action(async (shell: Shell) => {
      const { completionCommand } = await import('./commands/completion.ts');
      done(completionCommand(shell, root));
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
    .option('--rehearse', 'made from an inventory of real machines')
    .addHelpText('after', '\nExample:\n  snoboot lab up inventory/lab.yaml --time-factor 60')
    .action(async (file: string, options: { timeFactor?: string; rehearse?: boolean }) => {
      const { labUpCommand } = await import('./commands/lab-up.ts');
      done(await labUpCommand(file, options));
    });
}
