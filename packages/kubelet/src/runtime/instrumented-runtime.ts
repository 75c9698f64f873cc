import type { Clock } from "@kube-ts/std/clock";
import type { ImageService } from "./image-service.ts";
import type { Runtime, RuntimeEvent } from "./runtime.ts";
import type { RuntimeMetrics } from "./runtime-metrics.ts";

/** The same runtime, whose calls are counted and timed. */
export function instrumentedRuntime(runtime: Runtime, metrics: RuntimeMetrics, clock: Clock): Runtime {
  const timed = timer(metrics, clock);
  const run = timed("run_podsandbox", (...args: Parameters<Runtime["runPodSandbox"]>) =>
    runtime.runPodSandbox(...args),
  );
  return {
    images: instrumentedImages(runtime.images, timed),
    version: timed("version", (...args) => runtime.version(...args)),
    status: timed("status", (...args) => runtime.status(...args)),
    updatePodCidrs: timed("update_runtime_config", (...args) => runtime.updatePodCidrs(...args)),
    runPodSandbox: async (config, signal) => {
      const startMs = clock.monotonicMs();
      let failed = true;
      try {
        const id = await run(config, signal);
        failed = false;
        return id;
      } finally {
        metrics.sandboxRun(config.runtimeHandler ?? "", (clock.monotonicMs() - startMs) / 1000, failed);
      }
    },
    stopPodSandbox: timed("stop_podsandbox", (...args) => runtime.stopPodSandbox(...args)),
    removePodSandbox: timed("remove_podsandbox", (...args) => runtime.removePodSandbox(...args)),
    podSandboxStatus: timed("podsandbox_status", (...args) => runtime.podSandboxStatus(...args)),
    listPodSandboxes: timed("list_podsandbox", (...args) => runtime.listPodSandboxes(...args)),
    createContainer: timed("create_container", (...args) => runtime.createContainer(...args)),
    startContainer: timed("start_container", (...args) => runtime.startContainer(...args)),
    stopContainer: timed("stop_container", (...args) => runtime.stopContainer(...args)),
    removeContainer: timed("remove_container", (...args) => runtime.removeContainer(...args)),
    updateContainerResources: timed("update_container", (...args) => runtime.updateContainerResources(...args)),
    containerStatus: timed("container_status", (...args) => runtime.containerStatus(...args)),
    listContainers: timed("list_containers", (...args) => runtime.listContainers(...args)),
    execSync: timed("exec_sync", (...args) => runtime.execSync(...args)),
    exec: timed("exec", (...args) => runtime.exec(...args)),
    attach: timed("attach", (...args) => runtime.attach(...args)),
    portForward: timed("port_forward", (...args) => runtime.portForward(...args)),
    logs: (...args) => runtime.logs(...args),
    listContainerStats: timed("list_container_stats", (...args) => runtime.listContainerStats(...args)),
    listPodSandboxStats: timed("list_podsandbox_stats", (...args) => runtime.listPodSandboxStats(...args)),
    listPodSandboxMetrics: timed("list_podsandbox_metrics", (...args) => runtime.listPodSandboxMetrics(...args)),
    events: (signal) => countedEvents(runtime.events(signal), metrics),
  };
}

type Timed = <A extends unknown[], R>(
  operation: string,
  call: (...args: A) => Promise<R>,
) => (...args: A) => Promise<R>;

function instrumentedImages(images: ImageService, timed: Timed): ImageService {
  return {
    list: timed("list_images", (...args) => images.list(...args)),
    status: timed("image_status", (...args) => images.status(...args)),
    pull: timed("pull_image", (...args) => images.pull(...args)),
    remove: timed("remove_image", (...args) => images.remove(...args)),
    fsInfo: timed("image_fs_info", (...args) => images.fsInfo(...args)),
    // Parts of what a runtime behind CRI does within the creation of a container.
    hold: (...args) => images.hold(...args),
    holding: (...args) => images.holding(...args),
    release: (...args) => images.release(...args),
    held: (...args) => images.held(...args),
  };
}

function timer(metrics: RuntimeMetrics, clock: Clock): Timed {
  return (operation, call) =>
    async (...args) => {
      const startMs = clock.monotonicMs();
      let failed = true;
      try {
        const result = await call(...args);
        failed = false;
        return result;
      } finally {
        metrics.done(operation, (clock.monotonicMs() - startMs) / 1000, failed);
      }
    };
}

/** Each stream of events that comes about begins with a `resync`. */
async function* countedEvents(events: AsyncIterable<RuntimeEvent>, metrics: RuntimeMetrics) {
  for await (const event of events) {
    if (event.type === "resync") metrics.connected();
    yield event;
  }
}
