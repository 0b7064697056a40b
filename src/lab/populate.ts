/** The machines of a world: those that the spec asks for, with what a former run left on them. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Random, seededRandom, uuid } from '../core/random.ts';
import { selfSigned } from './certificate.ts';
import type { LabHostSpec, LabSpec } from './spec.ts';
import { emptyService } from './service/state.ts';
import type { LabHost, World } from './world.ts';

/** The former world, brought in line with the spec: every power is off, other hardware is a new machine, a host that is gone goes. */
export function populate(former: World | null, spec: LabSpec, now: number, random: Random): World {
  const hosts = spec.hosts.map((host) => hostOf(host, former?.hosts[host.id], now, random));
  return {
    format: 1,
    now,
    serviceUrl: former?.serviceUrl ?? '',
    hosts: Object.fromEntries(hosts.map((host) => [host.id, host])),
    service: former?.service ?? emptyService(),
  };
}

function hostOf(spec: LabHostSpec, former: LabHost | undefined, now: number, random: Random): LabHost {
  const host = former && isSameHardware(former, spec) ? former : newHost(spec, now, random);
  return { ...host, power: 'Off', dhcp: spec.dhcp, bmc: { ...host.bmc, ...spec.bmc } };
}

function isSameHardware(host: LabHost, spec: LabHostSpec): boolean {
  const disks = host.disks.filter(({ isExtra }) => !isExtra).map(({ content: _, ...disk }) => disk);
  const { profile, macs, cpus, memoryMiB } = host;
  const wanted = {
    profile: spec.profile,
    macs: spec.macs,
    cpus: spec.cpus,
    memoryMiB: spec.memoryMiB,
    disks: spec.disks,
  };
  const { serial = host.serial, uuid = host.uuid } = spec;
  if (serial !== host.serial || uuid !== host.uuid) return false;
  return isDeepStrictEqual({ profile, macs, cpus, memoryMiB, disks }, wanted);
}

/** Serial and UUID follow from the id: the same host is the same machine in each new world. */
function newHost(spec: LabHostSpec, now: number, random: Random): LabHost {
  const { id, profile, macs, cpus, memoryMiB, disks, dhcp, bmc } = spec;
  return {
    id,
    profile,
    serial: spec.serial ?? createHash('sha256').update(id).digest('hex').slice(0, 10).toUpperCase(),
    uuid: spec.uuid ?? uuid(seededRandom(id)),
    macs: macs.map((mac) => mac.toLowerCase()),
    cpus,
    memoryMiB,
    disks: disks.map((disk) => ({ ...disk, content: { kind: 'empty' } })),
    dhcp,
    power: 'Off',
    bootOrder: ['disk', 'cd'],
    bmc: {
      ...bmc,
      ...selfSigned(`bmc of ${id}`.slice(0, 60), now, random),
      media: { image: null, inserted: false },
      boot: { enabled: 'Disabled', target: 'None', mode: 'UEFI' },
    },
  };
}
