import type { Pod } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import { pods } from "@kube-ts/api/resource-types";
import { abortable } from "@kube-ts/std/abort";
import type { ObjectSource } from "../../registry/object-source.ts";
import type { NodeGraph } from "./node-graph.ts";

interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** A node that has asked. */
interface FollowedNode {
  /** Settles when its pods are in the graph; undefined once they are. */
  loading: Promise<void> | undefined;
}

/** Changed pods that may wait for the next question; with more, every node is looked up anew when it asks. */
const maxChanged = 10_000;

/**
 * Keeps the pods of a graph current: those of the nodes that have asked, so that a server knows no more pods than those
 * of its own kubelets. A changed pod is looked at when a node asks, so that many changes of it count once.
 */
export class PodFollower implements Disposable {
  readonly #source: ObjectSource;
  readonly #graph: NodeGraph;
  readonly #nodes = new Map<string, FollowedNode>();
  readonly #changed = new Map<string, PodName>();
  readonly #subscription: Disposable;
  readonly #closing = new AbortController();

  constructor(source: ObjectSource, graph: NodeGraph) {
    this.#source = source;
    this.#graph = graph;
    this.#subscription = source.onChange(pods, ({ namespace, name }) => this.#note({ namespace, name }));
  }

  /** Brings the graph to the state of the cache as far as the node is concerned; undefined when that is done at once. */
  catchUp(node: string, signal: AbortSignal): Promise<void> | undefined {
    const { loading } = this.#nodes.get(node) ?? this.#follow(node);
    if (loading) return abortable(loading, signal).then(() => this.catchUp(node, signal));
    for (const pod of this.#changed.values()) this.#refresh(pod);
    this.#changed.clear();
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    this.#closing.abort(new Error("the server stops"));
  }

  #follow(node: string): FollowedNode {
    const followed: FollowedNode = { loading: undefined };
    this.#nodes.set(node, followed);
    const stillFollowed = () => this.#nodes.get(node) === followed;
    followed.loading = this.#load(node, stillFollowed)
      .catch((error: unknown) => {
        if (stillFollowed()) this.#nodes.delete(node);
        throw error;
      })
      .finally(() => (followed.loading = undefined));
    followed.loading.catch(() => undefined);
    return followed;
  }

  /** Takes the node's pods in as they are now: what changes after the look-up began was noted. */
  async #load(node: string, stillFollowed: () => boolean): Promise<void> {
    const wanted = { kind: "field", name: "spec.nodeName", value: node } as const;
    const found = await this.#source.listHaving(pods, wanted, this.#closing.signal);
    if (!stillFollowed()) return;
    for (const pod of found) this.#refresh({ namespace: namespaceOf(pod), name: nameOf(pod) });
  }

  #note(pod: PodName): void {
    if (this.#nodes.size === 0) return;
    this.#changed.set(`${pod.namespace}/${pod.name}`, pod);
    if (this.#changed.size <= maxChanged) return;
    this.#changed.clear();
    this.#nodes.clear();
    this.#graph.forgetPods();
  }

  #refresh({ namespace, name }: PodName): void {
    const pod: Pod | undefined = this.#source.get(pods, namespace, name);
    if (pod && this.#nodes.has(pod.spec.nodeName ?? "")) this.#graph.setPod(pod);
    else this.#graph.removePod(namespace, name);
  }
}
