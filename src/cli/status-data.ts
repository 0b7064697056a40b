/** What `snoboot status -o json|yaml` prints: the run, its clusters and hosts, value by value. Times are ISO, of the run's clock. */
import { join } from 'node:path';
import type { LastRun } from '../run/last-run.ts';
import { owedBy } from '../run/owed.ts';
import type { Row } from '../view/row.ts';
import { rowsOf, type Screen } from '../view/rows.ts';
import { INSTALLED } from '../view/words.ts';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Paths are absolute. `clustersDir` holds a folder for each installed cluster. */
export function statusData({ header, runDir, state, events }: LastRun, screen: Screen, clustersDir: string): object {
  const last = events.at(-1);
  return {
    run: header.run,
    version: header.version,
    verb: screen.verb,
    target: screen.target,
    /** running, ended or killed */
    state,
    lives: events.filter(({ type }) => type === 'run.started').length,
    startedAt: screen.startedAt > 0 ? iso(screen.startedAt) : null,
    lastHeardOf: last?.at ?? null,
    exitCode: last?.type === 'run.ended' ? last.exitCode : null,
    runFolder: runDir,
    batch: screen.batch,
    notes: screen.notes,
    /** What a killed run may have left on machines. */
    mayBeLeft: state === 'killed' ? owedBy(events) : [],
    clusters: screen.rows.filter(({ level }) => level === 0).map((row) => clusterData(screen, row, clustersDir)),
  };
}

function clusterData(screen: Screen, row: Row, clustersDir: string): object {
  const end = screen.ends.get(row.subject);
  const [, ...hosts] = rowsOf(screen, row.subject);
  return {
    name: row.subject,
    outcome: end?.outcome ?? null,
    exitCode: end?.exitCode ?? null,
    endedAt: end ? iso(end.at) : null,
    changed: end?.changed ?? null,
    version: end?.version ?? null,
    leftovers: end?.leftovers ?? [],
    credentials: end && INSTALLED.includes(end.outcome) ? join(clustersDir, row.subject) : null,
    console: row.consoleUrl,
    ...rowData(row),
    error: row.error ?? end?.error ?? null,
    hosts: hosts.map((host) => ({
      name: host.subject.slice(row.subject.length + 1),
      ...rowData(host),
      media: host.medium && { bytesRead: host.medium.total, size: host.medium.size },
    })),
  };
}

function rowData(row: Row) {
  const { state, stage, percent, failedStage, error, failing, pending, warnings } = row;
  return {
    state,
    stage,
    stageSince: iso(row.stageStartedAt),
    seen: row.text,
    percent,
    failedStage,
    error,
    failing,
    pending,
    warnings,
  };
}
