import type { Pod } from "@kube-ts/api/core/v1";
import { pods } from "@kube-ts/api/resource-types";
import type { Informer, InformerSource } from "@kube-ts/client/informer";

const podsByNode = "node-name";

/** The pods that are bound to each node. */
export class PodsByNode {
  readonly informer: Informer<Pod>;

  constructor(informers: InformerSource) {
    this.informer = informers.informer(pods);
    this.informer.addIndex(podsByNode, ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
  }

  on(nodeName: string): readonly Pod[] {
    return this.informer.byIndex(podsByNode, nodeName);
  }
}
