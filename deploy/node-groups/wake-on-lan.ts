import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";

const macPattern =
  /^([0-9a-f]{2})[:-]?([0-9a-f]{2})[:-]?([0-9a-f]{2})[:-]?([0-9a-f]{2})[:-]?([0-9a-f]{2})[:-]?([0-9a-f]{2})$/i;

/** What a sleeping network card listens for: six bytes of ones, then its address sixteen times. Throws for no address. */
export function magicPacket(mac: string): Buffer {
  const bytes = macPattern.exec(mac)?.slice(1);
  if (!bytes) throw new Error(`${JSON.stringify(mac)} is not a hardware address`);
  const address = Buffer.from(bytes.join(""), "hex");
  return Buffer.concat([Buffer.alloc(6, 0xff), ...Array.from({ length: 16 }, () => address)]);
}

/** Sends the packet; that it was heard nobody tells. */
export async function wakeOnLan(mac: string, address: string, port: number): Promise<void> {
  const packet = magicPacket(mac);
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(0, () => {
        if (!isIPv6(address)) socket.setBroadcast(true);
        socket.send(packet, port, address, (error) => (error ? reject(error) : resolve()));
      });
    });
  } finally {
    socket.close();
  }
}
