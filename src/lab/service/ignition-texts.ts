/** The texts in the discovery ignition that are the same for every infra-env; written for the lab. */

export const SELINUX_UNIT = `[Service]
Type=oneshot
ExecStartPre=checkmodule -M -m -o /root/assisted.mod /root/assisted.te
ExecStartPre=semodule_package -o /root/assisted.pp -m /root/assisted.mod
ExecStart=semodule -i /root/assisted.pp

[Install]
WantedBy=multi-user.target
`;

export const NETWORK_UNIT = `[Unit]
Description=Prepare network manager config content
Before=NetworkManager.service
DefaultDependencies=no

[Service]
Type=oneshot
ExecStart=/bin/bash /usr/local/bin/pre-network-manager-config.sh

[Install]
WantedBy=multi-user.target
`;

/** An image without layers, left by a pull that was cut short, is removed so that it is pulled anew. */
const AGENT_FIX = `#!/usr/bin/sh
podman image exists "$1" && ! podman run --rm --entrypoint /bin/true "$1" && podman rmi --force "$1"
exit 0
`;
const PULL_IMAGE = '#!/usr/bin/sh\npodman image exists "$1" || podman pull "$1"\n';
const MOTD =
  '\n** This host is being discovered for an OpenShift installation; journalctl -u agent.service shows how.\n';

export const BASE_FILES: readonly (readonly [path: string, mode: number, text: string])[] = [
  ['/usr/local/bin/agent-fix-bz1964591', 0o755, AGENT_FIX],
  ['/usr/local/bin/agent-pull-image', 0o755, PULL_IMAGE],
  ['/etc/motd', 0o644, MOTD],
  ['/etc/NetworkManager/conf.d/01-ipv6.conf', 0o644, '[connection]\nipv6.dhcp-iaid=mac\nipv6.dhcp-duid=ll\n'],
];

export const ASSISTED_TE = `module assisted 1.0;
require {
	type chronyd_t;
	type container_file_t;
	class dir search;
	class sock_file write;
}
allow chronyd_t container_file_t:dir search;
allow chronyd_t container_file_t:sock_file write;
`;

/** Finds the folder whose MAC addresses are this machine's, and applies the state in it. */
export const NETWORK_SCRIPT = `#!/bin/bash
for folder in /etc/assisted/network/host*; do
  while IFS='=' read -r mac name; do
    if grep -qi "$mac" /sys/class/net/*/address; then
      mkdir -p /etc/nmstate && cp "$folder"/ymlFile*.yml /etc/nmstate/ && nmstatectl service
      exit 0
    fi
  done < "$folder/mac_interface.ini"
done
`;
