/** What a BMC answers: status, headers, body; and the error bodies of the standard (DSP0266), with a precise message id. */
import type { Profile, Refusal } from './profile.ts';

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** An error body with one message. */
export function refuse(profile: Profile, { status, id, text }: Refusal, args: string[] = []): Answer {
  const message = { '@odata.type': '#Message.v1_1_1.Message', MessageId: id, Message: text, MessageArgs: args };
  const info = { ...message, Severity: status >= 500 ? 'Critical' : 'Warning', Resolution: 'None.' };
  return {
    status,
    body: {
      error: {
        code: `${profile.base}.GeneralError`,
        message: 'A general error has occurred. See ExtendedInfo for more information.',
        '@Message.ExtendedInfo': [info],
      },
    },
  };
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
export function succeed(profile: Profile): Answer {
  if (profile.success === 204) return { status: 204 };
  const info = [
    { MessageId: `${profile.base}.Success`, Message: 'The request completed successfully.', MessageArgs: [] },
  ];
  return {
    status: 200,
    body: {
      error: {
        code: `${profile.base}.ExtendedInfo`,
        message: 'See @Message.ExtendedInfo for more information.',
        '@Message.ExtendedInfo': info,
      },
    },
  };
}
