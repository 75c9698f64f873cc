import type { Selector } from "@kube-ts/api/selectors";
import { LruMap } from "@kube-ts/client/lru-map";
import { countMatching } from "@kube-ts/api/placement/hard-spread";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";

interface Counts {
  /** By slot: the node's generation when it was counted, and the count. */
  readonly generations: number[];
  readonly counts: number[];
}

const maxSelectors = 128;

/**
 * How many pods of a namespace a selector matches on each node. Nodes that have not changed are not counted again, so
 * that one more pod costs one node's count.
 */
export class SelectorCounts {
  readonly #bySelector = new LruMap<string, Counts>(maxSelectors);

  /** A counter for one selector; terminating pods do not count. Valid for the running cycle. */
  of(namespace: string, selector: Selector): (node: NodeInfo) => number {
    if (selector.isNothing) return () => 0;
    const key = `${namespace}/${selector.toString()}`;
    let known = this.#bySelector.get(key);
    if (!known) this.#bySelector.set(key, (known = { generations: [], counts: [] }));
    const { generations, counts } = known;
    return (node) => {
      if (generations[node.slot] !== node.generation) {
        generations[node.slot] = node.generation;
        counts[node.slot] = countMatching(node, namespace, selector);
      }
      return counts[node.slot] ?? 0;
    };
  }
}
