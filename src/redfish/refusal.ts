/** What a BMC says when it says no: its extended messages, the worst first, as one error. */
import { SnobootError } from '../core/errors.ts';
import { printable, redact } from '../core/secret.ts';
import { type Answer, asDoc, asList, type Doc, realText } from './wire.ts';

interface Complaint {
  id: string;
  text: string;
  /** 2 critical, 1 warning, 0 the rest. */
  weight: number;
}

const WEIGHTS: Record<string, number> = { Critical: 2, Warning: 1 };

/** The messages of an error body or of a task, the most severe first; sushy-tools gives them no severity. */
export function complaintsOf(doc: Doc | null): Complaint[] {
  const error = asDoc(doc?.['error']);
  const lists = [error['@Message.ExtendedInfo'], doc?.['@Message.ExtendedInfo'], doc?.['Messages']];
  const found = lists
    .flatMap((list) => (Array.isArray(list) ? asList(list) : list === undefined ? [] : [list]))
    .map((item) => complaint(asDoc(item), error));
  const all = found.length > 0 || !error['message'] ? found : [complaint({}, error)];
  return all.sort((a, b) => b.weight - a.weight);
}

function complaint(item: Doc, error: Doc): Complaint {
  const args = asList(item['MessageArgs']).join(', ');
  const text = realText(item['Message']) ?? realText(error['message']) ?? '';
  const severity = realText(item['MessageSeverity']) ?? realText(item['Severity']) ?? '';
  return {
    id: realText(item['MessageId']) ?? realText(error['code']) ?? 'no message id',
    text: args === '' ? text : `${text} (${args})`,
    weight: WEIGHTS[severity] ?? 0,
  };
}

/** Whether ids, texts or arguments of the answer match. */
export function says(answer: Answer, pattern: RegExp): boolean {
  const all = complaintsOf(answer.doc);
  return all.length === 0 ? pattern.test(answer.text) : all.some(({ id, text }) => pattern.test(`${id} ${text}`));
}

const LICENCE = /licen[cs]e|product key/i;
const PRIVILEGE = /privilege|AccessDenied/i;

/** E-BMC-REFUSED with the BMC's own words; `licence` names what the vendor sells, should one be missing. */
export function refused(answer: Answer, what: string, licence?: string): SnobootError {
  const worst = complaintsOf(answer.doc)[0];
  const words = worst ? `${worst.text} [${worst.id}]` : answer.text;
  const status = answer.status < 400 ? 'its task failed' : answer.status;
  const message = `the BMC refused to ${what} (${status}): ${printable(redact(words), 200)}`;
  return new SnobootError('E-BMC-REFUSED', message, todo(answer, licence ?? 'the licence for virtual media'));
}

function todo(answer: Answer, licence: string): string {
  if (says(answer, LICENCE)) return `install ${licence} on this BMC`;
  if (says(answer, PRIVILEGE)) return 'use an account of this BMC that has the role Administrator';
  return 'look into the log of the BMC; if it is busy or stuck, wait or reset it, then deploy again';
}

/** E-BMC-PROTO: the answer is none that Redfish knows; its beginning is quoted. */
export function garbled(what: string, text: string): SnobootError {
  const quote = text === '' ? 'nothing' : `"${printable(redact(text), 200)}"`;
  return new SnobootError(
    'E-BMC-PROTO',
    `${what}: ${quote}`,
    'check that the address is that of a BMC with Redfish, and that the BMC is not restarting',
  );
}
