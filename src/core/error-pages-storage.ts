/** Pages of errors of this machine's own disk. */
import type { ErrorPage } from './error-page.ts';

export const STORAGE_PAGES = {
  'E-STATE': {
    means: 'Something could not be written or read on this machine: run folder, journal, ISO, logs or leases.',
    causes: [
      'the disk is full',
      'folder or file belong to somebody else (a run as root before?)',
      'a file system that is read-only or gone',
    ],
    checks: [
      ['df -h .snoboot', 'how much room is left; an ISO takes some GB'],
      ['ls -ld .snoboot .snoboot/runs', 'whose they are: folders are 0700'],
    ],
    remedy: [
      'A run that cannot write its journal starts nothing new and leaves the machines in good order.',
      '`--state-dir DIR` keeps leases and known BMCs elsewhere.',
    ],
  },
  'E-JOURNAL': {
    means: "A run's journal is not as snoboot wrote it, so it is not known what was done to the machines.",
    causes: ['events.jsonl was edited or restored from a copy', 'a disk that lost data'],
    checks: [['ls -l .snoboot/runs', 'the folder of the run that the message names']],
    remedy: ['cleanup looks at the machines themselves, and needs no journal.'],
  },
  'E-JOURNAL-VERSION': {
    means: "A run's journal was written by another version of snoboot, and cannot be gone on with by this one.",
    causes: ['snoboot was updated or downgraded while a run was unfinished'],
    checks: [['head -c 200 .snoboot/runs/*/events.jsonl', 'the version stands in the first line of each']],
    remedy: ['Or move the run folder away, then `snoboot cleanup FILE`, then deploy again.'],
  },
  'E-CREDS': {
    means: 'The cluster is installed, but its kubeconfig or password could not be fetched, kept or used.',
    causes: [
      'the service lost them or forgot the cluster',
      'the kubeconfig leads to another cluster',
      'the disk is full',
    ],
    checks: [
      ['ls -l .snoboot/clusters/CLUSTER', 'what is there'],
      ['oc --kubeconfig .snoboot/clusters/CLUSTER/kubeconfig whoami', 'whether it works'],
    ],
    remedy: [],
  },
} as const satisfies Record<string, ErrorPage>;
