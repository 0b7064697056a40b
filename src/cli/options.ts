/** Options that several verbs share, as commander gives them. */
export interface CommonOptions {
  yes?: boolean;
  /** `key=value` each, over the inventory. */
  set?: string[];
  /** `fault@host[:when]` each. */
  fault?: string[];
  lockWait: string;
  /** Absent: where the system keeps the state of programs. */
  stateDir?: string;
}

export interface DeployOptions extends CommonOptions {
  replace?: boolean;
  verify: boolean;
  deadline?: string;
  keep: string;
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** What is to be typed to go on: the verb with everything that decides what is done. */
export function commandOf(verb: string, file: string, options: CommonOptions): string {
  const set = (options.set ?? []).map((one) => `--set ${quoted(one)}`);
  const stateDir = options.stateDir === undefined ? [] : [`--state-dir ${quoted(options.stateDir)}`];
  return [verb, quoted(file), ...set, ...stateDir, ...(options.yes ? ['--yes'] : [])].join(' ');
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
