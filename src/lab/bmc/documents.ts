/** The resources of a BMC as a GET shows them, by path without trailing slash (redfish.md 2.1, 2.2). */
import { type Bmc, managerPath, ROOT, SESSIONS_PATH, systemPath } from './bmc.ts';
import { managerDocument, nicDocument, slotDocument, systemDocument } from './machine-documents.ts';
import { collection, link, resource } from './resource.ts';
import { taskDocuments } from './task.ts';

export type Document = Record<string, unknown>;

/** Every resource that there is just now. */
export function documents(bmc: Bmc): Record<string, Document> {
  const { profile, host } = bmc;
  const [system, manager] = [systemPath(profile), managerPath(profile)];
  const slots = `${profile.slotsUnder === 'Systems' ? system : manager}/VirtualMedia`;
  const nics = host.macs.map((mac, i) => nicDocument(`${system}/EthernetInterfaces/${profile.nicId(i + 1)}`, mac));
  const slotDocuments = profile.slots.map((slot) => slotDocument(bmc, `${slots}/${slot.id}`, slot));
  const sessions = [...bmc.sessions.values()].map((id) => sessionDocument(id, host.bmc.username));
  const all = [
    rootDocument(bmc),
    collection('ComputerSystem', `${ROOT}/Systems`, [system]),
    systemDocument(bmc, system),
    collection('EthernetInterface', `${system}/EthernetInterfaces`, nics.map(pathOf)),
    ...nics,
    collection('Manager', `${ROOT}/Managers`, [manager]),
    managerDocument(bmc, manager),
    collection('VirtualMedia', slots, slotDocuments.map(pathOf)),
    ...slotDocuments,
    resource('SessionService.v1_1_6.SessionService', `${ROOT}/SessionService`, 'Session Service', {
      ServiceEnabled: true,
      SessionTimeout: 1800,
      Sessions: link(SESSIONS_PATH),
    }),
    collection('Session', SESSIONS_PATH, sessions.map(pathOf)),
    ...sessions,
    ...taskDocuments(bmc),
  ];
  return Object.fromEntries(all.map((document) => [pathOf(document), document]));
}

const pathOf = (document: Document): string => String(document['@odata.id']);

export function sessionDocument(id: string, user: string): Document {
  return resource('Session.v1_3_0.Session', `${SESSIONS_PATH}/${id}`, 'User Session', { UserName: user });
}

function rootDocument({ profile, host }: Bmc): Document {
  return resource('ServiceRoot.v1_5_1.ServiceRoot', ROOT, 'Root Service', {
    Id: 'RootService',
    RedfishVersion: '1.6.0',
    UUID: host.uuid,
    Vendor: profile.vendor,
    Product: profile.managerModel,
    Systems: link(`${ROOT}/Systems`),
    Managers: link(`${ROOT}/Managers`),
    SessionService: link(`${ROOT}/SessionService`),
    ...(profile.insert === 'task' ? { Tasks: link(`${ROOT}/TaskService`) } : {}),
    Links: { Sessions: link(SESSIONS_PATH) },
  });
}
