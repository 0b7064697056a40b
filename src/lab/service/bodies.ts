/** The bodies that the calls take: known fields, types, patterns (assisted-service.md §1.5 to §1.8, §3). */
import type { BodySpec, Field, Fields } from './fields.ts';
import { MANIFEST_NAME } from './manifests.ts';
import { STAGE_NAMES } from './stages.ts';

const body = (parameter: string, model: string, fields: Fields): BodySpec => ({ parameter, model, fields });
/** Fields of one type, their names with spaces between. */
const all = (type: Field['type'], names: string): Fields =>
  Object.fromEntries(names.split(' ').map((name) => [name, { type }]));
const REQUIRED: Field = { type: 'string', required: true };

const CIDR =
  '^(?:(?:(?:[0-9]{1,3}\\.){3}[0-9]{1,3}\\/(?:(?:[0-9])|(?:[1-2][0-9])|(?:3[0-2])))|(?:(?:[0-9a-fA-F]*:[0-9a-fA-F]*){2,})/(?:(?:[0-9])|(?:[1-9][0-9])|(?:1[0-1][0-9])|(?:12[0-8])))$';
const NETWORKS: Field = {
  type: 'array',
  of: { cidr: { type: 'string', pattern: CIDR }, ...all('string', 'cluster_id'), ...all('int64', 'host_prefix') },
};

const CLUSTER: Fields = {
  ...all('string', 'base_dns_domain ssh_public_key tags cluster_network_cidr service_network_cidr hyperthreading'),
  ...all('string', 'http_proxy https_proxy no_proxy additional_ntp_source ntp_sources'),
  ...all('bool', 'vip_dhcp_allocation user_managed_networking schedulable_masters'),
  ...all('array', 'api_vips ingress_vips olm_operators operator_bundles'),
  ...all('object', 'platform disk_encryption ignition_endpoint load_balancer'),
  ...all('int64', 'cluster_network_host_prefix control_plane_count'),
  cluster_networks: NETWORKS,
  service_networks: NETWORKS,
  machine_networks: NETWORKS,
  network_type: { type: 'string', oneOf: ['OpenShiftSDN', 'OVNKubernetes', 'CiscoACI', 'Cilium', 'Calico', 'None'] },
};

export const NEW_CLUSTER = body('newClusterParams', 'ClusterCreateParams', {
  ...CLUSTER,
  name: { type: 'string', required: true, max: 54 },
  openshift_version: REQUIRED,
  pull_secret: REQUIRED,
  ...all('string', 'ocp_release_image'),
  high_availability_mode: { type: 'string', oneOf: ['Full', 'None'] },
  cpu_architecture: { type: 'string', oneOf: ['x86_64', 'aarch64', 'arm64', 'ppc64le', 's390x', 'multi'] },
});

export const CLUSTER_UPDATE = body('clusterUpdateParams', 'V2ClusterUpdateParams', {
  ...CLUSTER,
  ...all('string', 'name pull_secret api_vip_dns_name machine_network_cidr'),
});

const MAC = '^([0-9A-Fa-f]{2}[:]){5}([0-9A-Fa-f]{2})$';
const MAC_MAP: Fields = { mac_address: { type: 'string', pattern: MAC }, ...all('string', 'logical_nic_name') };

const INFRA_ENV: Fields = {
  ...all('object', 'proxy'),
  ...all('string', 'additional_ntp_sources ntp_sources ssh_authorized_key pull_secret rendezvous_ip openshift_version'),
  ...all('string', 'ignition_config_override additional_trust_bundle'),
  ...all('int64', 'network_discovery_delay_seconds'),
  static_network_config: {
    type: 'array',
    of: { ...all('string', 'network_yaml'), mac_interface_map: { type: 'array', of: MAC_MAP } },
  },
  image_type: { type: 'string', oneOf: ['full-iso', 'minimal-iso', 'disconnected-iso'] },
  kernel_arguments: { type: 'array', of: all('string', 'operation value') },
};

export const NEW_INFRA_ENV = body('infraenvCreateParams', 'InfraEnvCreateParams', {
  ...INFRA_ENV,
  name: REQUIRED,
  pull_secret: REQUIRED,
  cluster_id: { type: 'uuid' },
  ...all('string', 'cpu_architecture'),
});
export const INFRA_ENV_UPDATE = body('infraEnvUpdateParams', 'InfraEnvUpdateParams', INFRA_ENV);

export const NEW_HOST = body('newHostParams', 'HostCreateParams', {
  host_id: { type: 'uuid', required: true },
  ...all('string', 'discovery_agent_version'),
});
export const HOST_UPDATE = body('hostUpdateParams', 'HostUpdateParams', {
  host_role: { type: 'string', oneOf: ['auto-assign', 'master', 'arbiter', 'worker'] },
  disks_selected_config: { type: 'array', of: all('string', 'id role') },
  disks_skip_formatting: { type: 'array', of: { ...all('string', 'disk_id'), ...all('bool', 'skip_formatting') } },
  ...all('string', 'host_name machine_config_pool_name ignition_endpoint_token'),
  ...all('array', 'ignition_endpoint_http_headers node_labels'),
});
export const INSTALLER_ARGS = body('installerArgsParams', 'InstallerArgsParams', all('array', 'args'));
export const HOST_IGNITION = body('hostIgnitionParams', 'HostIgnitionParams', all('string', 'config'));
export const STEP_REPLY = body('reply', 'StepReply', {
  ...all('string', 'step_type step_id output error'),
  ...all('int64', 'exit_code'),
});
export const HOST_PROGRESS = body('hostProgress', 'HostProgress', {
  current_stage: { type: 'string', required: true, oneOf: STAGE_NAMES },
  ...all('string', 'progress_info'),
});
export const LOGS_PROGRESS = body('logsProgressParams', 'LogsProgressParams', {
  logs_state: { type: 'string', required: true, oneOf: ['requested', 'collecting', 'completed', 'timeout', ''] },
});
export const MANIFEST = body('createManifestParams', 'CreateManifestParams', {
  folder: { type: 'string', oneOf: ['manifests', 'openshift'] },
  file_name: { type: 'string', required: true, pattern: MANIFEST_NAME },
  content: REQUIRED,
});
export const OPERATOR = body('reportParams', 'OperatorMonitorReport', all('string', 'name status status_info version'));
export const FINALIZING = body('clusterProgress', 'ClusterFinalizingProgress', { finalizing_stage: REQUIRED });
