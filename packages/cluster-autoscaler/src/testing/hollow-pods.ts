import type { Pod } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import { pods } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { InformerFactory } from "@kube-ts/client/informer-factory";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { systemRandom } from "@kube-ts/std/random";
import { TaskGroup } from "@kube-ts/std/task-group";

/** For tests: says of every pod that has a node that it runs and is ready, and lets it go when it is to. */
export class HollowPods {
  readonly #client: Client;
  /** Nodes that are dead: what is on them stays as it is. */
  readonly deadNodes = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
  }

  async run(signal: AbortSignal): Promise<void> {
    const tasks = new TaskGroup(signal);
    const informers = new InformerFactory(this.#client, {
      clock: systemClock,
      random: systemRandom,
      log: silentLogger,
    });
    const seen = (pod: Pod) => tasks.start(() => this.#sync(pod));
    informers.informer(pods).subscribe({ added: seen, updated: (_old, pod) => seen(pod) });
    tasks.start((inner) => informers.run(inner));
    await tasks.settled();
  }

  async #sync(pod: Pod): Promise<void> {
    const { nodeName } = pod.spec;
    if (!nodeName || this.deadNodes.has(nodeName)) return;
    const key = { namespace: namespaceOf(pod), name: nameOf(pod) };
    const resource = this.#client.resource(pods);
    try {
      if (pod.metadata.deletionTimestamp) {
        await resource.delete(key, { gracePeriodSeconds: 0, preconditions: { uid: uidOf(pod) } });
      } else if (pod.status?.phase === "Pending") {
        const ready = { type: "Ready", status: "True", lastTransitionTime: formatTime(Date.now()) };
        const status = { phase: "Running", conditions: [ready] };
        await resource.patch(key, "strategic", { metadata: { uid: uidOf(pod) }, status }, { subresource: "status" });
      }
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}
