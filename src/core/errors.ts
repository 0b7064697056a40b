/** The one throwable of snoboot, and the catalogue of its codes. A code's exit code never changes (design §10). */
import { printable, redact } from './secret.ts';

export const EXIT = {
  ok: 0,
  internal: 1,
  usage: 2,
  refused: 3,
  unreachable: 4,
  failed: 5,
  partial: 6,
  leftovers: 7,
  storage: 8,
  interrupted: 130,
  terminated: 143,
} as const;

/** Code to exit code: one line for each way in which a run or a cluster can end badly. */
export const CODES = {
  'E-INTERNAL': EXIT.internal,
  'E-USAGE': EXIT.usage,
  'E-INVENTORY': EXIT.usage,
  'E-SECRET': EXIT.usage,
  'E-CONFIRM': EXIT.usage,
  'E-SVC-EXISTS': EXIT.refused,
  'E-IDENT': EXIT.refused,
  'E-NETWORK-AMBIGUOUS': EXIT.refused,
  'E-DISK-NONE': EXIT.refused,
  'E-DISK-AMBIGUOUS': EXIT.refused,
  'E-LAB-BUSY': EXIT.refused,
  'E-LOCKED': EXIT.refused,
  'E-LEASE-LOST': EXIT.refused,
  'E-INVENTORY-CHANGED': EXIT.refused,
  'E-INSTALLING': EXIT.refused,
  'E-MEDIA-FOREIGN': EXIT.refused,
  'E-BMC-UNREACH': EXIT.unreachable,
  'E-BMC-AUTH': EXIT.unreachable,
  'E-BMC-TLS': EXIT.unreachable,
  'E-BMC-PROTO': EXIT.unreachable,
  'E-BMC-ORIGIN': EXIT.unreachable,
  'E-BMC-REFUSED': EXIT.unreachable,
  'E-BMC-NO-SLOT': EXIT.unreachable,
  'E-SVC-UNREACH': EXIT.unreachable,
  'E-SVC-AUTH': EXIT.unreachable,
  'E-SVC-PROTO': EXIT.unreachable,
  'E-SVC-REFUSED': EXIT.failed,
  'E-SVC-GONE': EXIT.failed,
  'E-ISO-FETCH': EXIT.unreachable,
  'E-ISO-FORMAT': EXIT.failed,
  'E-MEDIA-PORT': EXIT.usage,
  'E-MEDIA-ADDRESS': EXIT.unreachable,
  'E-MEDIA-INSERT': EXIT.failed,
  'E-MEDIA-FETCH': EXIT.failed,
  'E-MEDIA-EJECT': EXIT.failed,
  'E-MEDIA-NOREAD': EXIT.failed,
  'E-BOOT': EXIT.failed,
  'E-BOOT-IGNORED': EXIT.failed,
  'E-BOOT-LOOP': EXIT.failed,
  'E-POWER': EXIT.failed,
  'E-HOST-NOAGENT': EXIT.failed,
  'E-HOST-EXTRA': EXIT.refused,
  'E-VALIDATION': EXIT.failed,
  'E-PREPARE': EXIT.failed,
  'E-INSTALL': EXIT.failed,
  'E-INSTALL-STUCK': EXIT.failed,
  'E-API-UNREACH': EXIT.unreachable,
  'E-VERIFY': EXIT.failed,
  'E-CREDS': EXIT.storage,
  'E-STATE': EXIT.storage,
  'E-JOURNAL': EXIT.storage,
  'E-JOURNAL-VERSION': EXIT.storage,
  'E-DEADLINE': EXIT.interrupted,
  'E-INTERRUPTED': EXIT.interrupted,
} as const satisfies Record<string, number>;

export type Code = keyof typeof CODES;

/** What an error says, as plain data: the form in which the journal and the recap keep it. */
export interface ErrorRecord {
  code: Code;
  /** One line: what was seen. */
  message: string;
  /** One line: what to do next. */
  todo: string;
}

/** An error with a stable code, one line of what was seen and one of what to do. */
export class SnobootError extends Error {
  readonly code: Code;
  readonly todo: string;

  constructor(code: Code, message: string, todo: string, cause?: unknown) {
    super(printable(redact(message), 600), cause === undefined ? {} : { cause });
    this.name = 'SnobootError';
    this.code = code;
    this.todo = printable(redact(todo), 400);
  }

  get exitCode(): number {
    return CODES[this.code];
  }

  record(): ErrorRecord {
    return { code: this.code, message: this.message, todo: this.todo };
  }
}

/** Whatever was thrown, as a SnobootError; what is not ours is an internal error. */
export function asSnobootError(error: unknown): SnobootError {
  if (error instanceof SnobootError) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new SnobootError('E-INTERNAL', text, 'this is a defect of snoboot: report it with the run folder', error);
}
