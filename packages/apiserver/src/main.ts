import { runDaemon } from "@kube-ts/std/daemon";
import { apiServerFlags } from "./config/flags.ts";
import { loadServerConfig } from "./config/server-config.ts";
import { runApiServer } from "./server/api-server.ts";
import { followPrimary, isWorker, runWorkers } from "./server/workers.ts";

/** What remains to be ended when all requests have been answered. */
const endMs = 30_000;

await runDaemon({
  name: "kube-apiserver",
  description: "Serves the Kubernetes API from etcd: the only program that reads and writes the cluster's state.",
  flags: apiServerFlags,
  configure: loadServerConfig,
  drainDeadlineMs: ({ lifecycle, requests }) =>
    lifecycle.shutdownDelayMs + requests.timeoutMs + lifecycle.watchGraceMs + endMs,
  run: (config, context) => {
    if (isWorker()) followPrimary(context.signal);
    else if (config.serving.workers > 1) return runWorkers(config.serving.workers, context);
    return runApiServer(config, context);
  },
});
