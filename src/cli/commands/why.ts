/** `snoboot why`: why the last run of an inventory, or one cluster or host of it, stands where it stands. Contacts nothing, reads no secret. */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PAGES } from '../../core/error-pages.ts';
import { type Code, EXIT, pageOf, SnobootError } from '../../core/errors.ts';
import { didYouMean } from '../../inventory/suggest.ts';
import { homeOf, inventoryName } from '../../run/folders.ts';
import { JOURNAL, readHeader } from '../../run/journal-file.ts';
import { type LastRun, lastRun, runFolders } from '../../run/last-run.ts';
import { readLastWord } from '../../run/last-word.ts';
import { whyOf } from '../../run/why.ts';
import type { WhyRun } from '../../run/why-standing.ts';
import { type Story, storiesOf } from '../../run/why-story.ts';
import { type Why, whyText } from '../../view/why-text.ts';
import { goOnWith, tryAgain } from '../go-on.ts';
import { commandOf } from '../options.ts';

/** A pipe takes a line as long as it has to be. */
const UNBOUND = { columns: 1000, rows: 1000 };

/** Throws E-USAGE where no run has begun or nobody is called so, and what `lastRun` throws. */
export function whyCommand(
  first: string | undefined,
  second: string | undefined,
  { rehearse = false }: { rehearse?: boolean },
): Promise<number> {
  const { file, wanted } = meant(first, second, rehearse);
  const home = homeOf(file, rehearse);
  const run = lastRun(home, inventoryName({ file }));
  if (!run) {
    const runs = relative(process.cwd(), join(home, 'runs'));
    throw new SnobootError('E-USAGE', `no run of ${file} has begun: none is in ${runs}`, `snoboot deploy ${file}`);
  }
  const stories = storiesOf(run.events);
  const subject = wanted === undefined ? null : subjectOf(wanted, stories);
  const known: WhyRun = { ...run, lastWord: readLastWord(join(run.runDir, JOURNAL)) };
  const why = whyOf(known, stories, subject);
  const { columns = UNBOUND.columns, rows = UNBOUND.rows } = process.stdout.isTTY ? process.stdout : {};
  const code = /^E-[A-Z-]+/.exec(why.cause)?.[0] as Code | undefined;
  const next = nextOf(why, code, known, file, rehearse);
  process.stdout.write(whyText({ ...why, check: checksOf(code, file, why.subject, run), next }, { columns, rows }));
  return Promise.resolve(EXIT.ok);
}

/** An inventory that is left out is that of the newest run that was begun in this folder. */
function meant(first: string | undefined, second: string | undefined, rehearse: boolean) {
  const isFile = (text: string): boolean => /\.(ya?ml|json)$/i.test(text) || existsSync(text);
  if (first !== undefined && (second !== undefined || isFile(first))) return { file: first, wanted: second };
  const [newest] = runFolders(homeOf('here', rehearse));
  const header = newest === undefined ? null : readHeader(join(newest, JOURNAL));
  if (header?.format === 2) return { file: header.inventory, wanted: first };
  if (first !== undefined) return { file: first, wanted: second };
  throw new SnobootError('E-USAGE', 'no run has begun in this folder', 'name the inventory: snoboot why FILE');
}

/** A cluster, `cluster/host`, or the name of a host that only one cluster has. */
function subjectOf(wanted: string, stories: readonly Story[]): string {
  const hosts = stories.flatMap((story) => story.hosts);
  const all = [...stories.map(({ cluster }) => cluster), ...hosts];
  if (all.includes(wanted)) return wanted;
  const named = hosts.filter((host) => host.split('/')[1] === wanted);
  if (named.length === 1) return named[0]!;
  const todo = named.length > 1 ? `say which one: ${named.join(', ')}` : `the last run is about ${all.join(', ')}`;
  throw new SnobootError(
    'E-USAGE',
    `no cluster or host ${JSON.stringify(wanted)} in the last run${didYouMean(wanted, all)}`,
    todo,
  );
}

/** What to type, then where more is to be read. */
function nextOf(
  { cause, todo, left }: Why,
  code: Code | undefined,
  run: WhyRun,
  file: string,
  rehearse: boolean,
): string[] {
  const { runDir, state } = run;
  const isToDo = code !== undefined || state === 'killed' || cause.startsWith('interrupted');
  const typed = (what: string): string => `snoboot ${commandOf(what, file, { rehearse })}`;
  const again = (): string =>
    state === 'killed'
      ? goOnWith(run, file, { rehearse })
      : tryAgain(run, file, { rehearse, replace: /--replace/.test(todo) });
  const look = left.length > 0 ? typed('cleanup') : `${typed('status')}${state === 'running' ? ' --live' : ''}`;
  return [
    isToDo ? again() : look,
    ...(code ? [`more in ${pageOf(code)}`] : []),
    `run folder ${relative(process.cwd(), runDir) || '.'}`,
  ];
}

/** Commands of the code's page, but this one itself; FILE, CLUSTER, HOST and BMC are put in where they are known. */
function checksOf(code: Code | undefined, file: string, subject: string | null, { events }: LastRun): string[] {
  const [cluster, host] = subject?.split('/') ?? [];
  const pin = events.findLast((event) => event.type === 'pinned' && event.subject === subject);
  const bmc = pin?.type === 'pinned' ? pin.bmc : undefined;
  const own: Record<string, string | undefined> = { FILE: file, CLUSTER: cluster, HOST: host, BMC: bmc };
  const checks = code && Object.hasOwn(PAGES, code) ? PAGES[code].checks : [];
  return checks.flatMap(([command]) =>
    command.startsWith('snoboot why')
      ? []
      : [command.replace(/\b(FILE|CLUSTER|HOST|BMC)\b/g, (word) => own[word] ?? word)],
  );
}
