/** What really was the matter, where the journal holds more than the error's own sentence says: rules as data, first match wins. */
import type { Code } from '../core/errors.ts';

export interface Evidence {
  code: Code;
  message: string;
  /** Bytes of the ISO that the machine or its BMC read, and how many there are; 0 where none is known of. */
  bytes: number;
  size: number;
}

export interface Rule {
  codes: readonly Code[];
  when(evidence: Evidence): boolean;
  cause(evidence: Evidence): string;
}

const always = (): boolean => true;
const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
const share = ({ bytes, size }: Evidence): number => (size > 0 ? Math.min(1, bytes / size) : 0);
/** A live system that came up has read more of its ISO than that. */
const BOOTED = 0.5;

export const RULES: readonly Rule[] = [
  {
    codes: ['E-HOST-NOAGENT'],
    when: ({ bytes }) => bytes === 0,
    cause: () =>
      'nobody ever read the ISO: the BMC or the host has no way to this machine (firewall, route, media.address)',
  },
  {
    codes: ['E-HOST-NOAGENT'],
    when: (e) => e.size > 0 && share(e) < BOOTED,
    cause: (e) =>
      `the host stopped reading the ISO at ${Math.floor(100 * share(e))} %: it hangs in its boot, or the way to this machine broke`,
  },
  {
    codes: ['E-HOST-NOAGENT'],
    when: (e) => share(e) >= BOOTED,
    cause: ({ bytes, size }) =>
      `the host booted the ISO (${mib(Math.min(bytes, size))} read), but its agent never reached the service: the host's network, DNS, clock, or the pull of the agent's image`,
  },
  {
    codes: ['E-BOOT-IGNORED'],
    when: ({ bytes }) => bytes === 0,
    cause: () =>
      'nobody ever read the ISO: the BMC has no way to this machine (firewall, route, media.address), and the host booted something else',
  },
  {
    codes: ['E-BOOT-IGNORED'],
    when: always,
    cause: () => 'the firmware ignored the one-time boot from the ISO, and booted something else',
  },
  {
    codes: ['E-MEDIA-NOREAD'],
    when: always,
    cause: () =>
      'the machine hangs before it boots: it is on, its boot override is unused, and nothing of the ISO was read',
  },
  {
    codes: ['E-MEDIA-FETCH'],
    when: always,
    cause: () => 'the BMC cannot reach the ISO on this machine: it refused it without asking for one byte',
  },
  {
    codes: ['E-MEDIA-INSERT'],
    when: ({ message }) => /does not read back/.test(message),
    cause: () => 'the BMC accepted the ISO, but its slot stays empty',
  },
  {
    codes: ['E-VALIDATION'],
    when: always,
    cause: ({ message }) => message.replace(/^(validations did not pass within|the hosts could not be)[^:]*: /, ''),
  },
  {
    codes: ['E-INSTALL'],
    when: ({ message }) => /Writing image to disk/.test(message) && /took longer/.test(message),
    cause: () =>
      'the write of the image to the disk stood still until the service gave up: look at the disk, and the BMC as the way to the ISO',
  },
  {
    codes: ['E-INSTALL'],
    when: ({ message }) => /coreos-installer/.test(message),
    cause: ({ message }) => `the image could not be written to the disk: ${afterColons(message)}`,
  },
  {
    codes: ['E-INSTALL'],
    when: ({ message }) => /discovery media/.test(message),
    cause: () => 'the host lost the ISO while it was being installed from it: who or what took it out of the slot?',
  },
];

/** The essential cause; the error's own message where nothing better is known. */
export function causeOf(evidence: Evidence): string {
  const rule = RULES.find(({ codes, when }) => codes.includes(evidence.code) && when(evidence));
  return rule?.cause(evidence) ?? evidence.message;
}

/** The service puts the reason last. */
function afterColons(message: string): string {
  return message.slice(message.lastIndexOf(' - ') + 1).replace(/^- /, '') || message;
}
