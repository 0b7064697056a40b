/** Inventories as text, for tests. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadInventory } from '../../src/inventory/load.ts';
import type { Inventory } from '../../src/inventory/types.ts';
import { tempFolder } from '../temp-folder.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIWr7XJsGweZksxig4Hcbd1SZWea2cwAGSig6VWqhbc lab@example.com';

/** Loads the text as `lab.yaml` of a folder of its own. */
export const inFolder = async (text: string | Buffer): Promise<Inventory> => {
  const dir = tempFolder();
  await writeFile(join(dir, 'lab.yaml'), text);
  return loadInventory('lab.yaml', dir);
};

/** One cluster of the lab; `rest` and `host` are more lines of it and of its host. */
export const cluster = (rest = '', host = ''): string => `service: {type: lab}
clusters:
  - name: sno1
    baseDomain: lab.example.com
    openshiftVersion: "4.20"
    pullSecret: env:PULL_SECRET
    sshKey: ${KEY}
${rest}    hosts:
      - name: host-0
        bmc: {address: lab://generic}
${host}`;

/** nmstate in flow style: an interface, a route, and both as a host's networkConfig. */
export const nic = (name: string, address: string, mac: string): string =>
  `{name: ${name}, type: ethernet, mac-address: "${mac}", ipv4: {enabled: true, address: [{ip: ${address}, prefix-length: 24}]}}`;
export const way = (to: string, name: string, gateway = '192.0.2.254'): string =>
  `{destination: ${to}, next-hop-address: ${gateway}, next-hop-interface: ${name}}`;
export const network = (nics: string[], routes: string[]): string =>
  `        networkConfig: {interfaces: [${nics.join(', ')}], routes: {config: [${routes.join(', ')}]}, dns-resolver: {config: {server: [192.0.2.53]}}}\n`;
