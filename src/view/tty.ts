/** The view for a terminal: listr2 holds a task for each cluster and host, our renderer draws what fits. It drives nothing. */
import { Listr, type ListrRenderer, type ListrTask } from 'listr2';
import type { Clock } from '../core/clock.ts';
import { frame, type Line } from './frame.ts';
import { emptyScreen, isOf, reduce, type Screen } from './rows.ts';
import { openTerminal } from './terminal.ts';
import type { View } from './view.ts';

/** Real milliseconds between two pictures. */
const FRAME_MS = 100;

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
export function startTty(out: NodeJS.WriteStream, clock: Clock): View {
  const terminal = openTerminal(out);
  let screen = emptyScreen();
  let tree: Tree | undefined;
  const picture = (): Line[] => frame(screen, clock.now(), terminal.size());
  const drawing: Drawing = {
    draw: () => terminal.draw(picture()),
    pause: (signal) => clock.sleep(FRAME_MS * clock.factor, signal),
  };
  return {
    onEvent: (event) => {
      screen = reduce(screen, event);
      if (event.type === 'run.started') tree ??= plant(screen, drawing);
      if (event.type === 'cluster.ended') tree?.settle(event.subject);
    },
    close: async () => {
      await tree?.fell();
      terminal.close(tree ? picture() : []);
    },
  };
}

interface Tree {
  /** The cluster and its hosts are over. */
  settle(cluster: string): void;
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
    settle: (cluster) => {
      for (const row of screen.rows) if (isOf(cluster, row)) settles.get(row.subject)?.();
    },
    fell: async () => {
      for (const settle of settles.values()) settle();
      await ended;
    },
  };
}
