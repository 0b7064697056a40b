/** The seams of the lab: the values that a fault can change on their way. Emulators ask at them and know no fault by name. */
import type { IgnitionDocument } from './service/ignition-types.ts';

/** Seam → the value that passes it. `null` where it says so means: nothing passes. */
export interface Seams {
  /** The composed embed area, before it is laid over the ISO. */
  'service.embed-area': Buffer;
  /** The discovery ignition of a host's infra-env, before it is packed. */
  'service.ignition': IgnitionDocument;
  /** The name that a PATCH of a host asks for; null: it is not kept. */
  'service.host-name': string | null;
  /** Whether a disk that a PATCH of a host wants kept gets onto the skip list. */
  'service.skips-disk': boolean;
  /** Whether the service lives: asked at each request, and at each look of its monitors. */
  'service.alive': boolean;
  /** What the service answers in place of its own answer; null: its own. Asked again with `done` once the effect has taken place. */
  'service.answer': { method: string; path: string; done: boolean; answer: FaultAnswer | 'none' | null };
  /** Whether the service still knows a cluster that is installed. */
  'service.remembers': boolean;
  /** Whether the BMC lives. */
  'bmc.alive': boolean;
  /** An answer that a BMC gives instead of its own; null: its own. `elapsedMs` is lab time since the first request. */
  'bmc.answer': { method: string; path: string; elapsedMs: number; answer: FaultAnswer | null };
  /** The address from which the BMC really fetches the medium. */
  'bmc.media-url': string;
  /** Whether the image of an insert that was accepted gets into the slot. */
  'bmc.attaches': boolean;
  /** What the firmware boots, after override and boot order were considered. */
  'host.boot-device': 'cd' | 'disk' | 'old-system';
  /** Whether the agent comes up on the live system. */
  'host.agent-starts': boolean;
  /** Milliseconds by which the host's clock is ahead of (or, negative, behind) the real time. */
  'host.clock-offset': number;
  /** Disks that are in the machine besides those it was made with. */
  'host.extra-disks': ExtraDisk[];
  /** The inventory as the agent is about to send it. */
  'host.inventory': AgentInventory;
  /** The agent's reply to a step; null: it sends none. */
  'host.reply': { stepType: string; reply: StepReply | null };
  /** How the write to the disk goes on once `percent` is on it. */
  'host.write': { percent: number; next: 'goes on' | 'stands' | 'fails' };
  /** Whether somebody pulls the medium when the host enters this stage. */
  'host.media-pulled': { stage: string; pulled: boolean };
  /** How the host reboots after the write: its boot order then, and whether `Rebooting` is heard of only when it is up again. */
  'host.reboot': { bootOrder: ('disk' | 'cd')[]; postMs: number; reportedLate: boolean };
}

export interface ExtraDisk {
  name: string;
  sizeBytes: number;
  driveType: 'HDD' | 'SSD';
}

export interface FaultAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

export interface StepReply {
  exitCode: number;
  /** JSON text, or "". */
  output: string;
  error: string;
}

/** The agent's inventory, as far as the lab computes with it (assisted-service.md §3.5); it may hold more. */
export interface AgentInventory {
  hostname: string;
  cpu: { count: number; architecture: string; [more: string]: unknown };
  memory: { physical_bytes: number; usable_bytes: number; [more: string]: unknown };
  disks: { id: string; name: string; size_bytes: number; [more: string]: unknown }[];
  interfaces: { name: string; mac_address: string; ipv4_addresses: string[]; [more: string]: unknown }[];
  routes: { interface: string; gateway: string; destination: string; family: number; [more: string]: unknown }[];
  [more: string]: unknown;
}

export type Seam = keyof Seams;
