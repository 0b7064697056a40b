/** Servers of the lab: on 127.0.0.1, a port of the system's choice, for peers on this machine only. */
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Listening {
  port: number;
  /** Ends every connection too. */
  close(): Promise<void>;
}

/** Starts to listen; rejects with the socket's error. */
export async function listen(server: Server): Promise<Listening> {
  server.on('connection', (socket: Socket) => {
    if (!isLoopback(socket.remoteAddress)) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/** 127.0.0.0/8 and ::1, mapped or not. */
export function isLoopback(address: string | undefined): boolean {
  return /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(address ?? '');
}
