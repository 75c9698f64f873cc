import { runDaemon } from "@kube-ts/std/daemon";
import { apiServerFlags } from "./config/flags.ts";
import { loadServerConfig } from "./config/server-config.ts";
import { runApiServer } from "./server/api-server.ts";

await runDaemon({
  name: "kube-apiserver",
  description: "Serves the Kubernetes API from etcd: the only program that reads and writes the cluster's state.",
  flags: apiServerFlags,
  configure: loadServerConfig,
  run: runApiServer,
});
