import { LruMap } from "@kube-ts/client/lru-map";
import type { Outcome } from "./status.ts";

/** What is remembered of the nodes for one kind of pod, by the nodes' slots. */
export interface NodeMemo {
  /** The generation of the node for which the outcome holds. */
  readonly filteredAt: number[];
  readonly outcomes: Outcome[];
  /** By score plugin: generations and scores. */
  readonly scoredAt: number[][];
  readonly scores: number[][];
}

const maxSignatures = 64;

/** Filter outcomes and scores that identical pods share. An entry holds for one generation of one node. */
export class NodeMemos {
  readonly #bySignature = new LruMap<string, NodeMemo>(maxSignatures);
  #epoch = -1;
  #cleared = 0;

  /** All is forgotten when the epoch is another than before: what plugins know of the cluster has changed. */
  of(signature: string, epoch: number): NodeMemo {
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#cleared += 1;
    }
    const key = `${this.#cleared}:${signature}`;
    let memo = this.#bySignature.get(key);
    if (!memo) this.#bySignature.set(key, (memo = { filteredAt: [], outcomes: [], scoredAt: [], scores: [] }));
    return memo;
  }
}
