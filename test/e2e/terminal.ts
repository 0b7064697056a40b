/** The command line on a terminal, with a person who answers its questions: util-linux's script gives the terminal. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { MAIN, type Scene } from './scene.ts';

const version = spawnSync('script', ['--version'], { encoding: 'utf8' });
export const hasTerminals = version.error === undefined && version.stdout.includes('util-linux');

export interface OnTerminal {
  /** `screen` is everything that was shown, questions and answers too. */
  ended: Promise<{ code: number | null; screen: string }>;
  /** Continues a process that was stopped. */
  goOn(): void;
  type(keys: string): void;
}

/** What ends in a question: yes or no, or something to be typed. */
const QUESTION = /(\[y\/N\]|to go on:) $/;

/** Each question gets the next answer, the last one all that follow. */
export function onTerminal({ dir }: Scene, args: string[], answers: string[], env: NodeJS.ProcessEnv = {}): OnTerminal {
  const command = [process.execPath, MAIN, ...args].map((arg) => `'${arg}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: dir,
    env: { ...process.env, XDG_STATE_HOME: `${dir}/state`, TERM: 'xterm', CI: '', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  let seen = 0;
  let given = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    if (!QUESTION.test(withoutControls(screen.slice(seen)))) return;
    seen = screen.length;
    child.stdin.write(`${answers[Math.min(given++, answers.length - 1)]}\n`);
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, screen }));
  return { ended, goOn: () => void child.kill('SIGCONT'), type: (keys) => void child.stdin.write(keys) };
}

function withoutControls(text: string): string {
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}
