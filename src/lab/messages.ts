/** What the lab's process and its parent say to each other. */
import type { ErrorRecord } from '../core/errors.ts';
import type { LabSpec } from './spec.ts';
import type { LabUp } from './start.ts';

export type ToLab = { spec: LabSpec; dir: string } | { stop: true };
export type FromLab = { up: LabUp } | { error: ErrorRecord };
