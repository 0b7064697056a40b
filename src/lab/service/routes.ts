/** The API's routes: method and path, the body that they take, who answers (assisted-service.md §1). */
import * as actions from './actions.ts';
import * as catalogue from './catalogue.ts';
import * as bodies from './bodies.ts';
import * as clusters from './clusters.ts';
import * as controller from './controller.ts';
import * as downloads from './downloads.ts';
import type { BodySpec } from './fields.ts';
import * as hosts from './hosts.ts';
import * as infraEnvFiles from './infra-env-downloads.ts';
import * as infraEnvs from './infra-envs.ts';
import { getInstallConfig } from './install-config.ts';
import * as manifests from './manifests.ts';
import * as records from './records.ts';
import { registerHost } from './register.ts';
import { takeReply } from './replies.ts';
import { type Call, clusterOf } from './service.ts';
import { reportProgress } from './stages.ts';
import { giveInstructions } from './steps.ts';
import type { Answer } from './wire.ts';

export interface Route {
  method: string;
  /** Below the API's base; `{…_id}` matches one part and has to be a UUID, other names match anything. */
  path: string;
  handle(call: Call): Answer | Promise<Answer>;
  body?: BodySpec;
  /** Downloads: their errors are JSON under application/octet-stream, and `Accept: application/json` is refused. */
  octets?: boolean;
}

const CLUSTER = '/v2/clusters/{cluster_id}';
const INFRA_ENV = '/v2/infra-envs/{infra_env_id}';
const HOST = `${INFRA_ENV}/hosts/{host_id}`;

const noContent = (): Answer => ({ status: 204 });
const list = (items: string[]) => (): Answer => ({ status: 200, json: items });
const ofCluster =
  (answer: (call: Call) => Answer) =>
  (call: Call): Answer => (clusterOf(call), answer(call));

export const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/v2/openshift-versions', handle: catalogue.listVersions },
  { method: 'GET', path: '/v2/component-versions', handle: catalogue.componentVersions },
  { method: 'GET', path: '/v2/support-levels/{kind}', handle: catalogue.supportLevels },
  { method: 'GET', path: '/v2/supported-operators', handle: list([]) },
  { method: 'GET', path: '/v2/events', handle: records.listEvents },
  { method: 'GET', path: '/v2/clusters', handle: clusters.listClusters },
  { method: 'POST', path: '/v2/clusters', handle: clusters.createCluster, body: bodies.NEW_CLUSTER },
  { method: 'GET', path: '/v2/clusters/default-config', handle: catalogue.defaultConfig },
  { method: 'GET', path: CLUSTER, handle: clusters.getCluster },
  { method: 'PATCH', path: CLUSTER, handle: clusters.patchCluster, body: bodies.CLUSTER_UPDATE },
  { method: 'DELETE', path: CLUSTER, handle: actions.deleteCluster },
  { method: 'GET', path: `${CLUSTER}/hosts`, handle: hosts.listClusterHosts },
  { method: 'POST', path: `${CLUSTER}/actions/install`, handle: actions.install },
  { method: 'POST', path: `${CLUSTER}/actions/cancel`, handle: actions.cancel },
  { method: 'POST', path: `${CLUSTER}/actions/reset`, handle: actions.reset },
  { method: 'POST', path: `${CLUSTER}/actions/complete-installation`, handle: controller.completeInstallation },
  { method: 'PUT', path: `${CLUSTER}/progress`, handle: controller.reportFinalizing, body: bodies.FINALIZING },
  { method: 'GET', path: `${CLUSTER}/monitored-operators`, handle: controller.listOperators },
  { method: 'PUT', path: `${CLUSTER}/monitored-operators`, handle: controller.reportOperator, body: bodies.OPERATOR },
  { method: 'POST', path: `${CLUSTER}/uploads/ingress-cert`, handle: controller.uploadIngressCa },
  { method: 'PUT', path: `${CLUSTER}/logs-progress`, handle: controller.reportClusterLogs, body: bodies.LOGS_PROGRESS },
  { method: 'GET', path: `${CLUSTER}/logs`, handle: records.downloadLogs, octets: true },
  { method: 'POST', path: `${CLUSTER}/logs`, handle: records.uploadLogs },
  { method: 'GET', path: `${CLUSTER}/manifests`, handle: manifests.listManifests },
  { method: 'POST', path: `${CLUSTER}/manifests`, handle: manifests.addManifest, body: bodies.MANIFEST },
  { method: 'DELETE', path: `${CLUSTER}/manifests`, handle: manifests.deleteManifest },
  { method: 'GET', path: `${CLUSTER}/manifests/files`, handle: manifests.getManifest, octets: true },
  { method: 'GET', path: `${CLUSTER}/credentials`, handle: downloads.getCredentials },
  { method: 'GET', path: `${CLUSTER}/downloads/credentials`, handle: downloads.downloadCredentials, octets: true },
  { method: 'GET', path: `${CLUSTER}/downloads/files`, handle: downloads.downloadFile, octets: true },
  { method: 'GET', path: `${CLUSTER}/downloads/credentials-presigned`, handle: downloads.presignClusterFile },
  { method: 'GET', path: `${CLUSTER}/downloads/files-presigned`, handle: downloads.presignClusterFile },
  { method: 'GET', path: `${CLUSTER}/install-config`, handle: getInstallConfig },
  { method: 'GET', path: `${CLUSTER}/ignored-validations`, handle: ofCluster(() => ({ status: 200, json: {} })) },
  { method: 'GET', path: `${CLUSTER}/supported-platforms`, handle: ofCluster(list(['none'])) },
  {
    method: 'GET',
    path: `${CLUSTER}/preflight-requirements`,
    handle: (call) => catalogue.requirements(clusterOf(call).openshiftVersion),
  },
  { method: 'GET', path: '/v2/infra-envs', handle: infraEnvs.listInfraEnvs },
  { method: 'POST', path: '/v2/infra-envs', handle: infraEnvs.createInfraEnv, body: bodies.NEW_INFRA_ENV },
  { method: 'GET', path: INFRA_ENV, handle: infraEnvs.getInfraEnv },
  { method: 'PATCH', path: INFRA_ENV, handle: infraEnvs.patchInfraEnv, body: bodies.INFRA_ENV_UPDATE },
  { method: 'DELETE', path: INFRA_ENV, handle: infraEnvs.deleteInfraEnv },
  { method: 'GET', path: `${INFRA_ENV}/downloads/image-url`, handle: infraEnvFiles.getImageUrl },
  { method: 'GET', path: `${INFRA_ENV}/downloads/files`, handle: infraEnvFiles.downloadInfraEnvFile, octets: true },
  { method: 'GET', path: `${INFRA_ENV}/downloads/files-presigned`, handle: infraEnvFiles.presignInfraEnvFile },
  { method: 'GET', path: `${INFRA_ENV}/downloads/minimal-initrd`, handle: noContent, octets: true },
  { method: 'GET', path: `${INFRA_ENV}/hosts`, handle: hosts.listHosts },
  { method: 'POST', path: `${INFRA_ENV}/hosts`, handle: registerHost, body: bodies.NEW_HOST },
  { method: 'GET', path: HOST, handle: hosts.getHost },
  { method: 'PATCH', path: HOST, handle: hosts.patchHost, body: bodies.HOST_UPDATE },
  { method: 'DELETE', path: HOST, handle: hosts.deleteHost },
  { method: 'PATCH', path: `${HOST}/installer-args`, handle: hosts.patchInstallerArgs, body: bodies.INSTALLER_ARGS },
  { method: 'PATCH', path: `${HOST}/ignition`, handle: hosts.patchIgnition, body: bodies.HOST_IGNITION },
  { method: 'GET', path: `${HOST}/instructions`, handle: giveInstructions },
  { method: 'POST', path: `${HOST}/instructions`, handle: takeReply, body: bodies.STEP_REPLY },
  { method: 'PUT', path: `${HOST}/progress`, handle: reportProgress, body: bodies.HOST_PROGRESS },
  { method: 'PUT', path: `${HOST}/logs-progress`, handle: hosts.reportLogs, body: bodies.LOGS_PROGRESS },
  {
    method: 'GET',
    path: '/v2/infra-env/{infra_env_id}/hosts/{host_id}/downloads/ignition',
    handle: downloads.downloadHostIgnition,
    octets: true,
  },
];
