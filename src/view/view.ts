/** What every way of showing a run has in common. */
import type { Listener } from '../core/events.ts';

export interface View {
  /** Takes one event; never throws and never waits. */
  onEvent: Listener;
  /** Shows what is left to show and gives the stream back; nothing is written after it. */
  close(): Promise<void>;
}
