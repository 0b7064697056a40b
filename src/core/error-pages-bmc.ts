/** Pages of errors between snoboot and a BMC, and of whose machine it is. */
import type { ErrorPage } from './error-page.ts';

const ROOT = [
  'curl -k https://BMC/redfish/v1/',
  'JSON with RedfishVersion: it is a BMC, and it answers this machine',
] as const;
const PROBE = ['snoboot probe FILE', 'maker, serial number, system and slot of every BMC; nothing is written'] as const;

export const BMC_PAGES = {
  'E-BMC-UNREACH': {
    means: 'The BMC does not answer, or not to the end, though it was asked for minutes.',
    causes: [
      'a wrong address or port',
      'no route or a firewall to the management network',
      'the BMC restarts or hangs',
    ],
    checks: [ROOT, ['ping BMC', 'whether the address is alive at all']],
    remedy: ['A BMC that hangs comes back after a reset of the BMC, or without power for a minute.'],
  },
  'E-BMC-AUTH': {
    means: 'The BMC does not take user name or password, or wants the password changed first.',
    causes: [
      'a wrong or expired password',
      'an account that is locked after too many attempts',
      'a new BMC that demands a change of its default password',
    ],
    checks: [
      [
        'curl -k -u USER https://BMC/redfish/v1/Systems',
        '200: the login is right; 401: it is not; 403: change the password',
      ],
    ],
    remedy: ['It was tried once only, so that the account is not locked: correct it before the next run.'],
  },
  'E-BMC-TLS': {
    means: 'The certificate of the BMC is not the one that is trusted.',
    causes: [
      'a self-signed certificate that nobody has pinned',
      'the certificate was renewed, or the BMC replaced',
      'another machine answers at this address',
    ],
    checks: [
      [
        'openssl s_client -connect BMC:443 </dev/null | openssl x509 -noout -fingerprint -sha256',
        'its fingerprint: compare it with what the BMC shows on its own page',
      ],
    ],
    remedy: ['Do so only when you know why it is another one.'],
  },
  'E-BMC-PROTO': {
    means: 'What answers is not the Redfish that snoboot can work with, or not exactly one machine matches.',
    causes: [
      'an address of something else than a BMC',
      'a BMC with several machines behind it',
      'a BMC that is just starting, or whose firmware is very old',
    ],
    checks: [ROOT, ['curl -k -u USER https://BMC/redfish/v1/Systems', 'the machines behind it']],
    remedy: ['For several machines: redfish-virtualmedia+https://BMC/redfish/v1/Systems/1'],
  },
  'E-BMC-ORIGIN': {
    means: 'The BMC points to another address than the one it was asked at; nothing was sent there.',
    causes: ['a reverse proxy or port forwarding in between', 'a BMC that redirects to its DNS name'],
    checks: [['curl -kI https://BMC/redfish/v1/', 'the Location that it names']],
    remedy: [],
  },
  'E-BMC-REFUSED': {
    means: 'The BMC understood, and refused: the message is its own.',
    causes: [
      'the account may only read',
      'a licence for virtual media is missing',
      'the BMC is in a state in which this cannot be done',
    ],
    checks: [PROBE, ['curl -k -u USER https://BMC/redfish/v1/AccountService/Roles', 'what the roles may do']],
    remedy: [],
  },
  'E-BMC-NO-SLOT': {
    means: 'No virtual media slot of this BMC takes an image by URL.',
    causes: [
      'virtual media are switched off',
      'the licence for them is missing (iLO Advanced, XCC Advanced, SFT-OOB-LIC)',
      'a firmware that knows no Redfish virtual media',
    ],
    checks: [
      PROBE,
      ['curl -k -u USER https://BMC/redfish/v1/Managers', 'the manager, whose VirtualMedia lists the slots'],
    ],
    remedy: [],
  },
  'E-PROTECTED': {
    means: 'The machine is protected: it is refused whatever the flags say.',
    causes: [
      '`protected: true` of the host, or of one of its groups',
      'a line of a list protected-hosts names it: address, network, host name, serial number, UUID or MAC address',
    ],
    checks: [
      [
        'cat ~/.local/state/snoboot/protected-hosts /etc/snoboot/protected-hosts',
        'the lists; --state-dir adds one of its own',
      ],
      ['snoboot validate FILE', 'the inventory as it is read'],
    ],
    remedy: ['To go on with the others: `snoboot deploy FILE --limit PATTERN`.'],
  },
  'E-IDENT': {
    means:
      'The machine behind the BMC, or the one that booted, is not the one of the inventory. Nothing was written to it.',
    causes: [
      'a BMC address that belongs to another machine',
      'swapped cables',
      'a machine or board that was replaced, or a certificate that was renewed, since the BMC was pinned',
      'a slip in serial number, UUID or MAC address',
    ],
    checks: [PROBE, ['snoboot probe FILE --suggest', 'the lines for the inventory as the machine shows them']],
    remedy: [
      'If the machine, its board or its certificate was replaced on purpose: remove the file in `known-bmcs` that the message names.',
      '--yes and --accept-new never waive this: the inventory has to be right.',
    ],
  },
  'E-IDENT-NEW': {
    means:
      'This BMC was never met before, the inventory names no identifier of its machine, and nobody is there to be asked.',
    causes: ['the first unattended run with this machine', 'another --state-dir, or another computer, than before'],
    checks: [PROBE],
    remedy: ['Or put `serialNumber` of the machine into the inventory: then nobody has to vouch for it.'],
  },
} as const satisfies Record<string, ErrorPage>;
