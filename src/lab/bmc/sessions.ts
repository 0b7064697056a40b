/** Who may talk to a BMC: Basic on each request, or a session with its token. */
import { token } from '../../core/random.ts';
import { type Answer, refuseStandard } from './answer.ts';
import { type Bmc, SESSIONS_PATH } from './bmc.ts';
import { sessionDocument } from './documents.ts';

export function isLoggedIn({ sessions, host }: Bmc, headers: Record<string, string>): boolean {
  const [, basic] = /^Basic (.+)$/i.exec(headers['authorization'] ?? '') ?? [];
  const { username, password } = host.bmc;
  if (basic) return Buffer.from(basic, 'base64').toString() === `${username}:${password}`;
  return sessions.has(headers['x-auth-token'] ?? '');
}

/** 201 with X-Auth-Token, Location and the session, or 401. */
export function logIn({ sessions, host, profile, lab }: Bmc, body: Record<string, unknown>): Answer {
  if (body['UserName'] !== host.bmc.username || body['Password'] !== host.bmc.password)
    return refuseStandard(profile, 401, 'NoValidSession', 'No valid session can be made from what was given.');
  const [id, secret] = [token(lab.random, 6), token(lab.random, 18)];
  sessions.set(secret, id);
  const headers = { 'X-Auth-Token': secret, Location: `${SESSIONS_PATH}/${id}` };
  return { status: 201, headers, body: sessionDocument(id, host.bmc.username) };
}

/** Ends the session of a path; null when there is none. */
export function logOut({ sessions }: Bmc, path: string): Answer | null {
  const id = path.slice(SESSIONS_PATH.length + 1);
  const [secret] = [...sessions].find(([, value]) => value === id) ?? [];
  if (secret === undefined) return null;
  sessions.delete(secret);
  return { status: 204 };
}
