import { runDaemon } from "@kube-ts/std/daemon";
import { loadControllerManagerConfig } from "./config/controller-manager-config.ts";
import { controllerManagerFlags } from "./config/flags.ts";
import { runControllerManager } from "./controller-manager.ts";

await runDaemon({
  name: "kube-controller-manager",
  description: "Runs the control loops that move the cluster from the state it is in to the state that is wanted.",
  flags: controllerManagerFlags,
  configure: loadControllerManagerConfig,
  run: runControllerManager,
});
