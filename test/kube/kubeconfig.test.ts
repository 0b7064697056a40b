/** What a kubeconfig must be before it is saved or used. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from 'js-yaml';
import { SnobootError } from '../../src/core/errors.ts';
import { redact, Secret } from '../../src/core/secret.ts';
import { readKubeconfig } from '../../src/kube/kubeconfig.ts';
import { kubeconfig, keys, NAME, SERVER } from './documents.ts';

const read = (document: unknown) => readKubeconfig(new Secret(JSON.stringify(document)));

test('YAML and JSON mean the same: server, authority, certificate and key', () => {
  const { certificate: cert, privateKey: key } = keys.admin;
  const access = { server: SERVER, host: NAME, trust: { kind: 'verify', ca: keys.ca, cert, key }, token: null };
  assert.deepEqual(readKubeconfig(new Secret(dump(kubeconfig()))), access);
  assert.deepEqual(read(kubeconfig()), access);
});

test('a token is a login too, and neither it nor a key is printed from then on', () => {
  const none = { 'client-certificate-data': undefined, 'client-key-data': undefined };
  const access = read(kubeconfig({}, { ...none, token: 'sha256~tok3n' }));
  assert.equal(access.token?.reveal(), 'sha256~tok3n');
  assert.deepEqual(access.trust, { kind: 'verify', ca: keys.ca });
  read(kubeconfig());
  assert.equal(redact(`token sha256~tok3n, key ${JSON.stringify(keys.admin.privateKey)}`), 'token ***, key "***"');
});

test('what other tools add beside the current context does not matter', () => {
  const document = kubeconfig({ 'insecure-skip-tls-verify': false }, { exec: null });
  document.clusters.push({ name: 'other', cluster: { server: 'http://other' } });
  assert.equal(read(document).host, NAME);
});

const whole = kubeconfig();
const other = keys.server.privateKey;
const half = Buffer.from(keys.ca + keys.ca.slice(0, 100)).toString('base64');
const REFUSED: [string, unknown, RegExp][] = [
  ['no document', '', /no whole YAML|no kubeconfig/],
  ['no YAML', 'clusters: [', /no whole YAML/],
  ['a page of HTML', '<html>', /no kubeconfig/],
  ['no current context', { ...whole, 'current-context': '' }, /does not have the context/],
  ['two of the current context', { ...whole, contexts: [...whole.contexts, ...whole.contexts] }, /exactly once/],
  ['a user that is not there', { ...whole, users: [] }, /the user admin/],
  ['a program to run', kubeconfig({}, { exec: { command: '/bin/sh' } }), /asks for exec/],
  ['a plug-in', kubeconfig({}, { 'auth-provider': { name: 'oidc' } }), /asks for auth-provider/],
  ['a key by path', kubeconfig({}, { 'client-key': '/root/.ssh/id_rsa' }), /asks for client-key/],
  ['a token by path', kubeconfig({}, { tokenFile: '/etc/shadow' }), /asks for tokenFile/],
  ['no check of the certificate', kubeconfig({ 'insecure-skip-tls-verify': true }), /insecure-skip-tls-verify/],
  ['a proxy', kubeconfig({ 'proxy-url': 'http://evil' }), /asks for proxy-url/],
  ['plain HTTP', kubeconfig({ server: `http://${NAME}:6443` }), /https:\/\/host:port/],
  ['a password in the server', kubeconfig({ server: `https://a:b@${NAME}:6443` }), /https:\/\/host:port/],
  ['no login', kubeconfig({}, { 'client-key-data': undefined }), /neither a token nor/],
  ['an authority that is cut off', kubeconfig({ 'certificate-authority-data': 'LS0tLS1CRUdJTiBD' }), /authority/],
  ['a second authority that is cut off', kubeconfig({ 'certificate-authority-data': half }), /authority/],
  ['a foreign key', kubeconfig({}, { 'client-key-data': Buffer.from(other).toString('base64') }), /no key of its/],
];

for (const [name, document, said] of REFUSED)
  test(`refused: ${name}`, () => {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    assert.throws(() => readKubeconfig(new Secret(text)), { code: 'E-CREDS', message: said });
  });

test('wherever a kubeconfig is cut off, it is refused, and the error quotes none of it', () => {
  const text = dump(kubeconfig(), { sortKeys: true, lineWidth: -1 }).trimEnd();
  for (let end = 0; end < text.length - 4; end += 7)
    assert.throws(
      () => readKubeconfig(new Secret(text.slice(0, end))),
      (error) => error instanceof SnobootError && error.code === 'E-CREDS' && !/LS0t|BEGIN/.test(error.message),
      `cut at ${end} of ${text.length}`,
    );
});
