/** What a BMC answers, and the bodies of refusals (DSP0266) with a precise message id. */
import { createHash } from 'node:crypto';
import type { Document } from './bmc.ts';
import type { Profile, Refusal } from './profile.ts';

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** An error body with one message. */
export function refuse(profile: Profile, { status, id, text }: Refusal, args: string[] = []): Answer {
  const severity = status >= 500 ? 'Critical' : 'Warning';
  const info = { MessageId: id, Message: text, MessageArgs: args, Severity: severity, Resolution: 'None.' };
  return withMessage(status, `${profile.base}.GeneralError`, { '@odata.type': '#Message.v1_1_1.Message', ...info });
}

/** A refusal with a message of the standard registry. */
export function refuseStandard(
  profile: Profile,
  status: number,
  key: string,
  text: string,
  args: string[] = [],
): Answer {
  return refuse(profile, { status, id: `${profile.base}.${key}`, text }, args);
}

/** A write that worked: 204, or 200 with a message, by profile. */
export function succeed({ success, base }: Profile): Answer {
  if (success === 204) return { status: 204 };
  const info = { MessageId: `${base}.Success`, Message: 'The request completed successfully.', MessageArgs: [] };
  return withMessage(200, `${base}.ExtendedInfo`, info);
}

function withMessage(status: number, code: string, info: Document): Answer {
  const message = 'See @Message.ExtendedInfo for more information.';
  return { status, body: { error: { code, message, '@Message.ExtendedInfo': [info] } } };
}

/** A resource with its ETag twice, equal: header and body. It changes as what is shown does. */
export function show(profile: Profile, document: Document): Answer {
  const digest = createHash('sha256').update(JSON.stringify(document)).digest('hex');
  const etag = `${profile.weakEtags ? 'W/' : ''}"${digest.slice(0, 8).toUpperCase()}"`;
  return { status: 200, headers: { ETag: etag }, body: { ...document, '@odata.etag': etag } };
}
