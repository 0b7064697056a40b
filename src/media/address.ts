/** Which address of this machine a BMC can reach. */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { SnobootError } from '../core/errors.ts';

const ANY_PORT = 9;

/** The local address from which packets to the BMC would go; nothing is sent. Rejects with E-MEDIA-ADDRESS. */
export async function routedAddress(bmcHost: string): Promise<string> {
  try {
    const { address, family } = await lookup(bmcHost.replace(/^\[(.*)\]$/, '$1'));
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    try {
      socket.connect(ANY_PORT, address);
      await once(socket, 'connect');
      return socket.address().address;
    } finally {
      socket.close();
    }
  } catch (error) {
    throw new SnobootError(
      'E-MEDIA-ADDRESS',
      `no address of this machine routes to ${bmcHost}: ${(error as Error).message}`,
      'set the media address to one of this machine that the BMC can reach',
    );
  }
}
