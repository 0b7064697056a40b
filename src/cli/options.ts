/** Options of the verbs, as commander gives them. */

/** What says which part of which inventory is meant. */
export interface InventoryOptions {
  /** `key=value` each, over the inventory. */
  set?: string[];
  /** Patterns of clusters, hosts and groups, or `@FILE`; left out: all. */
  limit?: string;
  /** The embedded lab in place of the inventory's machines. */
  rehearse?: boolean;
}

/** What every verb takes that contacts machines. */
export interface MachineOptions extends InventoryOptions {
  /** `fault@host[:when]` each. */
  fault?: string[];
  /** Absent: where the system keeps the state of programs. */
  stateDir?: string;
}

export interface CommonOptions extends MachineOptions {
  yes?: boolean;
  /** BMCs that nobody has seen before are taken for those of the inventory. */
  acceptNew?: boolean;
  lockWait: string;
  progress: Progress;
}

export const PROGRESS = ['auto', 'tty', 'plain', 'json', 'quiet'] as const;
export type Progress = (typeof PROGRESS)[number];

export const OUTPUT = ['text', 'json', 'yaml'] as const;
export type Output = (typeof OUTPUT)[number];

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export interface DeployOptions extends CommonOptions {
  replace?: boolean;
  verify: boolean;
  deadline?: string;
  keep: string;
  forks?: string;
  stopAfterStage?: string;
}

export interface PlanOptions extends MachineOptions {
  replace?: boolean;
  output: Output;
}

export interface ProbeOptions extends MachineOptions {
  suggest?: boolean;
  output: Output;
}

export interface StatusOptions extends MachineOptions {
  live?: boolean;
  output: Output;
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** What is to be typed to go on: the verb with everything that decides what is done. */
export function commandOf(verb: string, file: string, options: Partial<DeployOptions>): string {
  const set = (options.set ?? []).map((one) => `--set ${quoted(one)}`);
  const { stateDir, limit, rehearse, acceptNew, stopAfterStage, replace, yes } = options;
  return [
    verb,
    quoted(file),
    ...set,
    ...(limit === undefined ? [] : [`--limit ${quoted(limit)}`]),
    ...(stateDir === undefined ? [] : [`--state-dir ${quoted(stateDir)}`]),
    ...(rehearse ? ['--rehearse'] : []),
    ...(acceptNew ? ['--accept-new'] : []),
    ...(stopAfterStage === undefined ? [] : [`--stop-after-stage ${quoted(stopAfterStage)}`]),
    ...(replace ? ['--replace'] : []),
    ...(yes ? ['--yes'] : []),
  ].join(' ');
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
