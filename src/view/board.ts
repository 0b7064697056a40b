/** Where a view keeps what it heard: events are folded when the screen is asked for, so that a storm of them costs little. */
import type { Listener, RunEvent } from '../core/events.ts';
import { emptyScreen, fold, type Screen } from './rows.ts';

export interface Board {
  take: Listener;
  /** As the events make it that were taken so far; it stays as it is. */
  screen(): Screen;
}

/** So many are kept unfolded at most. */
const MOST = 1000;

export function createBoard(): Board {
  let folded = emptyScreen();
  let heard: RunEvent[] = [];
  const screen = (): Screen => {
    folded = fold(folded, heard);
    heard = [];
    return folded;
  };
  return {
    take: (event) => {
      heard.push(event);
      if (heard.length >= MOST) screen();
    },
    screen,
  };
}
