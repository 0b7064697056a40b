/** How the logs of the three families of BMC differ, as data. Places and frames: the captures and documents of the makers; the words are like theirs. */
import type { BmcProfile } from '../spec.ts';
import type { BmcLogEntry } from '../world.ts';
import type { Document } from './bmc.ts';

interface Words {
  /** MessageId; empty where the family shows none. */
  id: string;
  severity: 'OK' | 'Warning' | 'Critical';
  /** `%s` stands for the detail. */
  text: string;
}

export interface LogProfile {
  under: 'Managers' | 'Systems';
  id: string;
  name: string;
  /** Whether the collection shows whole entries, or links. */
  inline: boolean;
  newestFirst: boolean;
  /** What every entry has. */
  entry: Document;
  words: Record<BmcLogEntry['what'], Words>;
}

const ok = (id: string, text: string): Words => ({ id, severity: 'OK', text });
const warning = (id: string, text: string): Words => ({ id, severity: 'Warning', text });

const LIFECYCLE: LogProfile = {
  under: 'Managers',
  id: 'Lclog',
  name: 'Lifecycle Controller Log Service',
  inline: true,
  newestFirst: true,
  entry: { EntryType: 'Oem', OemRecordFormat: 'Dell' },
  words: {
    'powered-on': ok('SYS1000', 'System is turning on.'),
    'powered-off': ok('SYS1001', 'System is turning off.'),
    reset: ok('SYS1003', 'System CPU Resetting.'),
    inserted: ok('RAC0721', 'The remote image %s is attached as virtual media.'),
    ejected: ok('RAC0722', 'The virtual media is detached.'),
    unreadable: warning('RAC0720', 'Unable to locate the ISO or IMG image file at the location %s.'),
    restarted: warning('RAC0182', 'The iDRAC firmware was rebooted; virtual media sessions have ended.'),
  },
};

const EVENT_LOG: LogProfile = {
  under: 'Managers',
  id: 'IEL',
  name: 'iLO Event Log',
  inline: false,
  newestFirst: false,
  entry: { EntryType: 'Oem', OemRecordFormat: 'Hpe-iLOEventLog' },
  words: {
    'powered-on': ok('', 'Server power restored.'),
    'powered-off': ok('', 'Server power removed.'),
    reset: ok('', 'Server reset.'),
    inserted: ok('', 'Virtual media connected: %s'),
    ejected: ok('', 'Virtual media disconnected.'),
    unreadable: warning('', 'Virtual media could not be read: %s'),
    restarted: warning('', 'iLO was reset; virtual media disconnected.'),
  },
};

const BMCWEB: LogProfile = {
  under: 'Systems',
  id: 'EventLog',
  name: 'Event Log Service',
  inline: true,
  newestFirst: false,
  entry: { EntryType: 'Event' },
  words: {
    'powered-on': ok('OpenBMC.0.1.DCPowerOn', 'Host system DC power is on.'),
    'powered-off': ok('OpenBMC.0.1.DCPowerOff', 'Host system DC power is off.'),
    reset: ok('OpenBMC.0.1.SystemReset', 'The host system was reset.'),
    inserted: ok('OpenBMC.0.1.VirtualMediaInserted', 'Virtual media was mounted: %s'),
    ejected: ok('OpenBMC.0.1.VirtualMediaEjected', 'Virtual media was unmounted.'),
    unreadable: warning('OpenBMC.0.1.VirtualMediaFailed', 'Virtual media could not be mounted: %s'),
    restarted: warning('OpenBMC.0.1.BMCFirmwareResiliency', 'The BMC was reset; virtual media was unmounted.'),
  },
};

export const LOGS: Record<BmcProfile, LogProfile> = {
  'dell-idrac9': LIFECYCLE,
  'hpe-ilo5': EVENT_LOG,
  generic: BMCWEB,
};
