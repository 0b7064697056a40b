/** A machine of a lab that is up, as somebody else may have left it: switched on, or with a medium of theirs in its slot. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import type { LabBmc } from '../../src/lab/start.ts';
import type { Uses } from './plan-topology.ts';

type Resource = Record<string, unknown> & { Members?: { '@odata.id': string }[] };

export async function putToUse(bmc: LabBmc, { power, medium }: Uses): Promise<void> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const authorization = `Basic ${Buffer.from(`${bmc.username}:${bmc.password}`).toString('base64')}`;
  const call = async (path: string, body?: object): Promise<Resource> => {
    const { statusCode, body: answer } = await request(new URL(path, bmc.url), {
      dispatcher,
      method: body ? 'POST' : 'GET',
      headers: { authorization, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (statusCode === 503) return soon().then(() => call(path, body));
    if (statusCode >= 300) throw new Error(`${path}: ${statusCode} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Resource);
  };
  const members = async (path: string): Promise<string[]> =>
    ((await call(path)).Members ?? []).map((member) => member['@odata.id']);
  try {
    const [system = ''] = await members('/redfish/v1/Systems');
    const isOff = (await call(system))['PowerState'] === 'Off';
    if (medium) {
      const [manager = ''] = await members('/redfish/v1/Managers');
      const owners = await Promise.all([call(manager), call(system)]);
      const slots = owners.map(({ VirtualMedia }) => VirtualMedia as { '@odata.id': string } | undefined);
      const folder = slots.find((one) => one)?.['@odata.id'] ?? '';
      for (const slot of await members(folder)) await insertInto(slot, call);
    }
    if (power && isOff) {
      await call(`${system}/Actions/ComputerSystem.Reset`, { ResetType: 'On' });
      while ((await call(system))['PowerState'] !== 'On') await soon();
    }
  } finally {
    await dispatcher.close();
  }
}

const soon = (): Promise<void> => new Promise((wake) => setTimeout(wake, 50));

async function insertInto(slot: string, call: (path: string, body?: object) => Promise<Resource>): Promise<void> {
  const { MediaTypes, Inserted } = await call(slot);
  if (Inserted === true || !/CD|DVD/.test(JSON.stringify(MediaTypes ?? []))) return;
  const disc = await serveDisc();
  try {
    await call(`${slot}/Actions/VirtualMedia.InsertMedia`, { Image: `${disc.url}/theirs.iso` });
    while ((await call(slot))['Inserted'] !== true) await soon();
  } finally {
    disc.close();
  }
}

/** A disc of zeros: no firmware boots it. */
async function serveDisc(): Promise<{ url: string; close(): void }> {
  const disc = Buffer.alloc(65_536);
  const server = createServer((req, res) => {
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec(req.headers.range ?? '') ?? [];
    const part = from === undefined ? disc : disc.subarray(Number(from), to ? Number(to) + 1 : undefined);
    const range =
      from === undefined ? {} : { 'content-range': `bytes ${from}-${Number(from) + part.length - 1}/${disc.length}` };
    res.writeHead(from === undefined ? 200 : 206, {
      'accept-ranges': 'bytes',
      'content-length': part.length,
      ...range,
    });
    res.end(req.method === 'HEAD' ? undefined : part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}
