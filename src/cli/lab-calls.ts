/** What is asked of a lab that is up, besides what its service and BMCs answer. */
import { readFile } from 'node:fs/promises';
import { SnobootError } from '../core/errors.ts';
import { createHttpClient, type HttpRequest } from '../core/http.ts';
import type { LabUp } from '../lab/start.ts';

/** How fast the lab lives, and its time in milliseconds. */
export interface LabTime {
  timeFactor: number;
  now: number;
}

const TIMEOUT_MS = 2000;

/** The lab of which `snoboot lab up` left word in `upFile`; undefined when none answers there. */
export async function labThatIsUp(upFile: string): Promise<({ up: LabUp } & LabTime) | undefined> {
  const text = await readFile(upFile, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const up = JSON.parse(text) as LabUp;
    return { up, ...(await timeOf(up.service.url)) };
  } catch {
    return undefined;
  }
}

export async function timeOf(serviceUrl: string): Promise<LabTime> {
  const { body } = await call({ method: 'GET', url: `${serviceUrl}/lab` });
  const { timeFactor, now } = JSON.parse(body.toString()) as Partial<LabTime>;
  if (typeof timeFactor === 'number' && typeof now === 'number') return { timeFactor, now };
  throw new SnobootError('E-LAB-BUSY', 'what answers is not a lab of this version', 'stop it and start it again');
}

/** Throws E-USAGE with the lab's sentence for a fault that it does not know. */
export async function armFaults(serviceUrl: string, faults: readonly string[]): Promise<void> {
  if (faults.length === 0) return;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ faults });
  const answer = await call({ method: 'POST', url: `${serviceUrl}/lab/faults`, headers, body });
  if (answer.status < 300) return;
  const said = answer.body.toString();
  throw new SnobootError('E-USAGE', `the lab that is up refuses --fault: ${said}`, 'see docs/lab.md for the faults');
}

async function call(request: HttpRequest) {
  const http = createHttpClient();
  try {
    return await http.send({ ...request, timeoutMs: TIMEOUT_MS });
  } finally {
    await http.close();
  }
}
