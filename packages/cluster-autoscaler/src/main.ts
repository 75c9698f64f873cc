import { runDaemon } from "@kube-ts/std/daemon";
import { runClusterAutoscaler } from "./cluster-autoscaler.ts";
import { loadAutoscalerConfig } from "./config/autoscaler-config.ts";
import { autoscalerFlags } from "./config/flags.ts";

await runDaemon({
  name: "cluster-autoscaler",
  description: "Adds machines to the cluster when pods do not fit, and removes those that are not needed.",
  flags: autoscalerFlags,
  configure: loadAutoscalerConfig,
  run: runClusterAutoscaler,
});
