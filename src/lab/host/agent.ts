/** The discovery agent: registers, asks for instructions as often as it is told, and follows each step (assisted-service.md §3.1, §3.2). */
import type { StepReply } from '../faults.ts';
import { DURATIONS } from '../durations.ts';
import { startInstallation } from './installer.ts';
import { hostPath, type Live } from './live-types.ts';
import { answerStep } from './steps.ts';

/** The answer to GET instructions; no steps are `null`. */
interface Instructions {
  next_instruction_seconds: number;
  instructions: Step[] | null;
}

interface Step {
  step_type: string;
  step_id: string;
  args?: string[];
}

const GIVES_UP_ON = [401, 403, 404, 409];
const UNREADABLE: StepReply = { exitCode: 256, output: '', error: 'failed to read from the discovery media' };

/** Runs until the power is cut or the system reboots; resolves when the service does not want this host, or not any more. */
export async function runAgent(live: Live): Promise<void> {
  const { api, lab, host, log, signal } = live;
  if (!(await register(live))) return;
  for (;;) {
    const offset = lab.faults.at('host.clock-offset', host.id, 0);
    const timestamp = Math.round((lab.clock.wall() + offset) / 1000);
    const { status, text } = await api('GET', `${hostPath(live)}/instructions?timestamp=${timestamp}`);
    if (status === 404) return;
    const told = status === 200 ? (JSON.parse(text) as Instructions) : null;
    const steps = told?.instructions ?? [];
    if (steps.length > 0) log(`told to do ${steps.map((step) => step.step_type).join(', ')}`);
    for (const step of steps) follow(live, step).catch((error: unknown) => log(`step: ${String(error)}`));
    await lab.clock.sleep(told ? told.next_instruction_seconds * 1000 : DURATIONS.agentRetry, signal);
  }
}

/** True once registered; false when the service does not want this host. */
async function register({ api, lab, host, config, log, signal }: Live): Promise<boolean> {
  for (;;) {
    const body = { host_id: host.uuid, discovery_agent_version: config.version };
    const { status } = await api('POST', `/infra-envs/${config.infraEnvId}/hosts`, body);
    const action = status === 201 ? 'registered' : 'refused';
    lab.record({ kind: 'agent', to: host.id, action, infraEnv: config.infraEnvId, status });
    if (status === 201) return true;
    log(`registration answers ${status}`);
    if (GIVES_UP_ON.includes(status)) return false;
    await lab.clock.sleep(DURATIONS.agentRetry, signal);
  }
}

async function follow(live: Live, { step_type: type, step_id: id, args = [] }: Step): Promise<void> {
  const { lab, host } = live;
  const own = live.lost === null ? await answerStep(live, type, args) : UNREADABLE;
  const { reply } = lab.faults.at('host.reply', host.id, { stepType: type, reply: own });
  if (type === 'install' && reply === null) startInstallation(live, args[0] ?? '{}');
  if (!reply) return;
  await live.api('POST', `${hostPath(live)}/instructions`, {
    step_type: type,
    step_id: id,
    exit_code: reply.exitCode,
    output: reply.output,
    error: reply.error,
  });
}
