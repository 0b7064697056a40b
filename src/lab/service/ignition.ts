/** The discovery ignition of an infra-env: spec 3.1.0 with the units and files of the manual procedure (assisted-service.md §5, the seed). */
import { AGENT_IMAGE } from './catalogue.ts';
import type { IgnitionDocument, IgnitionFile, IgnitionUnit } from './ignition-types.ts';
import { AGENT_FIX, ASSISTED_TE, IPV6_CONF, MOTD, NETWORK_SCRIPT, PULL_IMAGE } from './ignition-texts.ts';
import type { Service } from './service.ts';
import type { InfraEnv } from './state.ts';
import { networkFiles } from './static-network.ts';

/** The document for the infra-env as it is now; its agent calls the service at the current base URL. */
export function discoveryIgnition(service: Service, infraEnv: InfraEnv): IgnitionDocument {
  const hasNetwork = infraEnv.staticNetwork.length > 0;
  const keys = infraEnv.sshKey.split('\n').filter((line) => line.trim());
  const user = { groups: ['sudo'], name: 'core', passwordHash: '!', sshAuthorizedKeys: keys };
  const document: IgnitionDocument = {
    ignition: { version: '3.1.0' },
    passwd: { users: keys.length ? [user] : [] },
    systemd: { units: [agentUnit(service, infraEnv), SELINUX_UNIT, ...(hasNetwork ? [NETWORK_UNIT] : [])] },
    storage: { files: [...baseFiles(infraEnv.pullSecret), ...(hasNetwork ? staticFiles(infraEnv) : [])] },
  };
  return service.lab.faults.at('service.ignition', subjectOf(service, infraEnv), document);
}

/** The name under which faults are armed for the infra-env's cluster. */
export function subjectOf(service: Service, infraEnv: InfraEnv): string {
  return service.world.clusters[infraEnv.clusterId]?.name ?? 'service';
}

/** What the agent sends as X-Secret-Key: the cloud.openshift.com token, if the pull secret has one. */
function secretToken(pullSecret: string): string {
  const { auths } = JSON.parse(pullSecret) as { auths: Record<string, { auth?: string }> };
  return auths['cloud.openshift.com']?.auth ?? '';
}

function agentUnit(service: Service, infraEnv: InfraEnv): IgnitionUnit {
  const agent = `/usr/local/bin/agent --url ${service.baseUrl} --infra-env-id ${infraEnv.id}`;
  const contents = `[Service]
Type=simple
Restart=always
RestartSec=3
StartLimitInterval=0
Environment=HTTP_PROXY=
Environment=http_proxy=
Environment=HTTPS_PROXY=
Environment=https_proxy=
Environment=NO_PROXY=
Environment=no_proxy=
Environment=PULL_SECRET_TOKEN=${secretToken(infraEnv.pullSecret)}
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
  return { name: 'agent.service', enabled: true, contents };
}

const SELINUX_UNIT: IgnitionUnit = {
  name: 'selinux.service',
  enabled: true,
  contents: `[Service]
Type=oneshot
ExecStartPre=checkmodule -M -m -o /root/assisted.mod /root/assisted.te
ExecStartPre=semodule_package -o /root/assisted.pp -m /root/assisted.mod
ExecStart=semodule -i /root/assisted.pp

[Install]
WantedBy=multi-user.target
`,
};

const NETWORK_UNIT: IgnitionUnit = {
  name: 'pre-network-manager-config.service',
  enabled: true,
  contents: `[Unit]
Description=Prepare network manager config content
Before=NetworkManager.service
DefaultDependencies=no

[Service]
User=root
Type=oneshot
TimeoutSec=60
ExecStart=/bin/bash /usr/local/bin/pre-network-manager-config.sh
PrivateTmp=true
RemainAfterExit=no

[Install]
WantedBy=multi-user.target
`,
};

function baseFiles(pullSecret: string): IgnitionFile[] {
  return [
    file('/usr/local/bin/agent-fix-bz1964591', 493, AGENT_FIX),
    file('/usr/local/bin/agent-pull-image', 493, PULL_IMAGE),
    file('/etc/motd', 420, MOTD),
    file('/etc/NetworkManager/conf.d/01-ipv6.conf', 420, IPV6_CONF),
    file('/root/.docker/config.json', 420, pullSecret),
    file('/root/assisted.te', 420, ASSISTED_TE),
  ];
}

function staticFiles(infraEnv: InfraEnv): IgnitionFile[] {
  const script = file('/usr/local/bin/pre-network-manager-config.sh', 493, NETWORK_SCRIPT);
  const files = infraEnv.staticNetwork.flatMap((host, i) => networkFiles(host, i));
  return [script, ...files.map(([path, text]) => file(path, 384, text))];
}

function file(path: string, mode: number, text: string): IgnitionFile {
  return {
    overwrite: true,
    path,
    mode,
    user: { name: 'root' },
    contents: { source: `data:,${encodeURIComponent(text)}` },
  };
}
