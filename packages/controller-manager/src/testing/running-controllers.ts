import { TaskGroup } from "@kube-ts/std/task-group";
import type { ControllerDefinition } from "../framework/controller.ts";
import type { MemoryCluster } from "./memory-cluster.ts";

/** For tests: controllers at work on a cluster in memory. */
export class RunningControllers implements AsyncDisposable {
  readonly #cluster: MemoryCluster;
  readonly #tasks = new TaskGroup(new AbortController().signal);

  private constructor(cluster: MemoryCluster) {
    this.#cluster = cluster;
  }

  /** Starts the controllers and lets them come to rest; `args` are flags of the daemon. */
  static async start(
    cluster: MemoryCluster,
    definitions: readonly ControllerDefinition[],
    args: readonly string[] = [],
  ): Promise<RunningControllers> {
    const running = new RunningControllers(cluster);
    const context = await cluster.context(args);
    const controllers = definitions.map((definition) => definition.create(context));
    for (const controller of controllers) running.#tasks.start((signal) => controller.run(signal));
    await running.settle();
    return running;
  }

  /** Lets them work until nothing is written any more, for less than a second of the cluster's clock. */
  async settle(): Promise<void> {
    for (let round = 0; round < 90; round += 1) {
      const before = this.#cluster.writes;
      await this.#cluster.clock.advance(10);
      if (this.#cluster.writes === before) return;
    }
    throw new Error("the controllers never come to rest");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tasks.stop();
  }
}
