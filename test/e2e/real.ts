/** A machine of a lab that is up, as an inventory names real ones: by its address, with a password from the environment. */
import type { LabUp } from '../../src/lab/start.ts';
import { DHCP, STATIC } from './scene.ts';

const MACS: Record<string, string> = { [STATIC]: '3c:ec:ef:1c:f1:b8', [DHCP]: '52:54:00:6e:a1:02' };

/** `service`: its keys, where they are others than the lab's own address. */
export function realInventory({ service, bmcs }: LabUp, host: string, keys: object = { url: service.url }) {
  const bmc = bmcs.find((one) => one.host === host)!;
  const [cluster = '', name = ''] = host.split('/');
  const inventory = {
    service: keys,
    clusters: [
      {
        name: cluster,
        baseDomain: 'lab.example.com',
        openshiftVersion: '4.20',
        pullSecret: 'file:secrets/pull-secret.json',
        sshKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc lab@example.com',
        hosts: [
          {
            name,
            bmc: {
              address: bmc.url,
              username: bmc.username,
              password: 'env:BMC_PASSWORD',
              fingerprint: bmc.fingerprint,
            },
            bootMACAddress: MACS[host],
          },
        ],
      },
    ],
  };
  return { text: JSON.stringify(inventory, null, 2), env: { BMC_PASSWORD: bmc.password } };
}
