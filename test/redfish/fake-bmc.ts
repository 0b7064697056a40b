/** A BMC without a network: documents by path, a clock that jumps, and a log of what was asked. */
import type { Clock } from '../../src/core/clock.ts';
import { HttpError } from '../../src/core/http-error.ts';
import type { HttpRequest, HttpResponse, Send } from '../../src/core/http.ts';
import { Secret } from '../../src/core/secret.ts';
import { type Bmc, type BmcPorts, type BmcTarget, connectBmc } from '../../src/redfish/bmc.ts';

export const ORIGIN = 'https://192.0.2.10';
export const URL_OF_ISO = 'http://192.0.2.1:8080/t0ken/host-0.iso';
export const SYSTEM = '/redfish/v1/Systems/1';
export const SLOT = '/redfish/v1/Managers/1/VirtualMedia/2';
export const INSERT = `${SLOT}/Actions/VirtualMedia.InsertMedia`;
export const EJECT = `${SLOT}/Actions/VirtualMedia.EjectMedia`;
export const RESET = `${SYSTEM}/Actions/ComputerSystem.Reset`;

/** Of its certificate; a handshake against a pin that is none learns it, and is no request. */
export const FINGERPRINT = 'ab'.repeat(32);
const isHandshake = ({ trust }: HttpRequest): boolean => trust?.kind === 'pin' && trust.fingerprint === '0'.repeat(64);

export type Json = Record<string, unknown>;
export type Docs = Record<string, Json>;

export interface Seen {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Json | undefined;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** A string goes out as it is. */
  body?: unknown;
}

/** Answers, throws as the network would, or returns nothing: then the documents answer. */
export type Handler = (seen: Seen) => Reply | undefined;

export interface FakeBmc {
  docs: Docs;
  log: Seen[];
  clock: Clock;
  recovered: string[];
  send: Send;
  connect(change?: Partial<BmcTarget>, ports?: Partial<BmcPorts>): Promise<Bmc>;
  /** `METHOD path` of all requests, or of the writes. */
  asked(): string[];
  writes(): string[];
}

/** Time passes only by sleeping, and then at once. */
export function jumpingClock(): Clock {
  let now = 0;
  return {
    factor: 1,
    now: () => now,
    wall: () => now,
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      now += ms;
      return Promise.resolve();
    },
  };
}

/** The documents, changed by whoever writes as a sound BMC would; `handler` is asked first. */
export function fakeBmc(docs: Docs, handler: Handler = () => undefined): FakeBmc {
  const log: Seen[] = [];
  const recovered: string[] = [];
  const clock = jumpingClock();
  const send: Send = (request) => {
    if (isHandshake(request)) return Promise.reject(new HttpError('tls', `certificate has SHA-256 ${FINGERPRINT}`));
    const seen = seenOf(request);
    log.push(seen);
    return Promise.resolve().then(() => answer(handler(seen) ?? sound(docs, seen)));
  };
  const target = { origin: ORIGIN, systemPath: null, username: 'root', password: new Secret('calvin-1956') };
  return {
    docs,
    log,
    clock,
    recovered,
    send,
    connect: (change, ports) =>
      connectBmc(
        { ...target, trust: { kind: 'insecure' }, ...change },
        { send, clock, onRecovered: (text) => recovered.push(text), ...ports },
      ),
    asked: () => log.map(({ method, path }) => `${method} ${path}`),
    writes: () => log.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
  };
}

function seenOf(request: HttpRequest): Seen {
  const url = new URL(request.url);
  const body = request.body === undefined ? undefined : (JSON.parse(String(request.body)) as Json);
  return { method: request.method, path: url.pathname, headers: request.headers ?? {}, body };
}

function answer({ status, headers = {}, body }: Reply): HttpResponse {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: Buffer.from(text) };
}

function sound(docs: Docs, { method, path, body }: Seen): Reply {
  const doc = docs[path];
  if (method === 'GET') return doc ? { status: 200, body: doc } : { status: 404, body: error('ResourceMissingAtURI') };
  if (method === 'PATCH' && doc) {
    merge(doc, body ?? {});
    return { status: 204 };
  }
  const owner = docs[path.replace(/\/Actions\/.*$/, '')];
  if (method !== 'POST' || !owner) return { status: 404, body: error('ResourceMissingAtURI') };
  if (path.includes('InsertMedia')) merge(owner, { Image: body?.['Image'], Inserted: true, ConnectedVia: 'URI' });
  if (path.includes('EjectMedia')) merge(owner, { Image: null, Inserted: false, ConnectedVia: 'NotConnected' });
  if (path.includes('.Reset'))
    merge(owner, { PowerState: /Off|Shutdown/.test(String(body?.['ResetType'])) ? 'Off' : 'On' });
  return { status: 204 };
}

/** Objects are merged, all else is put in place. */
export function merge(into: Json, change: Json): Json {
  for (const [key, value] of Object.entries(change)) {
    const old = into[key];
    const nested = isObject(old) && isObject(value);
    into[key] = nested ? merge(old, value) : value;
  }
  return into;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function error(id: string, message = id, extra: Json = {}): Json {
  return {
    error: {
      code: 'Base.1.8.GeneralError',
      message,
      '@Message.ExtendedInfo': [{ MessageId: `Base.1.8.${id}`, Message: message, ...extra }],
    },
  };
}

export const link = (path: string): Json => ({ '@odata.id': path });

/** One machine, its manager, a floppy and a CD slot and two NICs, in the shape of an iLO. */
export function machine(change: { system?: Json; slot?: Json; manager?: Json } = {}): Docs {
  const manager = '/redfish/v1/Managers/1';
  const media = `${manager}/VirtualMedia`;
  const nics = `${SYSTEM}/EthernetInterfaces`;
  return {
    '/redfish/v1/': { Systems: link('/redfish/v1/Systems'), Managers: link('/redfish/v1/Managers'), Vendor: 'Contoso' },
    '/redfish/v1/Systems': { Members: [link(SYSTEM)] },
    [SYSTEM]: merge(systemDoc(nics, manager), change.system ?? {}),
    '/redfish/v1/Managers': { Members: [link(manager)] },
    [manager]: merge({ FirmwareVersion: '2.46', VirtualMedia: link(media) }, change.manager ?? {}),
    [media]: { Members: [link(`${media}/1`), link(SLOT)] },
    [`${media}/1`]: slotDoc(`${media}/1`, { MediaTypes: ['Floppy', 'USBStick'] }),
    [SLOT]: slotDoc(SLOT, change.slot ?? {}),
    [nics]: { Members: [link(`${nics}/1`), link(`${nics}/2`)] },
    [`${nics}/1`]: { MACAddress: 'AA:BB:CC:00:00:01' },
    [`${nics}/2`]: { MACAddress: null, PermanentMACAddress: 'aa-bb-cc-00-00-02' },
  };
}

function systemDoc(nics: string, manager: string): Json {
  return {
    '@odata.etag': 'W/"1C21"',
    Manufacturer: 'Contoso',
    Model: 'Box 1',
    SerialNumber: ' SN1 ',
    UUID: '36383150-3630-584D-5130-313930323042',
    PowerState: 'Off',
    EthernetInterfaces: link(nics),
    Links: { ManagedBy: [link(manager)] },
    Boot: {
      BootSourceOverrideEnabled: 'Disabled',
      BootSourceOverrideTarget: 'None',
      BootSourceOverrideMode: 'UEFI',
      'BootSourceOverrideTarget@Redfish.AllowableValues': ['None', 'Pxe', 'Cd', 'Hdd'],
    },
    Actions: {
      '#ComputerSystem.Reset': {
        target: RESET,
        'ResetType@Redfish.AllowableValues': ['On', 'ForceOff', 'GracefulShutdown', 'ForceRestart'],
      },
    },
  };
}

export function slotDoc(path: string, change: Json = {}): Json {
  return merge(
    {
      Id: path.split('/').at(-1),
      MediaTypes: ['CD', 'DVD'],
      Image: '',
      Inserted: false,
      ConnectedVia: 'NotConnected',
      Actions: {
        '#VirtualMedia.InsertMedia': { target: `${path}/Actions/VirtualMedia.InsertMedia` },
        '#VirtualMedia.EjectMedia': { target: `${path}/Actions/VirtualMedia.EjectMedia` },
      },
    },
    change,
  );
}
