/** The texts of the files in the discovery ignition that are the same for every infra-env; written for the lab. */

export const AGENT_FIX = `#!/usr/bin/sh
# A pull that was cut short leaves an image without layers; such an image is removed so that it is pulled anew.
image="$1"
podman image exists "$image" && ! podman run --rm --entrypoint /bin/true "$image" && podman rmi --force "$image"
exit 0
`;

export const PULL_IMAGE = `#!/usr/bin/sh
image="$1"
podman image exists "$image" || podman pull "$image"
`;

export const MOTD = `
**  This is a host that is being discovered for an OpenShift installation.
**  Its system runs in memory; the agent's log is shown by: journalctl -u agent.service
`;

export const IPV6_CONF = `[connection]
ipv6.dhcp-iaid=mac
ipv6.dhcp-duid=ll
`;

export const ASSISTED_TE = `module assisted 1.0;
require {
	type chronyd_t;
	type container_file_t;
	type spc_t;
	class unix_dgram_socket sendto;
	class dir search;
	class sock_file write;
}
allow chronyd_t container_file_t:dir search;
allow chronyd_t container_file_t:sock_file write;
allow chronyd_t spc_t:unix_dgram_socket sendto;
`;

export const NETWORK_SCRIPT = `#!/bin/bash
# Finds the folder below /etc/assisted/network whose MAC addresses are this machine's, and applies the state in it.
for folder in /etc/assisted/network/host*; do
  while IFS='=' read -r mac name; do
    if grep -qi "$mac" /sys/class/net/*/address; then
      mkdir -p /etc/nmstate && cp "$folder"/ymlFile*.yml /etc/nmstate/ && nmstatectl service
      exit 0
    fi
  done < "$folder/mac_interface.ini"
done
`;
