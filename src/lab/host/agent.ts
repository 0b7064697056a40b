/** The discovery agent: registers, asks for instructions as often as it is told, and follows each step (assisted-service.md §3.1, §3.2). */
import type { StepReply } from '../faults.ts';
import { DURATIONS } from '../durations.ts';
import { startInstallation } from './installer.ts';
import { hostPath, type Live } from './live-types.ts';
import { answerStep, type Step } from './steps.ts';

/** The answer to GET instructions; no steps are `null`. */
interface Instructions {
  next_instruction_seconds?: number;
  post_step_action: string;
  instructions: { step_type: string; step_id?: string; args?: string[] }[] | null;
}

const GIVES_UP_ON = [401, 403, 404, 409];
const UNREADABLE: StepReply = { exitCode: 256, output: '', error: 'failed to read from the discovery media' };

/** Runs until the power is cut or the system reboots; a refused agent stops for good, and resolves. */
export async function runAgent(live: Live): Promise<void> {
  while (await register(live)) if (!(await obey(live))) return;
}

/** True once registered; false when the service does not want this host. */
async function register(live: Live): Promise<boolean> {
  const { api, lab, host, config, log, signal } = live;
  for (;;) {
    const body = { host_id: host.uuid, discovery_agent_version: config.version };
    const headers = { discovery_agent_version: config.version };
    const { status } = await api('POST', `/infra-envs/${config.infraEnvId}/hosts`, body, headers);
    const registered = status === 201;
    lab.record({
      kind: 'agent',
      to: host.id,
      action: registered ? 'registered' : 'refused',
      infraEnv: config.infraEnvId,
      status,
    });
    if (registered) return true;
    log(`registration answers ${status}`);
    if (GIVES_UP_ON.includes(status)) return false;
    await lab.clock.sleep(DURATIONS.agentRetry, signal);
  }
}

/** Polls until it is told to start anew (true) or the host is gone from the service (false). */
async function obey(live: Live): Promise<boolean> {
  const { api, lab, host, log, signal, config } = live;
  for (;;) {
    const offset = lab.faults.at('host.clock-offset', host.id, 0);
    const timestamp = Math.round((lab.clock.wall() + offset) / 1000);
    const headers = { discovery_agent_version: config.version };
    const { status, text } = await api(
      'GET',
      `${hostPath(live)}/instructions?timestamp=${timestamp}`,
      undefined,
      headers,
    );
    if (status === 404) return false;
    const told = status === 200 ? (JSON.parse(text) as Instructions) : null;
    const steps = told?.instructions ?? [];
    if (steps.length > 0) log(`told to do ${steps.map((step) => step.step_type).join(', ')}`);
    const work = steps.map((step) =>
      follow(live, { type: step.step_type, id: step.step_id ?? '', args: step.args ?? [] }),
    );
    for (const step of work) step.catch((error: unknown) => log(`step: ${String(error)}`));
    if (told?.post_step_action === 'exit' || steps.some((step) => step.step_type === 'upgrade-agent'))
      return Promise.allSettled([...work, lab.clock.sleep(DURATIONS.step, signal)]).then(() => true);
    await lab.clock.sleep(told ? (told.next_instruction_seconds ?? 60) * 1000 : DURATIONS.agentRetry, signal);
  }
}

async function follow(live: Live, step: Step): Promise<void> {
  const { lab, host } = live;
  const own = live.lost === null ? await answerStep(live, step) : UNREADABLE;
  const { reply } = lab.faults.at('host.reply', host.id, { stepType: step.type, reply: own });
  if (step.type === 'install' && reply === null) startInstallation(live, step.args[0] ?? '{}');
  if (!reply) return;
  await live.api('POST', `${hostPath(live)}/instructions`, {
    step_type: step.type,
    step_id: step.id,
    exit_code: reply.exitCode,
    output: reply.output,
    error: reply.error,
  });
}
