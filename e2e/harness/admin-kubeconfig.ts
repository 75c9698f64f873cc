import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";

/** Writes the kubeconfig of the server's administrator where it goes with the server; answers its path. */
export function adminKubeconfig(server: ServerUnderTest): string {
  const file = join(server.directory, "admin.kubeconfig");
  const user = { "client-certificate": server.admin.cert, "client-key": server.admin.key };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: server.url, "certificate-authority": server.ca } }],
    users: [{ name: "admin", user }],
    contexts: [{ name: "x", context: { cluster: "c", user: "admin" } }],
    "current-context": "x",
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
