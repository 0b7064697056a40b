/** The library: what the command line is made of, for programs that deploy without it. */
export { createClock, type Clock } from './core/clock.ts';
export { CODES, EXIT, SnobootError, type Code, type ErrorRecord } from './core/errors.ts';
export type { Event, Facts, Listener, Outcome, RunEvent } from './core/events.ts';
export type { Trust } from './core/http.ts';
export { systemRandom, type Random } from './core/random.ts';
export { loadInventory } from './inventory/load.ts';
export type { AssistedService, ClusterSpec, HostSpec, Inventory, Issue } from './inventory/types.ts';
export { cleanUp } from './run/cleanup.ts';
export { deploy, type Deployment, type DeployRequest } from './run/deploy.ts';
export type { RunRequest } from './run/session.ts';
export { openStateHome, stateHome } from './run/state-home.ts';
