/** `snoboot status`: the last run of an inventory as its journal tells it, during and after. Contacts nothing without --live, reads no secret. */
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { EXIT, SnobootError } from '../../core/errors.ts';
import { homeOf, inventoryName } from '../../run/folders.ts';
import { type LastRun, lastRun } from '../../run/last-run.ts';
import { owedBy } from '../../run/owed.ts';
import { usualTimes } from '../../run/usual.ts';
import { frame, type Size } from '../../view/frame.ts';
import { recap } from '../../view/recap.ts';
import { emptyScreen, fold, type Screen } from '../../view/rows.ts';
import { clean, isLab } from '../../view/text.ts';
import { NOTHING_USUAL, type Usual } from '../../view/usual.ts';
import { goOnWith, tryAgain } from '../go-on.ts';
import { commandOf, type StatusOptions } from '../options.ts';
import { printData } from '../print-data.ts';
import { statusData } from '../status-data.ts';

/** A pipe or a file takes every row, and a line as long as it has to be. */
const UNBOUND: Size = { columns: 1000, rows: Infinity };

/** Lines above and below the rows. */
const AROUND = 5;

/** Without --live the inventory itself is not read. Throws E-USAGE where no run of it has begun, and what `lastRun` and --live throw. */
export async function statusCommand(file: string, options: StatusOptions): Promise<number> {
  const { rehearse = false, live = false, output } = options;
  const home = homeOf(file, rehearse);
  const run = lastRun(home, inventoryName({ file }));
  if (!run && !live) {
    const runs = relative(process.cwd(), join(home, 'runs'));
    throw new SnobootError('E-USAGE', `no run of ${file} has begun: none is in ${runs}`, `snoboot deploy ${file}`);
  }
  const { liveData, liveText } = await import('../status-live.ts');
  const service = live ? await liveData(file, options) : null;
  if (output !== 'text') {
    const data = run && statusData(run, screenOf(run), join(home, 'clusters'));
    printData(output, { ...data, ...(service ? { service } : {}) });
    return EXIT.ok;
  }
  const { stdout } = process;
  const size = stdout.isTTY ? { columns: stdout.columns, rows: stdout.rows - AROUND } : UNBOUND;
  const usual = usualTimes(home, inventoryName({ file }));
  if (run) process.stdout.write(statusText(run, file, size, usual, rehearse));
  if (service) process.stdout.write(`${run ? '\n' : ''}${liveText(service)}`);
  return EXIT.ok;
}

interface About {
  file: string;
  rehearse: boolean;
}

function screenOf(run: LastRun): Screen {
  return fold(emptyScreen(), run.events);
}

/** What is printed of a run: where and how it stands, then its clusters and hosts. `file` is the inventory as it was given. */
export function statusText(
  run: LastRun,
  file: string,
  size: Size = UNBOUND,
  usual: Usual = NOTHING_USUAL,
  rehearse = false,
): string {
  const screen = screenOf(run);
  const about = { file, rehearse };
  const life = run.events.filter(({ type }) => type === 'run.started').length;
  const lives = life > 1 ? `, life ${life}` : '';
  const title = `${commandOf(`${screen.verb} of`, file, { rehearse })}: run ${run.header.run}${lives}, by snoboot ${clean(run.header.version)}`;
  return `${title}\n${stand(run, screen, about)}\n\n${body(run, screen, about, size, usual)}`;
}

function stand(run: LastRun, { target }: Screen, { file, rehearse }: About): string {
  const { events, header, state } = run;
  const last = events.at(-1);
  if (!last) return 'was killed before anything was done: nothing is left';
  const at = `${last.at.slice(0, 19).replace('T', ' ')} UTC${isLab(target) ? ' of lab time' : ''}`;
  if (last.type === 'run.ended') return `ended at ${at} with exit code ${last.exitCode}`;
  const life = events.findLast((event) => event.type === 'run.started');
  if (state === 'running') return `runs now, as process ${life?.pid}; last heard of at ${at}`;
  const old = `it cannot be gone on with by a newer snoboot: move its folder away, then snoboot ${commandOf('cleanup', file, { rehearse })}`;
  const next = header.format === 1 ? old : `${goOnWith(run, file, { rehearse })} goes on with it`;
  return `was killed; last heard of at ${at}; ${next}`;
}

/** After its end the recap; before, how every row stands, and of a killed run what it may have left. */
function body(run: LastRun, screen: Screen, { file, rehearse }: About, size: Size, usual: Usual): string {
  const { runDir, events, state, header } = run;
  const shown = (path: string): string => relative(process.cwd(), path) || '.';
  if (state === 'ended') {
    const folder = (name: string): string => shown(join(dirname(dirname(runDir)), 'clusters', name));
    const credentials = Object.fromEntries(screen.rows.map(({ subject }) => [subject, folder(subject)]));
    const replace = header.format === 2 && header.replace;
    const command = tryAgain(run, file, { rehearse });
    const failed = join(runDir, 'failed.retry');
    const retry = existsSync(failed) ? { retry: tryAgain(run, file, { rehearse, limit: `@${shown(failed)}` }) } : {};
    return recap(screen, { runDir: shown(runDir), credentials, command, replace, ...retry });
  }
  const now = Date.parse(events.at(-1)?.at ?? '');
  const rows = Math.min(size.rows, 100 + screen.rows.length * 6);
  const lines = frame(screen, now, { ...size, rows }, usual).map(({ text }) => text);
  const left = state === 'killed' ? owedBy(events).map((text) => `left: ${clean(text)}`) : [];
  return [...lines, ...left, `run folder: ${shown(runDir)}`, ''].join('\n');
}
