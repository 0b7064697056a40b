/** The host's logs on their way to the service (assisted-service.md §3.6). */
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { hostPath, type Live } from './live-types.ts';

const BOUNDARY = 'lab-host-logs';

/** Reports that logs come, sends a tar.gz with the installer's log, reports that they came. */
export async function uploadLogs(live: Live, clusterId: string): Promise<void> {
  const { api, config, host, lab } = live;
  const tar = pack();
  tar.entry({ name: 'installer.log' }, `${new Date(lab.clock.now()).toISOString()} installer of ${host.serial}\n`);
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const chunk of tar) parts.push(chunk);
  const query = `logs_type=host&host_id=${host.uuid}&infra_env_id=${config.infraEnvId}`;
  await api('PUT', `${hostPath(live)}/logs-progress`, { logs_state: 'requested' });
  await api('POST', `/clusters/${clusterId}/logs?${query}`, multipart(gzipSync(Buffer.concat(parts))), {
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
  });
  await api('PUT', `${hostPath(live)}/logs-progress`, { logs_state: 'completed' });
}

function multipart(content: Buffer): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="upfile"; filename="logs.tar.gz"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
}
