/** The discovery ignition of an infra-env: spec 3.1.0 with the units and files of the manual procedure (assisted-service.md §5, the seed). */
import { AGENT_IMAGE } from './catalogue.ts';
import { ASSISTED_TE, BASE_FILES, NETWORK_SCRIPT, NETWORK_UNIT, SELINUX_UNIT } from './ignition-texts.ts';
import type { IgnitionDocument, IgnitionFile } from './ignition-types.ts';
import type { Service } from './service.ts';
import type { InfraEnv } from './state.ts';
import { networkFiles } from './static-network.ts';

/** The document for the infra-env as it is now; its agent calls the service at the current base URL. */
export function discoveryIgnition(service: Service, infraEnv: InfraEnv): IgnitionDocument {
  const networks = infraEnv.static_network_config;
  const keys = infraEnv.ssh_authorized_key.split('\n').filter((line) => line.trim());
  const user = { groups: ['sudo'], name: 'core', passwordHash: '!', sshAuthorizedKeys: keys };
  const units = { 'agent.service': agentUnit(service, infraEnv), 'selinux.service': SELINUX_UNIT };
  const networkUnit = networks.length ? { 'pre-network-manager-config.service': NETWORK_UNIT } : {};
  const script = file('/usr/local/bin/pre-network-manager-config.sh', 0o755, NETWORK_SCRIPT);
  const files = [
    ...BASE_FILES.map(([path, mode, text]) => file(path, mode, text)),
    file('/root/.docker/config.json', 0o644, infraEnv.pullSecret),
    file('/root/assisted.te', 0o644, ASSISTED_TE),
    ...(networks.length ? [script] : []),
    ...networks.flatMap(networkFiles).map(([path, text]) => file(path, 0o600, text)),
  ];
  const document: IgnitionDocument = {
    ignition: { version: '3.1.0' },
    passwd: { users: keys.length ? [user] : [] },
    systemd: {
      units: Object.entries({ ...units, ...networkUnit }).map(([name, contents]) => ({
        name,
        enabled: true,
        contents,
      })),
    },
    storage: { files },
  };
  return service.lab.faults.at('service.ignition', subjectOf(service, infraEnv), document);
}

/** The name under which faults are armed for the infra-env's cluster. */
export function subjectOf(service: Service, infraEnv: InfraEnv): string {
  return service.world.clusters[infraEnv.cluster_id]?.name ?? 'service';
}

/** The agent sends the pull secret's cloud.openshift.com token as X-Secret-Key. */
function agentUnit(service: Service, infraEnv: InfraEnv): string {
  const { auths } = JSON.parse(infraEnv.pullSecret) as { auths: Record<string, { auth?: string }> };
  const agent = `/usr/local/bin/agent --url ${service.baseUrl} --infra-env-id ${infraEnv.id}`;
  return `[Service]
Type=simple
Restart=always
RestartSec=3
StartLimitInterval=0
Environment=PULL_SECRET_TOKEN=${auths['cloud.openshift.com']?.auth ?? ''}
TimeoutStartSec=180
ExecStartPre=/usr/local/bin/agent-fix-bz1964591 ${AGENT_IMAGE}
ExecStartPre=/usr/local/bin/agent-pull-image ${AGENT_IMAGE}
ExecStartPre=podman run --privileged --rm -v /usr/local/bin:/hostbin ${AGENT_IMAGE} cp /usr/bin/agent /hostbin
ExecStart=${agent} --agent-version ${AGENT_IMAGE} --insecure=false

[Unit]
Wants=network-online.target
After=network-online.target

[Install]
WantedBy=multi-user.target
`;
}

function file(path: string, mode: number, text: string): IgnitionFile {
  const contents = { source: `data:,${encodeURIComponent(text)}` };
  return { overwrite: true, path, mode, user: { name: 'root' }, contents };
}
