/** What the lab's BMCs write down: found by links, per family as the family shows it, and capped. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { createClock } from '../../src/core/clock.ts';
import { listen } from '../../src/lab/listen.ts';
import { hostSpec, type Json, PATHS, startScene } from './lab-client.ts';

const PROFILES = ['dell-idrac9', 'hpe-ilo5', 'generic'] as const;
const clock = createClock();
const scene = await startScene({
  hosts: PROFILES.map((profile, i) => hostSpec(`c${i}/host-0`, { profile })),
  timeFactor: 200,
});
const image = Buffer.alloc(80_000, 1);
const media = await listen(
  createServer((req, res) => {
    const [, from = '0', to = '0'] = /bytes=(\d+)-(\d+)/.exec(req.headers.range ?? '') ?? [];
    if (req.method === 'HEAD') return void res.writeHead(200, { 'content-length': image.length }).end();
    res.writeHead(206).end(image.subarray(Number(from), Number(to) + 1));
  }),
);
const ISO = `http://127.0.0.1:${media.port}/t0k/boot.iso`;
after(async () => {
  await scene.end();
  await media.close();
});

const list = (json: Json, name: string): Json[] => json[name] as Json[];
const linkOf = (json: Json, name: string): string => String((json[name] as Json)['@odata.id']);

/** Texts as the log shows them, page by page, by links from the service root. */
async function logOf(host: number): Promise<{ path: string; inline: boolean; texts: string[] }> {
  const get = async (path: string): Promise<Json> => (await scene.bmc('GET', path, undefined, {}, host)).json;
  const root = await get('/redfish/v1');
  const owners = ['Managers', 'Systems'].map(async (name) =>
    get(String(list(await get(linkOf(root, name)), 'Members')[0]!['@odata.id'])),
  );
  const owner = (await Promise.all(owners)).find((one) => 'LogServices' in one)!;
  const services = await get(linkOf(owner, 'LogServices'));
  const path = String(list(services, 'Members')[0]!['@odata.id']);
  const entries: Json[] = [];
  for (let next: string | undefined = linkOf(await get(path), 'Entries'); next;) {
    const page: Json = await get(next);
    entries.push(...list(page, 'Members'));
    next = page['Members@odata.nextLink'] as string | undefined;
  }
  const inline = entries.every((entry) => 'Message' in entry);
  const whole = await Promise.all(entries.map(async (entry) => (inline ? entry : get(String(entry['@odata.id'])))));
  return { path, inline, texts: whole.map((entry) => `${String(entry['Severity'])} ${String(entry['Message'])}`) };
}

const EXPECTED = {
  'dell-idrac9': {
    path: '/redfish/v1/Managers/iDRAC.Embedded.1/LogServices/Lclog',
    inline: true,
    texts: ['OK The virtual media is detached.', `OK The remote image ${ISO} is attached as virtual media.`],
  },
  'hpe-ilo5': {
    path: '/redfish/v1/Managers/1/LogServices/IEL',
    inline: false,
    texts: [`OK Virtual media connected: ${ISO}`, 'OK Virtual media disconnected.'],
  },
  generic: {
    path: '/redfish/v1/Systems/system/LogServices/EventLog',
    inline: true,
    texts: [`OK Virtual media was mounted: ${ISO}`, 'OK Virtual media was unmounted.'],
  },
};

for (const [index, profile] of PROFILES.entries())
  test(`${profile} tells of insert and eject, in its place and order`, async () => {
    const { slot } = PATHS[profile];
    await scene.bmc('POST', `${slot}/Actions/VirtualMedia.InsertMedia`, { Image: ISO }, {}, index);
    await scene.seen({ kind: 'media', to: `c${index}/host-0`, action: 'inserted' });
    await scene.bmc('POST', `${slot}/Actions/VirtualMedia.EjectMedia`, {}, {}, index);
    assert.deepEqual(await logOf(index), EXPECTED[profile]);
  });

test('an image that cannot be read is a warning, power is told, and the oldest entries go', async () => {
  const { system, slot } = PATHS['dell-idrac9'];
  const gone = 'http://127.0.0.1:9/gone.iso';
  for (let i = 0; i < 41; i++)
    await scene.bmc('POST', `${slot}/Actions/VirtualMedia.InsertMedia`, { Image: gone }, {}, 0);
  await scene.bmc('POST', `${system}/Actions/ComputerSystem.Reset`, { ResetType: 'On' }, {}, 0);
  await scene.seen({ kind: 'power', to: 'c0/host-0', state: 'On' });
  await clock.sleep(20);
  const { texts } = await logOf(0);
  assert.equal(texts.length, 40);
  assert.equal(texts[0], 'OK System is turning on.');
  assert.match(texts[1]!, /^Warning Unable to locate the ISO or IMG image file at the location http:/);
  assert.ok(!texts.some((text) => text.includes('attached')));
});
