/** What every way of showing a run has in common. */
import type { Listener } from '../core/events.ts';

export interface View {
  /** Takes one event; never throws and never waits. */
  onEvent: Listener;
  /** Withdraws what would stand in the way of a question, lets `work` ask it on the terminal, and goes on showing. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  /** Shows what is left to show; nothing is written after it. */
  close(): Promise<void>;
}
