import { runDaemon } from "@kube-ts/std/daemon";
import { schedulerFlags } from "./config/flags.ts";
import { loadSchedulerConfig } from "./config/scheduler-config.ts";
import { runKubeScheduler } from "./kube-scheduler.ts";

await runDaemon({
  name: "kube-scheduler",
  description: "Gives every pending pod a node that fits it best.",
  flags: schedulerFlags,
  configure: loadSchedulerConfig,
  run: runKubeScheduler,
});
