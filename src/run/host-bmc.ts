/** The BMC of a host, reached in one way by those who act and by those who only look. */
import type { Secret } from '../core/secret.ts';
import type { BmcSpec, HostSpec } from '../inventory/types.ts';
import { type Bmc, type BmcPorts, connectBmc } from '../redfish/bmc.ts';
import type { HostPin } from '../stages/context.ts';
import { renewed } from '../stages/identity.ts';

type RedfishSpec = Extract<BmcSpec, { kind: 'redfish' }>;

export function redfishOf({ name, bmc }: HostSpec): RedfishSpec {
  if (bmc.kind === 'lab') throw new TypeError(`${name}: a lab address that was not put in place`);
  return bmc;
}

/** `https://host:port` of each host's BMC, as leases and clients name it. */
export function originOf(host: HostSpec): string {
  return redfishOf(host).origin;
}

/** Its host name or address; IPv6 without brackets. */
export function bmcHostOf(host: HostSpec): string {
  return new URL(originOf(host)).hostname.replace(/^\[|\]$/g, '');
}

/**
 * Logs in. Where nothing else vouches for the certificate, the password goes to the one that was pinned alone. Throws
 * E-IDENT for another one, E-STATE for a pin that cannot be read, and what `connectBmc` throws.
 */
export function openBmc(
  host: HostSpec,
  pin: Pick<HostPin, 'place' | 'recall'>,
  password: Secret,
  ports: Omit<BmcPorts, 'onCertificate'>,
): Promise<Bmc> {
  const { origin, systemPath, username, trust } = redfishOf(host);
  return connectBmc(
    { origin, systemPath, username, password, trust },
    {
      ...ports,
      onCertificate: (now) => {
        const before = trust.kind === 'insecure' ? (pin.recall()?.fingerprint ?? now) : now;
        if (before !== now) throw renewed(bmcHostOf(host), pin.place, before, null, now);
      },
    },
  );
}
