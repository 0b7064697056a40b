/** After a failed installation: the service's logs, unpacked into the run folder. */
import { join } from 'node:path';
import { unpackLogs } from '../assisted/logs.ts';
import { SnobootError } from '../core/errors.ts';
import { type ClusterContext, fact } from './context.ts';
import { MINUTE, SECOND, type Stage } from './stage.ts';

const LIMITS = { maxBytes: 512 * 1024 * 1024, maxFiles: 200 };

export const collectLogs: Stage<ClusterContext> = {
  name: 'collect-logs',
  waitsFor: "the service's logs",
  deadlineMs: 10 * MINUTE,
  pollMs: 5 * SECOND,
  tries: 1,
  settleMs: 0,
  group: 'download',
  look: (context) => {
    const files = context.notes['logs'];
    return Promise.resolve(
      files === undefined ? { so: false, seen: 'not fetched yet', due: 'fetch' } : { so: true, facts: { logs: files } },
    );
  },
  effects: { fetch: "unpack the service's logs of a failed installation here" },
  act: async (context, _due, signal) => {
    const answer = await context.run.assisted.logs(fact(context, 'clusterId'), signal);
    context.notes['logs'] = await unpackLogs(answer.body, join(context.run.runDir, 'logs', context.spec.name), LIMITS);
  },
  expired: () => new SnobootError('E-SVC-UNREACH', "the service's logs did not come", 'fetch them at the service'),
};
