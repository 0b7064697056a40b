/** The second gate's question: may these disks be formatted too? One at a time, since there is one terminal. */
import { printable } from '../core/secret.ts';
import type { View } from '../view/view.ts';
import { ask } from './ask.ts';

export type MayErase = (host: string, disks: string[], signal: AbortSignal) => Promise<boolean>;

/** --yes answers it; else whoever sits at the terminal; where nobody does, no. */
export function eraseQuestion(view: Pick<View, 'aside'>, yes: boolean): MayErase {
  let before: Promise<unknown> = Promise.resolve();
  return (host, disks, signal) => {
    if (yes) return Promise.resolve(true);
    const list = disks.map((disk) => `  ${printable(disk)}\n`).join('');
    const question = `${host}: the installation would also format\n${list}Erase what is on ${disks.length === 1 ? 'it' : 'them'}?`;
    const answer = before.then(() => view.aside(() => ask(question, signal)));
    before = answer.catch(() => undefined);
    return answer;
  };
}
