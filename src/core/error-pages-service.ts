/** Pages of errors between snoboot and the assisted-service, and of the ISO that it makes. */
import type { ErrorPage } from './error-page.ts';

const ASK = 'curl -sS SERVICE/api/assisted-install/v2/component-versions';

export const SERVICE_PAGES = {
  'E-SVC-UNREACH': {
    means: 'The assisted-service, or the place that issues its tokens, did not answer in minutes of asking.',
    causes: [
      'it is down or restarts',
      'name, port or route are wrong',
      'a proxy in between: HTTPS_PROXY, NO_PROXY',
      'a certificate that service.caFile does not vouch for',
    ],
    checks: [
      [ASK, 'its version: then it is there for this machine'],
      ['openssl s_client -connect SERVICE:443 -showcerts', 'who issued its certificate'],
    ],
    remedy: ['An installation that runs goes on without snoboot: deploying again watches on.'],
  },
  'E-SVC-AUTH': {
    means: 'The service does not accept the login, or the offline token is not valid any more.',
    causes: ['an offline token that expired (unused for 30 days) or was revoked', 'a token of another account'],
    checks: [['snoboot validate FILE', 'where the inventory takes the token from']],
    remedy: ['A new offline token: https://console.redhat.com/openshift/token'],
  },
  'E-SVC-PROTO': {
    means: 'What answers at service.url is no assisted-service, or one of another version.',
    causes: [
      'a path behind service.url: only scheme, host and port belong there',
      'the URL of its web page instead of its API',
      'a proxy that answers by itself',
    ],
    checks: [[ASK, 'JSON with release_tag: an assisted-service']],
    remedy: ['Over a proxy: put the service into NO_PROXY, or name the right one.'],
  },
  'E-SVC-REFUSED': {
    means: 'The service understood, and refused: the message is its own.',
    causes: [
      'a version of OpenShift that it does not offer',
      'a field under `assisted:` that it does not know, or a value that it does not take',
      'a cluster in a state in which this cannot be done',
    ],
    checks: [
      ['curl -sS SERVICE/api/assisted-install/v2/openshift-versions', 'the versions that it offers'],
      ['snoboot status FILE --live', 'the state of the cluster in its own words'],
    ],
    remedy: ['After a change of what a cluster is made of: `snoboot deploy FILE --replace`.'],
  },
  'E-SVC-GONE': {
    means: 'A cluster or host that this run made is no longer at the service.',
    causes: [
      'somebody deleted it',
      'the service lost its data, or is another one',
      'a service that deletes what was not used for weeks',
    ],
    checks: [['snoboot status FILE --live', 'what the service knows of this inventory']],
    remedy: ['Deploying again makes what is missing anew.'],
  },
  'E-SVC-EXISTS': {
    means: 'The service holds a cluster of this name that snoboot did not make, or several.',
    causes: [
      'somebody made it by hand or with another tool',
      'two inventories with the same cluster name at one service',
    ],
    checks: [['snoboot status FILE --live', 'what is there, and since when']],
    remedy: ['Delete it there if it is yours and not needed, or give your cluster another name.'],
  },
  'E-ISO-FETCH': {
    means: 'The discovery ISO could not be downloaded from the image service.',
    causes: [
      'the image service is down, or still makes the image',
      'its address is another one than that of the service, and there is no route or proxy to it',
      'the download is slower than the deadline allows',
    ],
    checks: [['snoboot status FILE --live', 'whether the service itself is well']],
    remedy: ['A download that broke off goes on where it ended.'],
  },
  'E-ISO-FORMAT': {
    means: 'What the image service gave is no ISO image.',
    causes: ['a proxy or login page answered instead', 'the image service gave an error with status 200'],
    checks: [['file .snoboot/runs/*/*.iso*', 'what came down']],
    remedy: ['Put the image service into NO_PROXY if a proxy answers in its place.'],
  },
  'E-ISO-PROOF': {
    means: "The ISO's own ignition is not what this inventory asks for, so no BMC was given it.",
    causes: [
      'the infra-env at the service was changed by somebody',
      'network or key of the inventory were changed after the infra-env was made',
      'the image service gave the ISO of another infra-env',
    ],
    checks: [
      ['snoboot plan FILE', 'what would be made from the inventory'],
      ['snoboot status FILE --live', 'what the service holds now'],
    ],
    remedy: ['Nothing was written to any BMC.'],
  },
} as const satisfies Record<string, ErrorPage>;
