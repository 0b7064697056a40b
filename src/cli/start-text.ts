/** What `snoboot init` writes: it loads as it is, and validate names each fill-in. */
import { fileURLToPath } from 'node:url';

const SCHEMA = fileURLToPath(new URL('../../../inventory/inventory.schema.json', import.meta.url));

/** `file` is its name, for the commands in its comments. */
export function startText(file: string): string {
  return `# yaml-language-server: $schema=${SCHEMA}
# Single-node clusters, by the hosted service. Try it first, as it is, on machines of the embedded lab:
#   snoboot deploy ${file} --rehearse
# Then fill in each fill-in (snoboot validate ${file} names them), look (snoboot plan ${file}), and deploy.
# All that can stand here is explained in inventory/example.yaml of snoboot.

service:
  url: https://api.openshift.com
  offlineToken: env:OFFLINE_TOKEN           # from https://console.redhat.com/openshift/token; secrets: env:NAME, file:PATH, cmd:LINE

# What all clusters and hosts have, unless they say otherwise.
defaults:
  cluster:
    baseDomain: fill-in.example.com         # the API will be api.NAME.BASEDOMAIN
    openshiftVersion: "4.20"                # in quotes
    pullSecret: file:secrets/pull-secret.json # from https://console.redhat.com/openshift/install/pull-secret
    sshKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc fill-in # or file:PATH of a .pub file
  host:
    bmc:
      username: root
      password: env:BMC_PASSWORD
      # insecureTLS: true                   # better: fingerprint: of the BMC's certificate

clusters:
  - name: sno-1
    hosts:
      - name: host-1
        bmc:
          # or redfish-virtualmedia+https://HOST/redfish/v1/Systems/ID, ilo5-virtualmedia://HOST
          address: idrac-virtualmedia://fill-in-1.example.com/redfish/v1/Systems/System.Embedded.1
        # bootMACAddress: 52:54:00:00:00:01 # by which the service's host is known
        # serialNumber: ABC1234             # nothing is written to a machine that says another one
        # rootDeviceHints: {deviceName: /dev/sda} # where there is more than one disk
        # networkConfig:                    # nmstate; left out: DHCP

  # Twenty at once: a range in the name, and as long a one where they differ.
  # - name: edge-{01..20}
  #   hosts:
  #     - name: host-1
  #       bmc: {address: "idrac-virtualmedia://192.0.2.{101..120}/redfish/v1/Systems/System.Embedded.1"}
  #       bootMACAddress: 52:54:00:00:01:{0x01..0x14}
`;
}
