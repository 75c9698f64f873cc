import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import type { KeyPairFiles } from "../../deploy/pki/authority.ts";

/** Writes the kubeconfig of the server's administrator where it goes with the server; answers its path. */
export function adminKubeconfig(server: ServerUnderTest): string {
  return writeKubeconfig(server, "admin", server.admin);
}

/** Writes a kubeconfig with a client certificate where it goes with the server; answers its path. */
export function writeKubeconfig(server: ServerUnderTest, name: string, { cert, key }: KeyPairFiles): string {
  const file = join(server.directory, `${name}.kubeconfig`);
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: server.url, "certificate-authority": server.ca } }],
    users: [{ name, user: { "client-certificate": cert, "client-key": key } }],
    contexts: [{ name: "x", context: { cluster: "c", user: name } }],
    "current-context": "x",
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
