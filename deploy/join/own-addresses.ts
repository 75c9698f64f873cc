import { connect, isIPv6 } from "node:net";
import { once } from "node:events";
import { networkInterfaces } from "node:os";

const connectMs = 10_000;

/**
 * The addresses of the interface by which this machine reaches a server; the one that it uses for that comes first.
 * Rejects when it cannot reach it.
 */
export async function addressesTowards(server: string, signal: AbortSignal): Promise<readonly string[]> {
  const { hostname, port } = new URL(server);
  const socket = connect({ host: hostname.replaceAll(/[[\]]/g, ""), port: Number(port || 443) });
  try {
    await once(socket, "connect", { signal: AbortSignal.any([signal, AbortSignal.timeout(connectMs)]) });
    const own = socket.localAddress ?? "";
    return [own, ...besides(own)];
  } finally {
    socket.destroy();
  }
}

function besides(own: string): readonly string[] {
  const all = Object.values(networkInterfaces()).map((list) => list?.map(({ address }) => address) ?? []);
  const ofInterface = all.find((addresses) => addresses.includes(own)) ?? [];
  return ofInterface.filter((address) => address !== own && !(isIPv6(address) && /^fe[89ab]/i.test(address)));
}
