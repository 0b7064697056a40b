/** A live system that is up, as its agent and installer see it. */
import type { AgentConfig } from './agent-unit.ts';
import type { Call } from './api.ts';
import type { Drive } from './drive.ts';
import type { Network } from './network.ts';
import type { Reboot, Running } from './running.ts';

export interface Live extends Running {
  /** What it is still read from. */
  drive: Pick<Drive, 'size' | 'touch'>;
  network: Network;
  config: AgentConfig;
  api: Call;
  /** Why the medium cannot be read any more; null while it can. */
  lost: string | null;
  /** Ends the installation that runs; null when none was started. */
  installer: AbortController | null;
  reboot(how: Reboot): void;
}

/** This host's resource at the service, as the agent names itself: by the system's UUID. */
export function hostPath({ config, host }: Live): string {
  return `/infra-envs/${config.infraEnvId}/hosts/${host.uuid}`;
}
