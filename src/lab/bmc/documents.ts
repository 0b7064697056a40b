/** The resources of a BMC as a GET shows them, by path without trailing slash (redfish.md 2.1, 2.2). */
import { type Bmc, type Document, managerPath, ROOT, slotsPath, systemPath } from './bmc.ts';
import { logDocuments, logLink } from './log.ts';
import type { Profile, SlotProfile } from './profile.ts';
import { collection, link, resource } from './resource.ts';
import { taskDocument } from './task.ts';

/** Every resource that there is just now; collections from their member `skip` on. */
export function documents(bmc: Bmc, skip = 0): Map<string, Document> {
  const { profile, host, task } = bmc;
  const [system, manager, slots] = [systemPath(profile), managerPath(profile), slotsPath(profile)];
  const nics = host.macs.map((mac, i) => nicDocument(`${system}/EthernetInterfaces/${profile.nicId(i + 1)}`, mac));
  const slotDocuments = profile.slots.map((slot) => slotDocument(bmc, `${slots}/${slot.id}`, slot));
  const all = [
    rootDocument(profile),
    collection('ComputerSystem', `${ROOT}/Systems`, [system], skip),
    systemDocument(bmc, system),
    collection('EthernetInterface', `${system}/EthernetInterfaces`, nics.map(pathOf), skip),
    ...nics,
    collection('Manager', `${ROOT}/Managers`, [manager], skip),
    managerDocument(bmc, manager),
    collection('VirtualMedia', slots, slotDocuments.map(pathOf), skip),
    ...slotDocuments,
    ...logDocuments(bmc, skip),
    ...(task ? [taskDocument(task)] : []),
  ];
  return new Map(all.map((document) => [pathOf(document), document]));
}

const pathOf = (document: Document): string => String(document['@odata.id']);

function rootDocument({ vendor, product }: Profile): Document {
  return resource('ServiceRoot.v1_5_1.ServiceRoot', ROOT, 'Root Service', {
    Id: 'RootService',
    RedfishVersion: '1.6.0',
    Vendor: vendor,
    Product: product,
    Systems: link(`${ROOT}/Systems`),
    Managers: link(`${ROOT}/Managers`),
  });
}

const OK = { Health: 'OK', State: 'Enabled' };
const GIB_IN_MIB = 1024;

function systemDocument(bmc: Bmc, path: string): Document {
  const { profile, host } = bmc;
  const { boot } = host.bmc;
  return resource('ComputerSystem.v1_10_0.ComputerSystem', path, 'System', {
    SystemType: 'Physical',
    Manufacturer: profile.manufacturer,
    Model: profile.model,
    SerialNumber: host.serial,
    UUID: host.uuid,
    BiosVersion: profile.biosVersion,
    PowerState: host.power,
    Status: OK,
    ProcessorSummary: { Count: 1, LogicalProcessorCount: host.cpus, Status: OK },
    MemorySummary: { TotalSystemMemoryGiB: host.memoryMiB / GIB_IN_MIB, Status: OK },
    Boot: {
      BootSourceOverrideEnabled: boot.enabled,
      BootSourceOverrideMode: boot.mode,
      BootSourceOverrideTarget: boot.target,
      'BootSourceOverrideTarget@Redfish.AllowableValues': profile.bootTargets,
    },
    EthernetInterfaces: link(`${path}/EthernetInterfaces`),
    ...(profile.slotsUnder === 'Systems' ? { VirtualMedia: link(slotsPath(profile)) } : {}),
    ...logLink(bmc, path),
    Links: { ManagedBy: [link(managerPath(profile))] },
    Actions: {
      '#ComputerSystem.Reset': {
        'ResetType@Redfish.AllowableValues': profile.resetTypes,
        target: `${path}/Actions/ComputerSystem.Reset${profile.resetSlash ? '/' : ''}`,
      },
    },
  });
}

function managerDocument(bmc: Bmc, path: string): Document {
  const { profile } = bmc;
  return resource('Manager.v1_5_1.Manager', path, 'Manager', {
    ManagerType: 'BMC',
    Model: profile.managerModel,
    FirmwareVersion: profile.firmware,
    Status: OK,
    ...(profile.slotsUnder === 'Managers' ? { VirtualMedia: link(slotsPath(profile)) } : {}),
    ...logLink(bmc, path),
    Links: { ManagerForServers: [link(systemPath(profile))] },
  });
}

function nicDocument(path: string, mac: string): Document {
  return resource('EthernetInterface.v1_4_1.EthernetInterface', path, 'System Ethernet Interface', {
    InterfaceEnabled: true,
    LinkStatus: 'LinkUp',
    MACAddress: mac.toUpperCase(),
    PermanentMACAddress: mac.toUpperCase(),
    Status: OK,
  });
}

function slotDocument({ profile, host }: Bmc, path: string, slot: SlotProfile): Document {
  const image = slot === profile.slots[1] ? host.bmc.media.image : null;
  const shown =
    image === null
      ? profile.emptySlot
      : { Image: image, ImageName: image.slice(image.lastIndexOf('/') + 1), WriteProtected: true };
  return resource('VirtualMedia.v1_2_0.VirtualMedia', path, slot.name, {
    MediaTypes: slot.mediaTypes,
    ...shown,
    Inserted: image !== null,
    ConnectedVia: image === null ? 'NotConnected' : 'URI',
    Actions: {
      '#VirtualMedia.EjectMedia': { target: `${path}/Actions/VirtualMedia.EjectMedia` },
      '#VirtualMedia.InsertMedia': { target: `${path}/Actions/VirtualMedia.InsertMedia` },
    },
  });
}
