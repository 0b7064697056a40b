/** Arguments and options that several commands share. */
import type { Command } from 'commander';
import { collect } from './options.ts';

/** Hears the exit code of the verb that was typed. */
export type Done = (code: number) => void;

/** What says which part of which inventory is meant, and in whose place the lab stands. */
export function withInventory(command: Command): Command {
  return command
    .argument('<inventory>', 'the inventory file, e.g. inventory/lab.yaml')
    .option('--set <key=value>', 'over what the file says; may be repeated', collect)
    .option('--limit <pattern>', "only these clusters, hosts, groups: 'rack1,!sno-3', or @FILE")
    .option('--state-dir <folder>', 'where leases and known BMCs are kept (else $XDG_STATE_HOME/snoboot)')
    .option('--rehearse', 'on the embedded lab, made from this inventory: no machine is touched')
    .option('--fault <fault@host[:when]>', 'a fault for the lab, see docs/lab.md; may be repeated', collect);
}
