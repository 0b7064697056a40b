/** A stream to write on that can be closed for good, and whose loss is no reason for a run to end. */

export interface Sink {
  write(text: string): void;
  /** Nothing is written after it. */
  close(): void;
}

/** Writes to `out` until it is closed or broken (a terminal that hung up, a pipe whose reader has gone). */
export function openSink(out: NodeJS.WritableStream): Sink {
  let open = true;
  out.on('error', () => {
    open = false;
  });
  return {
    write: (text) => {
      if (open) out.write(text);
    },
    close: () => {
      open = false;
    },
  };
}
