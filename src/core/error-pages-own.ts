/** Pages of errors in what was typed, in the inventory, and among several runs of snoboot. */
import type { ErrorPage } from './error-page.ts';

export const OWN_PAGES = {
  'E-INTERNAL': {
    means: 'snoboot met something that it was not written for.',
    causes: ['a defect of snoboot', 'the embedded lab could not be started'],
    checks: [
      ['snoboot why FILE', 'what it was doing when it happened'],
      ['snoboot --version', 'belongs into the report'],
    ],
    remedy: ['Deploying again goes on with the run: what is done already is not done twice.'],
  },
  'E-USAGE': {
    means: 'The command line, or the environment, says something that cannot be done.',
    causes: [
      'an unknown verb, option or subject, or a value of the wrong form',
      'a verb that looks at the last run of an inventory of which none has begun',
      'HTTPS_PROXY, NO_PROXY or --state-dir that is of no use',
    ],
    checks: [['snoboot deploy --help', 'every option of a verb, with an example']],
    remedy: ['Nothing was contacted: correct the line and type it again.'],
  },
  'E-INVENTORY': {
    means:
      'The inventory, or a fault that is to be armed in the lab, is not right. Each line names file, line and column.',
    causes: [
      'an unknown key, a value of the wrong type, an address or MAC address that stands there twice',
      'a number where a text is meant: 4.20 has to be quoted',
      'a file that is named and is not there, or that others may read',
    ],
    checks: [['snoboot validate FILE', 'all problems in one pass; nothing is contacted']],
    remedy: ['Your editor completes keys from `inventory/inventory.schema.json`.'],
  },
  'E-SECRET': {
    means: 'A secret that the inventory points to could not be had, or is not well-formed.',
    causes: [
      '`env:` names a variable that is not set in this shell (cron and CI have their own environment)',
      '`file:` names a file that is missing, empty or readable by others',
      '`cmd:` names a command that failed, or printed nothing',
    ],
    checks: [
      ['snoboot validate FILE', 'which reference is meant, with file:line:col'],
      ['ls -l secrets/', 'the file is yours and has mode 0600'],
    ],
    remedy: ['Secrets are resolved before anything is contacted: nothing was changed.'],
  },
  'E-CONFIRM': {
    means: 'What was asked for erases or takes over machines, and nobody said yes.',
    causes: [
      'an unattended run without --yes',
      'the question was answered with something else than the number of machines',
    ],
    checks: [['snoboot plan FILE', 'which machines would be erased, and what lives there now']],
    remedy: ['--yes answers questions; it never waives the check whose machine it is.'],
  },
  'E-LAB-BUSY': {
    means: "The lab's folder belongs to another lab that runs, or what answers there is none of this version.",
    causes: ['another deploy on the same inventory', 'snoboot lab up in another terminal, of another version'],
    checks: [['ps -p PID -o pid,args', 'what the process that was named is']],
    remedy: ['A lab that `snoboot lab up` of this version serves is joined, not refused.'],
  },
  'E-LOCKED': {
    means:
      'Another process of snoboot works on a machine of this inventory. The message says who, where and since when.',
    causes: ['another deploy, perhaps by cron, that is not over', 'another inventory that names the same BMC'],
    checks: [
      ['snoboot status FILE', 'whether a run of this inventory is at work, and where it stands'],
      ['ps -p PID -o pid,lstart,args', 'whether the process that was named still lives'],
    ],
    remedy: ['If it is known to be gone for good (another computer): `snoboot cleanup FILE --take-lease`.'],
  },
  'E-LEASE-LOST': {
    means: 'Another process took a machine from this run while it worked: this run wrote nothing to it any more.',
    causes: ['somebody typed cleanup --take-lease', 'the folder of leases was removed or is on a disk that went away'],
    checks: [['snoboot why FILE', 'which machine, and what had been done to it by then']],
    remedy: ['Only one of them may go on: end the other one first.'],
  },
  'E-INVENTORY-CHANGED': {
    means: 'A run of this inventory is not finished, and the inventory has changed since in what it acts on.',
    causes: ['a correction between two attempts', 'another --set or --limit than when the run began'],
    checks: [
      ['git diff FILE', 'what was changed'],
      ['snoboot status FILE', 'how far the unfinished run is'],
    ],
    remedy: ['`snoboot cleanup FILE` with the changed inventory gives the old run up and leaves its machines clean.'],
  },
  'E-MAX-FAIL': {
    means:
      'More hosts of a batch failed than maxFailPercentage allows, or all of them: the later batches were not begun.',
    causes: ['a cause that all of them share: network, service, image, pull secret', 'maxFailPercentage is too strict'],
    checks: [
      ['snoboot why FILE', 'the first failure, with its cause'],
      ['snoboot status FILE', 'how every cluster of every batch ended'],
    ],
    remedy: ['`snoboot deploy FILE --limit @failed.retry` takes those that failed or were not begun.'],
  },
  'E-DEADLINE': {
    means: 'The time of --deadline has come, or what would begin usually takes longer than is left.',
    causes: ['a run that began late or took longer than usual', 'a deadline of the wrong day or time zone'],
    checks: [['snoboot status FILE', 'what was reached, and what is left on machines']],
    remedy: ['Nothing that had begun to write a disk was stopped.'],
  },
  'E-INTERRUPTED': {
    means: 'The run was told to end (Ctrl-C, SIGTERM) before this was over.',
    causes: ['a person, a CI job that was cancelled, a machine that shut down'],
    checks: [['snoboot status FILE', 'how every machine stands, and what is left on it']],
    remedy: ['Deploying again goes on; `snoboot cleanup FILE` leaves the machines clean instead.'],
  },
} as const satisfies Record<string, ErrorPage>;
