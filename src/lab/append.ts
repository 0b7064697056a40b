/** Files that only grow: history.jsonl and each host's agent.log. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Appender {
  /** One line, in the file when this returns. */
  line(text: string): void;
  close(): void;
}

/** Opens a file for appending, 0600, its folder 0700. */
export function appendTo(path: string): Appender {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let file: number | null = openSync(path, 'a', 0o600);
  return {
    line: (text) => {
      if (file !== null) writeSync(file, `${text}\n`);
    },
    close: () => {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}
