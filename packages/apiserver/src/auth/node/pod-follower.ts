import type { Pod } from "@kube-ts/api/core/v1";
import { pods } from "@kube-ts/api/resource-types";
import type { ObjectSource } from "../../registry/object-source.ts";
import type { NodeGraph } from "./node-graph.ts";

interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** Changed pods that may wait; with more, the oldest is looked at for each that comes. */
const maxChanged = 10_000;

/**
 * Keeps a graph's pods current. A changed pod is looked at when someone asks for the graph, so that many changes of
 * it count once, and none costs anything while no node asks.
 */
export class PodFollower implements Disposable {
  readonly #source: ObjectSource;
  readonly #graph: NodeGraph;
  readonly #changed = new Map<string, PodName>();
  readonly #subscription: Disposable;

  constructor(source: ObjectSource, graph: NodeGraph) {
    this.#source = source;
    this.#graph = graph;
    this.#subscription = source.onChange(pods, ({ namespace, name }) => this.#note({ namespace, name }));
    for (const pod of source.list(pods)) graph.setPod(pod);
  }

  /** Brings the graph to the state of the cache. */
  catchUp(): void {
    for (const pod of this.#changed.values()) this.#refresh(pod);
    this.#changed.clear();
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  #note(pod: PodName): void {
    this.#changed.set(`${pod.namespace}/${pod.name}`, pod);
    if (this.#changed.size <= maxChanged) return;
    for (const [key, oldest] of this.#changed) {
      this.#changed.delete(key);
      this.#refresh(oldest);
      return;
    }
  }

  #refresh({ namespace, name }: PodName): void {
    const pod: Pod | undefined = this.#source.get(pods, namespace, name);
    if (pod) this.#graph.setPod(pod);
    else this.#graph.removePod(namespace, name);
  }
}
