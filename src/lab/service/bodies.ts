/** The bodies that the calls take: known fields, types, patterns (assisted-service.md §1.5 to §1.8, §3). */
import type { BodySpec, Fields } from './fields.ts';
import { MANIFEST_NAME } from './manifests.ts';
import { STAGE_NAMES } from './stages.ts';

const CIDR =
  '^(?:(?:(?:[0-9]{1,3}\\.){3}[0-9]{1,3}\\/(?:(?:[0-9])|(?:[1-2][0-9])|(?:3[0-2])))|(?:(?:[0-9a-fA-F]*:[0-9a-fA-F]*){2,})/(?:(?:[0-9])|(?:[1-9][0-9])|(?:1[0-1][0-9])|(?:12[0-8])))$';

const RULES = {
  cidr: CIDR,
  mac_address: '^([0-9A-Fa-f]{2}[:]){5}([0-9A-Fa-f]{2})$',
  file_name: MANIFEST_NAME,
  folder: ['manifests', 'openshift'],
  cpu_architecture: ['x86_64', 'aarch64', 'arm64', 'ppc64le', 's390x', 'multi'],
  high_availability_mode: ['Full', 'None'],
  image_type: ['full-iso', 'minimal-iso', 'disconnected-iso'],
  host_role: ['auto-assign', 'master', 'arbiter', 'worker'],
  current_stage: STAGE_NAMES,
  logs_state: ['requested', 'collecting', 'completed', 'timeout', ''],
};

const body = (parameter: string, model: string, fields: Fields): BodySpec => ({
  parameter,
  model,
  fields,
  rules: RULES,
});
/** Fields of one type, their names with spaces between. */
const all = (type: string, names: string): Fields => Object.fromEntries(names.split(' ').map((name) => [name, type]));

const NETWORKS: Fields = { cidr: 'string', cluster_id: 'string', host_prefix: 'int64' };
const CLUSTER: Fields = {
  ...all('string', 'base_dns_domain ssh_public_key tags http_proxy https_proxy no_proxy additional_ntp_source'),
  ...all('string', 'hyperthreading network_type'),
  ...all('bool', 'vip_dhcp_allocation user_managed_networking schedulable_masters'),
  ...all('array', 'api_vips ingress_vips olm_operators'),
  ...all('object', 'platform disk_encryption'),
  control_plane_count: 'int64',
  cluster_networks: NETWORKS,
  service_networks: NETWORKS,
  machine_networks: NETWORKS,
};
const INFRA_ENV: Fields = {
  ...all('string', 'additional_ntp_sources ssh_authorized_key pull_secret openshift_version image_type'),
  proxy: 'object',
  static_network_config: {
    network_yaml: 'string',
    mac_interface_map: { mac_address: 'string', logical_nic_name: 'string' },
  },
  kernel_arguments: { operation: 'string', value: 'string' },
};

export const NEW_CLUSTER = body('newClusterParams', 'ClusterCreateParams', {
  ...CLUSTER,
  ...all('string!', 'name openshift_version pull_secret'),
  ...all('string', 'high_availability_mode cpu_architecture'),
});
export const CLUSTER_UPDATE = body('clusterUpdateParams', 'V2ClusterUpdateParams', {
  ...CLUSTER,
  ...all('string', 'name pull_secret'),
});
export const NEW_INFRA_ENV = body('infraenvCreateParams', 'InfraEnvCreateParams', {
  ...INFRA_ENV,
  ...all('string!', 'name pull_secret'),
  cluster_id: 'uuid',
  cpu_architecture: 'string',
});
export const INFRA_ENV_UPDATE = body('infraEnvUpdateParams', 'InfraEnvUpdateParams', INFRA_ENV);
export const NEW_HOST = body('newHostParams', 'HostCreateParams', {
  host_id: 'uuid!',
  discovery_agent_version: 'string',
});
export const HOST_UPDATE = body('hostUpdateParams', 'HostUpdateParams', {
  ...all('string', 'host_name host_role'),
  disks_selected_config: { id: 'string', role: 'string' },
  disks_skip_formatting: { disk_id: 'string', skip_formatting: 'bool' },
});
export const STEP_REPLY = body('reply', 'StepReply', {
  ...all('string', 'step_type step_id output error'),
  exit_code: 'int64',
});
export const HOST_PROGRESS = body('hostProgress', 'HostProgress', {
  current_stage: 'string!',
  progress_info: 'string',
});
export const LOGS_PROGRESS = body('logsProgressParams', 'LogsProgressParams', { logs_state: 'string!' });
export const MANIFEST = body('createManifestParams', 'CreateManifestParams', {
  folder: 'string',
  ...all('string!', 'file_name content'),
});
export const OPERATOR = body('reportParams', 'OperatorMonitorReport', all('string', 'name status status_info version'));
export const FINALIZING = body('clusterProgress', 'ClusterFinalizingProgress', { finalizing_stage: 'string!' });
