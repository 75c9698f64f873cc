import type { AddressInfo, ListenOptions, Server } from "node:net";

/** Has the server listen; answers its port, 0 for a socket file. Rejects when it cannot. */
export async function listen(server: Server, where: ListenOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return portOf(server.address());
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address ? address.port : 0;
}
