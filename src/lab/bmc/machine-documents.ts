/** System, manager, NIC and virtual media slot of a BMC, as the vendors show them. */
import { type Bmc, cdSlot, managerPath, systemPath } from './bmc.ts';
import { link, resource } from './resource.ts';
import type { SlotProfile } from './profile.ts';

type Document = Record<string, unknown>;

const OK = { Health: 'OK', State: 'Enabled' };
const GIB_IN_MIB = 1024;

export function systemDocument({ profile, host }: Bmc, path: string): Document {
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
    ...(profile.slotsUnder === 'Systems' ? { VirtualMedia: link(`${path}/VirtualMedia`) } : {}),
    Links: { ManagedBy: [link(managerPath(profile))] },
    Actions: {
      '#ComputerSystem.Reset': {
        'ResetType@Redfish.AllowableValues': profile.resetTypes,
        target: `${path}/Actions/ComputerSystem.Reset${profile.resetSlash ? '/' : ''}`,
      },
    },
  });
}

export function managerDocument({ profile }: Bmc, path: string): Document {
  return resource('Manager.v1_5_1.Manager', path, 'Manager', {
    ManagerType: 'BMC',
    Model: profile.managerModel,
    FirmwareVersion: profile.firmware,
    Status: OK,
    ...(profile.slotsUnder === 'Managers' ? { VirtualMedia: link(`${path}/VirtualMedia`) } : {}),
    Links: { ManagerForServers: [link(systemPath(profile))] },
  });
}

export function nicDocument(path: string, mac: string): Document {
  return resource('EthernetInterface.v1_4_1.EthernetInterface', path, 'System Ethernet Interface', {
    InterfaceEnabled: true,
    LinkStatus: 'LinkUp',
    MACAddress: mac.toUpperCase(),
    PermanentMACAddress: mac.toUpperCase(),
    Status: OK,
  });
}

export function slotDocument({ profile, host }: Bmc, path: string, slot: SlotProfile): Document {
  const { image, inserted } = slot.id === cdSlot(profile) ? host.bmc.media : { image: null, inserted: false };
  const empty = profile.emptyImage;
  return resource('VirtualMedia.v1_2_0.VirtualMedia', path, slot.name, {
    MediaTypes: slot.mediaTypes,
    Image: image ?? empty,
    ImageName: image ? image.slice(image.lastIndexOf('/') + 1) : empty,
    Inserted: inserted,
    ConnectedVia: inserted ? 'URI' : 'NotConnected',
    WriteProtected: true,
    Actions: {
      '#VirtualMedia.EjectMedia': { target: `${path}/Actions/VirtualMedia.EjectMedia` },
      '#VirtualMedia.InsertMedia': { target: `${path}/Actions/VirtualMedia.InsertMedia` },
    },
  });
}
