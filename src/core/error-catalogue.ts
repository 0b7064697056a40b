/**
 * The catalogue of errors, one line each: exit code, and what to do. SnobootError takes its messages' ends from here, and
 * docs/errors/ is made from it and from error-pages.ts. This file is loaded at every start: long texts stand there.
 */

/** Exit codes: what a script goes by. None ever changes (design §10). */
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

/** Exit code, and what to do where the place that met it knows no better. */
const entry = <const E extends number>(exit: E, todo: string): { exit: E; todo: string } => ({ exit, todo });

const OWN_ERRORS = {
  'E-INTERNAL': entry(EXIT.internal, 'this is a defect of snoboot: report it with the run folder'),
  'E-USAGE': entry(EXIT.usage, 'see snoboot --help'),
  'E-INVENTORY': entry(EXIT.usage, 'correct the lines that are named, then run snoboot validate'),
  'E-SECRET': entry(EXIT.usage, 'put the secret where the inventory points'),
  'E-CONFIRM': entry(EXIT.usage, 'check the inventory, then add --yes'),
  'E-LAB-BUSY': entry(EXIT.refused, 'let the other lab end, or stop it'),
  'E-LOCKED': entry(EXIT.refused, 'wait for the other snoboot with --lock-wait 10m'),
  'E-LEASE-LOST': entry(EXIT.refused, 'see who took the machine, then deploy again'),
  'E-INVENTORY-CHANGED': entry(
    EXIT.refused,
    'take the change back and deploy again, or give the run up with snoboot cleanup',
  ),
  'E-MAX-FAIL': entry(EXIT.failed, 'find out why they failed, then deploy with --limit @failed.retry'),
  'E-STATE': entry(EXIT.storage, 'make room or correct the rights of the folder'),
  'E-JOURNAL': entry(EXIT.storage, 'move the run folder away, then snoboot cleanup, then deploy again'),
  'E-JOURNAL-VERSION': entry(EXIT.storage, 'use the version of snoboot that began the run'),
  'E-CREDS': entry(EXIT.storage, 'the cluster is installed: deploy again to fetch them'),
  'E-DEADLINE': entry(EXIT.interrupted, 'deploy again when there is time, or with a later --deadline'),
  'E-INTERRUPTED': entry(EXIT.interrupted, 'deploy again'),
} as const;

const SERVICE_ERRORS = {
  'E-SVC-UNREACH': entry(EXIT.unreachable, 'check service.url and that the service runs'),
  'E-SVC-AUTH': entry(EXIT.unreachable, 'check the token of the service'),
  'E-SVC-PROTO': entry(EXIT.unreachable, 'check that service.url is an assisted-service of version 2'),
  'E-SVC-REFUSED': entry(EXIT.failed, 'read what the service said, and change the inventory accordingly'),
  'E-SVC-GONE': entry(EXIT.failed, 'see at the service who deleted it, then deploy again'),
  'E-SVC-EXISTS': entry(EXIT.refused, 'find out whose cluster it is: snoboot deletes nothing that it did not make'),
  'E-ISO-FETCH': entry(EXIT.unreachable, 'check that the image service is up and reachable from here'),
  'E-ISO-FORMAT': entry(EXIT.failed, 'open the image URL of the infra-env and see what it gives'),
  'E-ISO-PROOF': entry(
    EXIT.refused,
    'deploy again with --replace, so that cluster and ISO are made from this inventory',
  ),
  'E-NETWORK-AMBIGUOUS': entry(EXIT.refused, 'set machineNetwork of this cluster in the inventory'),
  'E-VALIDATION': entry(EXIT.failed, 'remove the cause that the service names, then deploy again'),
  'E-PREPARE': entry(EXIT.failed, 'remove the cause, then deploy again'),
  'E-INSTALL': entry(EXIT.failed, "read the service's logs in the run folder; then deploy with --replace"),
  'E-INSTALL-STUCK': entry(
    EXIT.failed,
    'nothing was stopped: look at the console of the host, or deploy again to watch on',
  ),
  'E-INSTALLING': entry(EXIT.refused, 'deploy goes on with it; destroy ends it'),
  'E-API-UNREACH': entry(
    EXIT.unreachable,
    'check that the name leads to the cluster from here, and that the cluster runs',
  ),
  'E-VERIFY': entry(EXIT.failed, 'ask the cluster with its kubeconfig; --no-verify leaves this check out'),
} as const;

const MACHINE_ERRORS = {
  'E-BMC-UNREACH': entry(EXIT.unreachable, 'check address, cable and network of the BMC'),
  'E-BMC-AUTH': entry(EXIT.unreachable, 'correct bmc.username and bmc.password'),
  'E-BMC-TLS': entry(EXIT.unreachable, "compare the certificate with the BMC's own, then pin its fingerprint"),
  'E-BMC-PROTO': entry(
    EXIT.unreachable,
    'check that the address is that of a BMC with Redfish, and that it is not restarting',
  ),
  'E-BMC-ORIGIN': entry(EXIT.unreachable, 'use the address that the BMC itself names'),
  'E-BMC-REFUSED': entry(EXIT.unreachable, "give the account the BMC's operator rights, and look at what the BMC said"),
  'E-BMC-NO-SLOT': entry(
    EXIT.unreachable,
    'update the firmware of the BMC, switch virtual media on, or install its licence',
  ),
  'E-PROTECTED': entry(EXIT.refused, 'leave it out, by the inventory or --limit; no flag overrides this'),
  'E-IDENT': entry(EXIT.refused, 'check the BMC address and the identifiers of this host in the inventory'),
  'E-IDENT-NEW': entry(EXIT.refused, 'compare serial number and certificate, then add --accept-new'),
  'E-MEDIA-PORT': entry(EXIT.usage, 'set another media.port, or leave it out for any free one'),
  'E-MEDIA-ADDRESS': entry(EXIT.unreachable, 'set media.address to an address of this machine that the BMC can reach'),
  'E-MEDIA-INSERT': entry(EXIT.failed, 'look at the virtual media page of the BMC, reset the BMC, then deploy again'),
  'E-MEDIA-FETCH': entry(EXIT.failed, 'check that the BMC can reach this machine, or set media.address'),
  'E-MEDIA-EJECT': entry(EXIT.failed, 'eject the virtual media and clear the boot override in the BMC'),
  'E-MEDIA-NOREAD': entry(EXIT.failed, "look at the host's console: it hangs before it boots"),
  'E-BOOT': entry(EXIT.failed, 'look at power and boot settings in the BMC, then deploy again'),
  'E-BOOT-IGNORED': entry(EXIT.failed, 'put the virtual CD first in the boot order of the BIOS, then deploy again'),
  'E-BOOT-LOOP': entry(EXIT.failed, 'put the installation disk first in the boot order of the BIOS, then deploy again'),
  'E-POWER': entry(EXIT.failed, 'switch the machine with its own button or in the BMC, then deploy again'),
  'E-HOST-NOAGENT': entry(
    EXIT.failed,
    "look at the host's console: network, the way to the service, the pull of the agent's image",
  ),
  'E-HOST-EXTRA': entry(
    EXIT.refused,
    'find out who booted this ISO, delete that host at the service, then deploy again',
  ),
  'E-DISK-NONE': entry(
    EXIT.refused,
    'correct rootDeviceHints of this host, or give it a disk that can be installed on',
  ),
  'E-DISK-AMBIGUOUS': entry(EXIT.refused, 'name one of them by rootDeviceHints (wwn or serialNumber) in the inventory'),
  'E-DISK-OTHERS': entry(EXIT.refused, 'add --yes if they may be erased, or take disks.others out of the inventory'),
} as const;

export const CATALOGUE = { ...OWN_ERRORS, ...SERVICE_ERRORS, ...MACHINE_ERRORS };
