/** The view for a terminal: listr2 holds the tree of clusters and hosts, our renderer draws what fits. It drives nothing. */
import { Listr, type ListrRenderer, type ListrTask } from 'listr2';
import type { Clock } from '../core/clock.ts';
import { frame, type Line } from './frame.ts';
import { emptyScreen, isOf, reduce, type Row, type Screen } from './rows.ts';
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
      if (event.type === 'cluster.ended') tree?.settle(screen, event.subject);
    },
    close: async () => {
      await tree?.fell(screen);
      terminal.close(tree ? picture() : []);
    },
  };
}

interface Tree {
  /** The hosts of the cluster are over: done, or failed as their rows say. */
  settle(screen: Screen, cluster: string): void;
  /** Whatever is not over is so now; resolves when listr2 has ended. */
  fell(screen: Screen): Promise<void>;
}

type Settle = (row: Row) => void;

function plant(screen: Screen, drawing: Drawing): Tree {
  const settles = new Map<string, Settle>();
  const clusters = screen.rows
    .filter((row) => row.level === 0)
    .map((cluster): ListrTask => {
      const hosts = screen.rows.filter((row) => row.level === 1 && isOf(cluster.subject, row));
      const leaves = hosts.map((row) => leaf(row.subject, settles));
      return { title: cluster.subject, task: (_, task) => task.newListr(leaves, { concurrent: true }) };
    });
  const ended = new Listr(clusters, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    renderer: BoundedRenderer,
    rendererOptions: drawing,
  }).run();
  const settle = (rows: readonly Row[]): void => rows.forEach((row) => settles.get(row.subject)?.(row));
  return {
    settle: (now, cluster) => settle(now.rows.filter((row) => isOf(cluster, row))),
    fell: async (now) => {
      settle(now.rows);
      await ended;
    },
  };
}

/** A task that waits for its host's end. The promise never rejects: listr2 may come to it late. */
function leaf(subject: string, settles: Map<string, Settle>): ListrTask {
  const over = new Promise<Row>((resolve) => settles.set(subject, resolve));
  const task = async (): Promise<void> => {
    const row = await over;
    if (row.state !== 'done') throw new Error(row.error?.message ?? row.state);
  };
  return { title: subject, task };
}
