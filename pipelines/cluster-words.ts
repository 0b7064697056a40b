/** Phrases that recur in the cluster machine. */
import type { ErrorRecord } from '../src/core/errors.ts';
import type { Facts } from '../src/core/events.ts';
import type { ClusterStageName } from '../src/stages/index.ts';
import type { ClusterContext, ClusterStageInput, Counted } from './cluster-setup.ts';

export const stageError = ({ event }: { event: { error: unknown } }) => ({ error: event.error });

export const stage = (name: ClusterStageName) => ({
  src: 'stage' as const,
  input: ({ context }: { context: ClusterContext }): ClusterStageInput => ({ stage: name, subject: context.name }),
  onError: { target: 'failing', actions: { type: 'keepError' as const, params: stageError } },
});

export const existing = ({ event }: { event: { output: Facts } }) => ({ existing: String(event.output['existing']) });

export const hostError = {
  type: 'keepError' as const,
  params: ({ event }: { event: { error: ErrorRecord } }) => ({ error: event.error }),
};

export const count = (what: Counted, by = 1) => ({ type: 'count' as const, params: { what, by } });

/** Back to where the hosts are waited for, as one of them boots once more. */
export const lost = { target: 'discovering' as const, actions: count('discovered', -1) };

export const tell = (type: 'START' | 'TAKE_DOWN' | 'ATTACH' | 'HOLD' | 'INSTALLING') => ({
  type: 'tellHosts' as const,
  params: { event: { type } },
});
