/** The view for a terminal: listr2 holds a task for each cluster and host, our renderer draws what fits. It drives nothing. */
import { Listr, type ListrRenderer, type ListrTask } from 'listr2';
import type { Clock } from '../core/clock.ts';
import { createBoard } from './board.ts';
import { frame, type Line } from './frame.ts';
import { rowsOf, type Screen } from './rows.ts';
import { openTerminal } from './terminal.ts';
import { NOTHING_USUAL, type Usual } from './usual.ts';
import type { View } from './view.ts';

/** Real milliseconds between two pictures at least, for each so many rows begun; while nothing is heard, it is one a second. */
const FRAME_MS = 100;
const FRAME_ROWS = 500;

interface Drawing {
  draw: () => void;
  /** Resolves when it is time for the next picture. */
  pause: (signal: AbortSignal) => Promise<void>;
}

/** In place of listr2's own renderer, which melts beyond thirty rows (libraries.md 0 (2)): asks for a picture ten times a second. */
class BoundedRenderer implements ListrRenderer {
  static rendererOptions: Drawing;
  static rendererTaskOptions: never;
  /** listr2 looks at stdout; what we draw on is the caller's choice. */
  static nonTTY = true;
  readonly #over = new AbortController();
  readonly #drawing: Drawing;

  constructor(_tasks: unknown, drawing: Drawing) {
    this.#drawing = drawing;
  }

  render = (): void => {
    void this.#loop();
  };

  end = (): void => this.#over.abort();

  async #loop(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      this.#drawing.draw();
      await this.#drawing.pause(signal).catch(() => undefined);
    }
  }
}

/** Draws on `out` from the first event to `close`; the last picture stays. `clock` is the run's, pictures come in real time. */
export function startTty(out: NodeJS.WriteStream, clock: Clock, usual: Usual = NOTHING_USUAL): View {
  const terminal = openTerminal(out);
  const board = createBoard();
  let tree: Tree | undefined;
  let asides = 0;
  let last = '';
  let heard = 0;
  const picture = (): Line[] => frame(board.screen(), clock.now(), terminal.size(), usual);
  const draw = (): void => {
    const { columns, rows } = terminal.size();
    const due = `${heard} ${Math.floor(clock.wall() / 1000)} ${columns}x${rows}`;
    if (asides > 0 || due === last) return;
    last = due;
    terminal.draw(picture());
  };
  const pause = (signal: AbortSignal): Promise<void> => {
    const { length } = board.screen().rows;
    return clock.sleep(FRAME_MS * Math.ceil(Math.max(1, length) / FRAME_ROWS) * clock.factor, signal);
  };
  const drawing: Drawing = { draw: sure(draw), pause };
  return {
    onEvent: (event) => {
      board.take(event);
      heard += 1;
      if (event.type === 'run.started') tree ??= plant(board.screen(), drawing);
      if (event.type === 'cluster.ended') tree?.settle(rowsOf(board.screen(), event.subject).map((row) => row.subject));
    },
    aside: async (work) => {
      asides += 1;
      terminal.withdraw();
      try {
        return await work();
      } finally {
        asides -= 1;
        last = '';
      }
    },
    close: async () => {
      await tree?.fell();
      sure(() => terminal.close(tree ? picture() : []))();
    },
  };
}

/** What is wrong with a picture must not be wrong with the run. */
function sure(draw: () => void): () => void {
  return () => {
    try {
      draw();
    } catch {
      // The next picture may be drawn; the recap tells everything in any case.
    }
  };
}

interface Tree {
  /** These rows are over. */
  settle(subjects: readonly string[]): void;
  /** Whatever is not over is so now; resolves when listr2 has ended. */
  fell(): Promise<void>;
}

/** A task for each row, which waits until the row is over: what becomes of it is drawn from the screen. */
function plant(screen: Screen, drawing: Drawing): Tree {
  const settles = new Map<string, () => void>();
  const tasks = screen.rows.map(({ subject }): ListrTask => {
    const over = new Promise<void>((resolve) => settles.set(subject, resolve));
    return { title: subject, task: () => over };
  });
  const options = { concurrent: true, registerSignalListeners: false, rendererOptions: drawing };
  const ended = new Listr(tasks, { ...options, renderer: BoundedRenderer }).run();
  return {
    settle: (subjects) => subjects.forEach((subject) => settles.get(subject)?.()),
    fell: async () => {
      for (const settle of settles.values()) settle();
      await ended;
    },
  };
}
