/** A machine with power on, as the software that runs on it sees it. */
import type { Lab } from '../context.ts';
import type { LabHost } from '../world.ts';

export interface Running {
  lab: Lab;
  host: LabHost;
  /** A line of the host's agent.log. */
  log(text: string): void;
  /** Aborted when the power is cut or the lab goes down; on a live system also when it reboots. */
  signal: AbortSignal;
}

/** How a live system left: what the firmware tries next, and a report of it that only the next system sends. */
export interface Reboot {
  bootOrder: ('disk' | 'cd')[];
  /** How long the firmware takes until it boots something. */
  postMs: number;
  lateReport: (() => Promise<void>) | null;
}
