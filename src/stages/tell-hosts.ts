/** What people should know of the hosts at the service: said once, when the picture changes. */
import type { Cluster, Host } from '../assisted/types.ts';
import { explainHost, type Reason } from '../assisted/validations.ts';
import { warnings } from '../assisted/warnings.ts';
import type { ClusterContext, HostContext } from './context.ts';
import { recordOf } from './current-cluster.ts';

/** Before the agent's first replies nothing is synced or resolved yet, and nobody needs to be warned of it. */
const UNSETTLED = ['discovering', 'insufficient', 'pending-for-input', 'disconnected'];

/** Failing and pending validations, and what does not stop the installation but should be seen. */
export function tellHosts(context: ClusterContext, cluster: Cluster): void {
  for (const host of context.hosts) {
    const record = recordOf(host, cluster.hosts);
    if (!record) continue;
    tellValidations(host, record);
    if (!UNSETTLED.includes(record.status)) for (const text of warnings(record)) tellWarning(host, text);
  }
}

/** The id is what the documentation of the service is searched by. */
export function sentence({ id, plain }: Reason): string {
  return `${id}: ${plain}`;
}

function tellValidations(host: HostContext, record: Host): void {
  const { failing, pending } = explainHost(record);
  const picture = { failing: failing.map(sentence), pending: pending.map(sentence) };
  const told = JSON.stringify(picture);
  if (host.notes['validationsTold'] === told) return;
  host.notes['validationsTold'] = told;
  host.run.say(host.subject, { type: 'validations', ...picture });
}

function tellWarning(host: HostContext, text: string): void {
  const told = Array.isArray(host.notes['warningsTold']) ? host.notes['warningsTold'] : [];
  if (told.includes(text)) return;
  host.notes['warningsTold'] = [...told, text];
  host.run.say(host.subject, { type: 'warning', text });
}
