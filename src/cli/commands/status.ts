/** `snoboot status`: the last run of an inventory as its journal tells it, during and after. Contacts nothing, reads no secret. */
import { dirname, join, relative, resolve } from 'node:path';
import { EXIT, SnobootError } from '../../core/errors.ts';
import { inventoryName, stateFolder } from '../../run/folders.ts';
import { type LastRun, lastRun } from '../../run/last-run.ts';
import { owedBy } from '../../run/owed.ts';
import { frame } from '../../view/frame.ts';
import { recap } from '../../view/recap.ts';
import { emptyScreen, reduce, type Screen } from '../../view/rows.ts';
import { clean, isLab } from '../../view/text.ts';

/** A line of a pipe or a file is as long as it has to be. */
const UNBOUND = 1000;

/** The inventory itself is not read. Throws E-USAGE where no run of it has begun, and what `lastRun` throws. */
export function statusCommand(file: string): Promise<number> {
  const dir = dirname(resolve(file));
  const run = lastRun(dir, inventoryName({ file }));
  if (!run) {
    const runs = relative(process.cwd(), join(stateFolder(dir), 'runs'));
    throw new SnobootError('E-USAGE', `no run of ${file} has begun: none is in ${runs}`, `snoboot deploy ${file}`);
  }
  process.stdout.write(statusText(run, file, process.stdout.isTTY ? process.stdout.columns : UNBOUND));
  return Promise.resolve(EXIT.ok);
}

/** What is printed of a run: where and how it stands, then its clusters and hosts. `file` is the inventory as it was given. */
export function statusText(run: LastRun, file: string, columns: number): string {
  const screen = run.events.reduce(reduce, emptyScreen());
  const life = run.events.filter(({ type }) => type === 'run.started').length;
  const lives = life > 1 ? `, life ${life}` : '';
  const title = `${screen.verb} of ${file}: run ${run.header.run}${lives}, by snoboot ${clean(run.header.version)}`;
  return `${title}\n${stand(run, screen, file)}\n\n${body(run, screen, file, columns)}`;
}

function stand({ events, header, state }: LastRun, { target }: Screen, file: string): string {
  const last = events.at(-1);
  if (!last) return 'was killed before anything was done: nothing is left';
  const at = `${last.at.slice(0, 19).replace('T', ' ')} UTC${isLab(target) ? ' of lab time' : ''}`;
  if (last.type === 'run.ended') return `ended at ${at} with exit code ${last.exitCode}`;
  const life = events.findLast((event) => event.type === 'run.started');
  if (state === 'running') return `runs now, as process ${life?.pid}; last heard of at ${at}`;
  const old = `it cannot be gone on with by a newer snoboot: move its folder away, then snoboot cleanup ${file}`;
  const next = header.format === 1 ? old : `snoboot ${header.verb} ${file} goes on with it`;
  return `was killed; last heard of at ${at}; ${next}`;
}

/** After its end the recap; before, how every row stands, and of a killed run what it may have left. */
function body({ runDir, events, state }: LastRun, screen: Screen, file: string, columns: number): string {
  const shown = (path: string): string => relative(process.cwd(), path) || '.';
  if (state === 'ended') {
    const folder = (name: string): string => shown(join(dirname(dirname(runDir)), 'clusters', name));
    const credentials = Object.fromEntries(screen.rows.map(({ subject }) => [subject, folder(subject)]));
    return recap(screen, { runDir: shown(runDir), credentials, command: `snoboot ${screen.verb} ${file}` });
  }
  const now = Date.parse(events.at(-1)?.at ?? '');
  const lines = frame(screen, now, { columns, rows: UNBOUND + screen.rows.length * 3 }).map(({ text }) => text);
  const left = state === 'killed' ? owedBy(events).map((text) => `left: ${clean(text)}`) : [];
  return [...lines, ...left, `run folder: ${shown(runDir)}`, ''].join('\n');
}
