/** What no real service has: the lab's own calls below `/lab`, answered even while its service is down. */
import type { IncomingMessage, RequestListener } from 'node:http';
import { json } from 'node:stream/consumers';
import { SnobootError } from '../core/errors.ts';
import type { LabClock } from './clock.ts';
import type { ArmedFaults } from './faults.ts';
import { type Answer, sendAnswer } from './service/wire.ts';

/** Answered with how fast the lab lives, and its time. */
const TIME = ['GET /lab', 'POST /lab/hold', 'POST /lab/go-on'];

/**
 * GET /lab: {timeFactor, now}, `now` in lab time, milliseconds. POST /lab/hold: the time of the lab stands still, what is asked
 * is answered; POST /lab/go-on: it goes on. POST /lab/faults {faults: [armed fault]}: arms them all, or none and 409 with
 * what is wrong. Anything else is for `service`.
 */
export function withOwnCalls(clock: LabClock, faults: ArmedFaults, service: RequestListener): RequestListener {
  return (req, res) => {
    const call = `${req.method} ${req.url?.replace(/\/+$/, '')}`;
    const send = (answer: Answer): void => sendAnswer(req, res, answer, false);
    if (call === 'POST /lab/hold') clock.hold();
    if (call === 'POST /lab/go-on') clock.goOn();
    if (TIME.includes(call)) send({ status: 200, json: { timeFactor: clock.factor, now: clock.now() } });
    else if (call === 'POST /lab/faults') void arm(faults, req).then(send);
    else service(req, res);
  };
}

async function arm(all: ArmedFaults, req: IncomingMessage): Promise<Answer> {
  const body = (await json(req).catch(() => null)) as { faults?: unknown } | null;
  const faults = body?.faults;
  if (!Array.isArray(faults) || !faults.every((fault) => typeof fault === 'string'))
    return { status: 400, json: { message: 'the body is no {"faults": ["name@subject:when"]}' } };
  try {
    all.arm(faults);
    return { status: 200, json: { faults } };
  } catch (error) {
    if (!(error instanceof SnobootError)) throw error;
    const { code, message, todo } = error;
    return { status: 409, json: { code, message, todo } };
  }
}
