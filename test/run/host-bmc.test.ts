/** To whom a password goes, and what those who only look cannot send. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpClient, HttpRequest, Trust } from '../../src/core/http.ts';
import { Secret } from '../../src/core/secret.ts';
import type { HostSpec } from '../../src/inventory/types.ts';
import { openBmc } from '../../src/run/host-bmc.ts';
import { readOnly } from '../../src/run/read-only.ts';
import { fakeBmc, FINGERPRINT, machine, ORIGIN } from '../redfish/fake-bmc.ts';
import { hostSpec } from '../stages/scene.ts';

const hostThat = (trust: Trust): HostSpec => {
  const password = { from: 'env' as const, name: 'X' };
  const bmc = { kind: 'redfish' as const, origin: ORIGIN, systemPath: null, family: null, username: 'root', password };
  return { ...hostSpec, bmc: { ...bmc, trust } };
};

/** Opens the BMC of a host whose pin has this certificate; null: there is no pin. Gives what was asked of it. */
async function opened(pinned: string | null, trust: Trust = { kind: 'insecure' }): Promise<string[]> {
  const bmc = fakeBmc(machine());
  const known = pinned === null ? null : { fingerprint: pinned, serial: null, uuid: null };
  const pin = { place: '/state/known-bmcs/192.0.2.10:443', recall: () => known };
  const { send, clock } = bmc;
  const failed = await openBmc(hostThat(trust), pin, new Secret('calvin-1956'), { send, clock }).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failed === undefined) return bmc.asked();
  assert.deepEqual(bmc.asked(), [], 'nothing goes to a stranger');
  throw failed as Error;
}

test('where nothing else vouches for its certificate, a BMC that shows another one than the pinned gets no password', async () => {
  const message = /^the BMC 192\.0\.2\.10 shows another certificate than before: .*(ab){32}, it was (cd){32}$/;
  const todo = /remove \/state\/known-bmcs\/192\.0\.2\.10:443; .*the password was not sent$/;
  await assert.rejects(opened('cd'.repeat(32)), { code: 'E-IDENT', message, todo });
});

test('the pinned one, one that was never met, and one that somebody else vouches for are logged in to', async () => {
  for (const asked of [
    await opened(FINGERPRINT),
    await opened(null),
    await opened('cd'.repeat(32), { kind: 'verify' }),
    await opened('cd'.repeat(32), { kind: 'pin', fingerprint: FINGERPRINT }),
  ])
    assert.equal(asked[0], 'GET /redfish/v1/');
});

test('a look sends GET and HEAD, and nothing else, whether it wants the answer whole or as a stream', async () => {
  const sent: string[] = [];
  const noted = ({ method }: HttpRequest) => (sent.push(method), Promise.resolve({} as never));
  const client: HttpClient = { send: noted, open: noted, close: () => Promise.resolve() };
  const { send, open } = readOnly(client);
  for (const ask of [send, open]) {
    for (const method of ['GET', 'HEAD'] as const) await ask({ method, url: ORIGIN });
    for (const method of ['POST', 'PATCH', 'PUT', 'DELETE'] as const)
      await assert.rejects(ask({ method, url: ORIGIN }), { message: `a look does not send ${method}` });
  }
  assert.deepEqual(sent, ['GET', 'HEAD', 'GET', 'HEAD']);
});
