/** The arguments that the service hands to the installer on a host (assisted-service.md §3.4). */
import { addressIn } from './hardware.ts';
import type { Host } from './host-state.ts';
import type { Cluster, InfraEnv } from './state.ts';

/** The user's own arguments, then the network's: DHCP on the NIC of the machine network, or the live system's network copied. */
export function installerArgs(host: Host, cluster: Cluster, infraEnv: InfraEnv | undefined): string[] {
  if (host.userArgs.includes('--copy-network')) return host.userArgs;
  if (infraEnv?.staticNetwork.length) return [...host.userArgs, '--copy-network'];
  const nic = host.inventory?.interfaces.find((candidate) =>
    candidate.ipv4_addresses?.some(
      (address) => address.split('/')[0] === addressIn(host, cluster.machineNetworks[0] ?? ''),
    ),
  );
  return nic ? [...host.userArgs, '--append-karg', `ip=${nic.mac_address.replaceAll(':', '-')}:dhcp`] : host.userArgs;
}
