/** The one place that runs a shell, by zx: lines that the user wrote, and nothing put together by us. */

const TIMEOUT_MS = 60_000;

export interface LineResult {
  /** Null when it was ended because a minute (real time) was over. */
  exitCode: number | null;
  stdout: string;
}

/** Runs `line` as it stands with /bin/sh in `cwd`, without input; nothing is printed, what it says on stderr is dropped. */
export async function runLine(line: string, cwd: string): Promise<LineResult> {
  const { $ } = await import('zx/core');
  const shell = $({
    cwd,
    shell: '/bin/sh',
    prefix: '',
    postfix: '',
    quiet: true,
    verbose: false,
    nothrow: true,
    timeout: TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const result = await shell(Object.assign([line], { raw: [line] }));
  return { exitCode: result.signal === null ? result.exitCode : null, stdout: result.stdout };
}
