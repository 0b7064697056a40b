/** The API's routes: method and path, who answers, the body that they take (assisted-service.md §1). */
import * as actions from './actions.ts';
import * as bodies from './bodies.ts';
import { componentVersions, listVersions } from './catalogue.ts';
import * as clusters from './clusters.ts';
import * as controller from './controller.ts';
import * as downloads from './downloads.ts';
import type { BodySpec } from './fields.ts';
import * as others from './for-others.ts';
import * as hosts from './hosts.ts';
import * as infraEnvs from './infra-envs.ts';
import * as manifests from './manifests.ts';
import { downloadLogs, listEvents } from './records.ts';
import { registerHost } from './register.ts';
import { takeReply } from './replies.ts';
import type { Call } from './service.ts';
import { reportProgress } from './stages.ts';
import { giveInstructions } from './steps.ts';
import type { Answer } from './wire.ts';

export type Handler = (call: Call) => Answer | Promise<Answer>;

const CLUSTER = '/v2/clusters/{cluster_id}';
const INFRA_ENV = '/v2/infra-envs/{infra_env_id}';
const HOST = `${INFRA_ENV}/hosts/{host_id}`;

/** Path below the API's base → method → handler and body. `{…_id}` matches one part of a path and has to be a UUID. */
export const ROUTES: Readonly<Record<string, Readonly<Record<string, readonly [Handler, BodySpec?]>>>> = {
  '/v2/openshift-versions': { GET: [listVersions] },
  '/v2/component-versions': { GET: [componentVersions] },
  '/v2/support-levels/features': {
    GET: [
      others.supportLevels({ features: { SNO: 'supported', FULL_ISO: 'supported', CUSTOM_MANIFEST: 'supported' } }),
    ],
  },
  '/v2/support-levels/architectures': {
    GET: [others.supportLevels({ architectures: { X86_64_ARCHITECTURE: 'supported' } })],
  },
  '/v2/supported-operators': { GET: [() => ({ status: 200, json: [] })] },
  '/v2/clusters/default-config': { GET: [others.defaultConfig] },
  '/v2/events': { GET: [listEvents] },
  '/v2/clusters': { GET: [clusters.listClusters], POST: [clusters.createCluster, bodies.NEW_CLUSTER] },
  [CLUSTER]: {
    GET: [clusters.getCluster],
    PATCH: [clusters.patchCluster, bodies.CLUSTER_UPDATE],
    DELETE: [clusters.deleteCluster],
  },
  [`${CLUSTER}/hosts`]: { GET: [hosts.listClusterHosts] },
  [`${CLUSTER}/actions/install`]: { POST: [actions.install] },
  [`${CLUSTER}/actions/cancel`]: { POST: [actions.cancel] },
  [`${CLUSTER}/actions/reset`]: { POST: [actions.reset] },
  [`${CLUSTER}/actions/complete-installation`]: { POST: [controller.completeInstallation] },
  [`${CLUSTER}/progress`]: { PUT: [controller.reportFinalizing, bodies.FINALIZING] },
  [`${CLUSTER}/monitored-operators`]: {
    GET: [controller.listOperators],
    PUT: [controller.reportOperator, bodies.OPERATOR],
  },
  [`${CLUSTER}/uploads/ingress-cert`]: { POST: [controller.uploadIngressCa] },
  [`${CLUSTER}/logs-progress`]: { PUT: [controller.reportLogs, bodies.LOGS_PROGRESS] },
  [`${CLUSTER}/logs`]: { GET: [downloadLogs], POST: [controller.uploadLogs] },
  [`${CLUSTER}/manifests`]: { GET: [manifests.listManifests], POST: [manifests.addManifest, bodies.MANIFEST] },
  [`${CLUSTER}/manifests/files`]: { GET: [manifests.getManifest] },
  [`${CLUSTER}/credentials`]: { GET: [downloads.getCredentials] },
  [`${CLUSTER}/downloads/credentials`]: { GET: [downloads.downloadCredentials] },
  [`${CLUSTER}/downloads/files`]: { GET: [downloads.downloadFile] },
  [`${CLUSTER}/downloads/credentials-presigned`]: { GET: [others.presignClusterFile] },
  [`${CLUSTER}/downloads/files-presigned`]: { GET: [others.presignClusterFile] },
  [`${CLUSTER}/install-config`]: { GET: [others.getInstallConfig] },
  [`${CLUSTER}/ignored-validations`]: { GET: [others.ofCluster({})] },
  [`${CLUSTER}/supported-platforms`]: { GET: [others.ofCluster(['none'])] },
  [`${CLUSTER}/preflight-requirements`]: { GET: [others.requirements] },
  '/v2/infra-envs': { GET: [infraEnvs.listInfraEnvs], POST: [infraEnvs.createInfraEnv, bodies.NEW_INFRA_ENV] },
  [INFRA_ENV]: {
    GET: [infraEnvs.getInfraEnv],
    PATCH: [infraEnvs.patchInfraEnv, bodies.INFRA_ENV_UPDATE],
    DELETE: [infraEnvs.deleteInfraEnv],
  },
  [`${INFRA_ENV}/downloads/image-url`]: { GET: [infraEnvs.getImageUrl] },
  [`${INFRA_ENV}/downloads/files`]: { GET: [others.downloadInfraEnvFile] },
  [`${INFRA_ENV}/downloads/files-presigned`]: { GET: [others.presignInfraEnvFile] },
  [`${INFRA_ENV}/downloads/minimal-initrd`]: { GET: [() => ({ status: 204 })] },
  [`${INFRA_ENV}/hosts`]: { GET: [hosts.listHosts], POST: [registerHost, bodies.NEW_HOST] },
  [HOST]: { GET: [hosts.getHost], PATCH: [hosts.patchHost, bodies.HOST_UPDATE], DELETE: [hosts.deleteHost] },
  [`${HOST}/instructions`]: { GET: [giveInstructions], POST: [takeReply, bodies.STEP_REPLY] },
  [`${HOST}/progress`]: { PUT: [reportProgress, bodies.HOST_PROGRESS] },
  [`${HOST}/logs-progress`]: { PUT: [controller.reportLogs, bodies.LOGS_PROGRESS] },
  [`${HOST.replace('envs', 'env')}/downloads/ignition`]: { GET: [downloads.downloadHostIgnition] },
};

/** Downloads: their errors are JSON under application/octet-stream, and `Accept: application/json` is refused. */
export const OCTETS = /\/(logs|manifests\/files|downloads\/(credentials|files|ignition|minimal-initrd))$/;
