/** The view for programs: each event is one line of JSON, and nothing else is written. */
import type { RunEvent } from '../core/events.ts';
import { openSink } from './sink.ts';
import type { View } from './view.ts';

/** `textOf` makes the JSON, without secrets. */
export function startJson(out: NodeJS.WritableStream, textOf: (event: RunEvent) => string): View {
  const sink = openSink(out);
  return {
    onEvent: (event) => sink.write(`${textOf(event)}\n`),
    aside: (work) => work(),
    close: () => {
      sink.close();
      return Promise.resolve();
    },
  };
}
