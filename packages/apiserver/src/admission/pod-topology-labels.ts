import type { Binding, Pod } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { nodes, pods } from "@kube-ts/api/resource-types";
import { regionLabel, zoneLabel } from "@kube-ts/api/well-known-labels";
import type { ObjectSource } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./forbidden.ts";

const copied = [zoneLabel, regionLabel];

/** Tells pods by labels in which zone and region their node is: those of a binding become the pod's. */
export class PodTopologyLabels implements AdmissionPlugin {
  readonly name = "PodTopologyLabels";
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE";
  }

  admit(attributes: AdmissionAttributes): void {
    const { object } = attributes;
    if (!object) return;
    if (isWriteOf(attributes, pods)) this.#copyLabels(object, (object as Pod).spec.nodeName);
    if (!isWriteOf(attributes, pods, ["binding"]) && !isWriteOf(attributes, { group: "", plural: "bindings" })) return;
    const { target } = object as Binding;
    if (target.kind === "Node") this.#copyLabels(object, target.name);
  }

  #copyLabels({ metadata }: KubeObject, nodeName: string | undefined): void {
    if (!nodeName) return;
    const labels = this.#source.get(nodes, "", nodeName)?.metadata.labels;
    if (!labels) return;
    for (const name of copied) {
      const value = labels[name];
      if (value !== undefined) metadata.labels = { ...metadata.labels, [name]: value };
    }
  }
}
