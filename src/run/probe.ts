/** Looks at every machine of an inventory through its BMC, and at what service and journals know of its disks. Reads only; keeps nothing. */
import { asSnobootError, CODES, EXIT, type SnobootError } from '../core/errors.ts';
import { createHttpClient, type HttpClient } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import { resolveSecret } from '../inventory/secrets.ts';
import type { ClusterSpec, HostSpec, SecretRef } from '../inventory/types.ts';
import type { Bmc } from '../redfish/bmc.ts';
import type { ProbedHost, ProbedMachine } from '../view/probe-text.ts';
import { assistedOf } from './clients.ts';
import { createGate } from './gate.ts';
import { openBmc, redfishOf } from './host-bmc.ts';
import { hostPin } from './known-bmcs.ts';
import { discoveredBy, type Known, knownOf } from './probe-discovery.ts';
import { runExit } from './outcome.ts';
import { readOnly } from './read-only.ts';
import type { RunRequest } from './session.ts';

export type ProbeRequest = Pick<
  RunRequest,
  'inventory' | 'written' | 'trust' | 'proxies' | 'connectTo' | 'clock' | 'env' | 'pins'
>;

export interface Probe {
  hosts: ProbedHost[];
  /** Of the service, where it could not be asked. */
  serviceError: SnobootError | null;
  exitCode: number;
}

const MOST_AT_ONCE = 40;

export async function probe(request: ProbeRequest): Promise<Probe> {
  const { inventory } = request;
  const http = readOnly(createHttpClient({ connectTo: request.connectTo ?? {} }));
  const serviceHttp = createHttpClient(request.proxies ? { proxies: request.proxies } : {});
  const over = new AbortController();
  try {
    const gate = createGate(MOST_AT_ONCE);
    const [known, hosts] = await Promise.all([
      knowledge(request, serviceHttp),
      Promise.all(
        inventory.clusters.flatMap((cluster) =>
          cluster.hosts.map((host) => gate(() => probeHost(request, http, cluster, host, over.signal))),
        ),
      ),
    ]);
    const told = hosts.map(({ spec, ...host }) => ({ ...host, discovered: discoveredBy(known, host, spec) }));
    const codes = told.map(({ error }) => (error ? CODES[error.code] : EXIT.ok));
    const ofService = known.error ? [known.error.exitCode] : [];
    return { hosts: told, serviceError: known.error, exitCode: runExit([...codes, ...ofService]) };
  } finally {
    over.abort(new Error('over'));
    await Promise.all([http.close(), serviceHttp.close()]);
  }
}

/** A BMC that cannot be read is an error of its host alone. */
async function probeHost(
  request: ProbeRequest,
  http: HttpClient,
  cluster: ClusterSpec,
  spec: HostSpec,
  over: AbortSignal,
) {
  const { bmc } = spec;
  const host = {
    cluster: cluster.name,
    host: spec.name,
    bmc: bmc.kind === 'redfish' ? bmc.origin : '',
    bootMACAddress: spec.bootMACAddress,
    spec,
  };
  try {
    const { origin, password } = redfishOf(spec);
    const pin = hostPin(request.pins, `${cluster.name}/${spec.name}`, origin, request.clock);
    const ports = { send: http.send, clock: request.clock, signal: over };
    const connected = await openBmc(spec, pin, await secretOf(request, password), ports);
    return { ...host, machine: await machineOf(connected), error: null };
  } catch (error) {
    return { ...host, machine: null, error: asSnobootError(error).record() };
  }
}

async function machineOf(bmc: Bmc): Promise<ProbedMachine> {
  const { vendor, model, serial, sku, uuid, macs, firmware, slot } = bmc.identity;
  const [power, media, boot] = [await bmc.readPower(), await bmc.readMedia(), await bmc.readBoot()];
  const isDell = /dell/i.test(vendor) && sku !== null;
  return {
    vendor,
    model,
    serial: isDell ? sku : serial,
    uuid,
    macs,
    firmware,
    power,
    slot,
    image: media.inserted ? (media.image ?? 'something') : null,
    boot: boot.target === null ? boot.enabled : `${boot.enabled} ${boot.target}`,
  };
}

/** What can be known without booting anything; a service that is away leaves the journals. */
async function knowledge(request: ProbeRequest, http: HttpClient): Promise<Known & { error: SnobootError | null }> {
  const { inventory, written } = request;
  const { offlineToken } = inventory.service;
  try {
    const token = offlineToken && (await secretOf(request, offlineToken));
    const assisted = assistedOf(request, http, token)(readOnly(http));
    return { ...knownOf(written, await assisted.listClusters()), error: null };
  } catch (error) {
    return { ...knownOf(written, []), error: asSnobootError(error) };
  }
}

function secretOf({ env, inventory }: ProbeRequest, ref: SecretRef): Promise<Secret> {
  return resolveSecret(ref, { env, cwd: inventory.dir });
}
