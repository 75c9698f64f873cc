import { createServer } from "node:net";

/** Throws when another program listens on one of the ports, whatever the address. */
export async function requireFreePorts(program: string, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    if (!(await isFree(port))) {
      throw new Error(`${program} needs port ${port}, where another program listens: see \`ss -ltnp\``);
    }
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen({ port, host: "0.0.0.0", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
