/** What is said of BMCs, addresses and machines that are there twice: as in said.ts. */

export const SAID_OF_ADDRESSES: Record<string, string[]> = {
  '21-one-bmc-in-many-spellings.yaml': [
    '10:79 clusters[1].hosts[0].bmc.address: BMC "https://192.0.2.1/redfish/v1/Systems/1" is already at clusters[0].hosts[0].bmc.address (line 9) => give each its own BMC',
    '11:79 clusters[2].hosts[0].bmc.address: BMC "https://[::ffff:c000:201]/redfish/v1/systems/1" is already at clusters[0].hosts[0].bmc.address (line 9) => give each its own BMC',
    '13:79 clusters[4].hosts[0].bmc.address: BMC "https://[2001:db8::1]:8443/redfish/v1/Systems/1" is already at clusters[3].hosts[0].bmc.address (line 12) => give each its own BMC',
    '15:79 clusters[6].hosts[0].bmc.address: BMC "https://bmc3.example.com/redfish/v1/Systems/System.Embedded.1" is already at clusters[5].hosts[0].bmc.address (line 14) => give each its own BMC',
  ],
  '22-bmcs-nowhere.yaml': [
    '8:18 media.address: "127.0.0.1" is this machine itself, and BMCs are elsewhere => write an address of this machine that BMCs reach, or leave it out',
    "10:79 clusters[0].hosts[0].bmc.address: 0.0.0.0 is the unspecified address => write the BMC's own address",
    "11:79 clusters[1].hosts[0].bmc.address: 255.255.255.255 is the broadcast address => write the BMC's own address",
    "12:79 clusters[2].hosts[0].bmc.address: 239.1.2.3 is a multicast address => write the BMC's own address",
    "13:79 clusters[3].hosts[0].bmc.address: ff02::1 is a multicast address => write the BMC's own address",
    "14:79 clusters[4].hosts[0].bmc.address: 169.254.169.254 is a cloud's metadata address => write the BMC's own address",
    'warning 15:79 clusters[5].hosts[0].bmc.address: 169.254.0.17 is link-local: it is known on one cable only => give the BMC an address of its management network',
    "warning 16:79 clusters[6].hosts[0].bmc.address: 127.0.0.1 is this machine itself (and 1 more) => right for an emulator here, else write the BMC's own address",
    'warning 18:79 clusters[8].hosts[0].bmc.address: 8.8.8.8 is a public address (and 1 more) => see that only you reach it: a BMC belongs in its own network',
    '20:79 clusters[10].hosts[0].bmc.address: "0x7f000001" is no host name or address => write IPv4 as four decimal numbers, IPv6 in brackets',
  ],
  '23-one-address-for-two.yaml': [
    "15:138 clusters[0].hosts[0].networkConfig.interfaces[0].ipv4.address[0].ip: 192.0.2.11 is a BMC's address, too: clusters[0].hosts[0].bmc.address (line 14) => give each its own address",
    "20:36 clusters[1].hosts[0].bmc.address: 192.0.2.254 is a gateway's address, too: clusters[0].hosts[0].networkConfig.routes.config[0].next-hop-address (line 15) => give each its own address",
    "21:283 clusters[1].hosts[0].networkConfig.routes.config[0].next-hop-address: 192.0.2.11 is a host's address, too: clusters[0].hosts[0].networkConfig.interfaces[0].ipv4.address[0].ip (line 15) => give each its own address",
    "26:36 clusters[2].hosts[0].bmc.address: 192.0.2.20 is the service's address, too: service.url (line 1) => give each its own address",
    "27:138 clusters[2].hosts[0].networkConfig.interfaces[0].ipv4.address[0].ip: 192.0.2.13 is the media server's address, too: media.address (line 2) => give each its own address",
  ],
  '24-ips-twice.yaml': [
    '21:150 clusters[0].hosts[0].networkConfig.interfaces[1].ipv4.address[1].ip: IP address "10.0.0.1" is already at clusters[0].hosts[0].networkConfig.interfaces[1].ipv4.address[0].ip (line 21) => give each its own IP address',
    '37:52 clusters[1].hosts[0].networkConfig.interfaces[0].ipv4.address[0].ip: IP address "192.0.2.11" is already at clusters[0].hosts[0].networkConfig.interfaces[0].ipv4.address[0].ip (line 19) => give each its own IP address',
    '38:52 clusters[1].hosts[0].networkConfig.interfaces[0].ipv6.address[0].ip: IP address "2001:db8::11" is already at clusters[0].hosts[0].networkConfig.interfaces[0].ipv6.address[0].ip (line 20) => give each its own IP address',
    'warning 39:115 clusters[1].hosts[0].networkConfig.interfaces[1].ipv4.address[0].ip: IP address "10.0.0.1" is already at clusters[0].hosts[0].networkConfig.interfaces[1].ipv4.address[0].ip (line 21) => right only if the two networks are not connected: neither has a default route',
  ],
  '25-one-machine-twice.yaml': [
    '10:66 clusters[1].hosts[0].serialNumber: serial number "ABC1234" is already at clusters[0].hosts[0].serialNumber (line 9) => give each its own serial number',
    '10:84 clusters[1].hosts[0].uuid: UUID "4c4c4544-0000-2010-8020-80c04f202020" is already at clusters[0].hosts[0].uuid (line 9) => give each its own UUID',
  ],
  '26-host-addresses.yaml': [
    'warning 15:11 clusters[0].hosts[0].networkConfig: no name server: nothing tells this host one => add dns-resolver: {config: {server: [ADDRESS]}}',
    'warning 15:11 clusters[0].hosts[0].networkConfig: no default route: the validation has-default-route will keep the host insufficient => add a route with destination: 0.0.0.0/0, next-hop-address and next-hop-interface to routes.config',
    "16:115 clusters[0].hosts[0].networkConfig.interfaces[0].ipv4.address[0].ip: 192.0.2.0 is the network address of 192.0.2.0/24 => write the host's own address",
    "16:151 clusters[0].hosts[0].networkConfig.interfaces[0].ipv4.address[1].ip: 192.0.2.255 is the broadcast address of 192.0.2.0/24 => write the host's own address",
    "17:115 clusters[0].hosts[0].networkConfig.interfaces[1].ipv4.address[0].ip: 127.0.0.1 is a loopback address => write the host's own address",
    "17:150 clusters[0].hosts[0].networkConfig.interfaces[1].ipv4.address[1].ip: 224.0.0.5 is a multicast address => write the host's own address",
    '18:94 clusters[0].hosts[0].networkConfig.interfaces[2].ipv4.enabled: false, with addresses that nmstate then leaves out => write enabled: true, or take the addresses away',
    'warning 19:84 clusters[0].hosts[0].networkConfig.interfaces[3].ipv4: addresses without enabled: true, which nmstate may leave out => add enabled: true',
    '20:115 clusters[0].hosts[0].networkConfig.interfaces[4].ipv6.address[0].ip: 198.51.100.3 is no IPv6 address => move it to ipv4',
    "20:154 clusters[0].hosts[0].networkConfig.interfaces[4].ipv6.address[1].ip: 2001:db8:: is the routers' anycast address of 2001:db8::/64 => write the host's own address",
    'warning 29:106 clusters[1].hosts[0].networkConfig.interfaces[0].ipv4.dhcp: true, with addresses that nmstate then leaves out => keep dhcp or the addresses',
  ],
};
