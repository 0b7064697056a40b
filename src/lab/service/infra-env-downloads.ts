/** The downloads of an infra-env: where its ISO is, its ignition, its iPXE script (assisted-service.md §1.6). */
import { minor } from './catalogue.ts';
import { API } from './host-view.ts';
import { discoveryIgnition } from './ignition.ts';
import { imageUrl } from './infra-envs.ts';
import { type Call, infraEnvOf } from './service.ts';
import { type Answer, httpDate, Refusal, shortTime } from './wire.ts';

/** GET image-url: valid at once, without expiry. */
export function getImageUrl(call: Call): Answer {
  return { status: 200, json: { expires_at: shortTime(0), url: imageUrl(call.service, infraEnvOf(call)) } };
}

/** GET files: discovery.ign and ipxe-script, stamped with the infra-env's last change. */
export function downloadInfraEnvFile(call: Call): Answer {
  const { service, query } = call;
  const infraEnv = infraEnvOf(call);
  const name = query.get('file_name') ?? '';
  const headers = { 'Last-Modified': httpDate(infraEnv.updatedAt) };
  if (name === 'discovery.ign')
    return { status: 200, octets: Buffer.from(JSON.stringify(discoveryIgnition(service, infraEnv))), name, headers };
  if (name !== 'ipxe-script')
    throw new Refusal(400, 'file_name in query should be one of [discovery.ign ipxe-script]', 'openapi');
  const artifacts = `${service.baseUrl}/boot-artifacts`;
  const query2 = `arch=x86_64&version=${minor(infraEnv.openshiftVersion)}`;
  const script = `#!ipxe
initrd --name initrd ${service.baseUrl}/images/${infraEnv.id}/pxe-initrd?${query2}
kernel ${artifacts}/kernel?${query2} initrd=initrd coreos.live.rootfs_url=${artifacts}/rootfs?${query2} ignition.firstboot ignition.platform.id=metal
boot
`;
  return { status: 200, octets: Buffer.from(script), name: `${infraEnv.id}-ipxe-script`, headers };
}

/** GET files-presigned: the plain download URL, as without authentication. */
export function presignInfraEnvFile(call: Call): Answer {
  const { id } = infraEnvOf(call);
  const url = `${call.service.baseUrl}${API}/v2/infra-envs/${id}/downloads/files?file_name=${call.query.get('file_name')}`;
  return { status: 200, json: { expires_at: shortTime(0), url } };
}
