import type { Pod } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { goQuote } from "@kube-ts/api/go-quote";
import { quantityOf } from "@kube-ts/api/quantity";
import { nodes, pods } from "@kube-ts/api/resource-types";
import type { ObjectSource } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";

/** What an update can ask of a node that not every kubelet does, by the name under which nodes declare it. */
const features: readonly { readonly name: string; isNeeded(pod: Pod, old: Pod): boolean }[] = [
  {
    name: "GuaranteedQoSPodCPUResize",
    isNeeded: (pod, old) => old.status?.qosClass === "Guaranteed" && changesCpu(pod, old),
  },
  {
    name: "InPlacePodLevelResourcesVerticalScaling",
    isNeeded: (pod, old) => !semanticEqual(pod.spec.resources, old.spec.resources),
  },
];

/** Pods are not changed in ways that their node does not know. */
export class NodeDeclaredFeatureValidator implements AdmissionPlugin {
  readonly name = "NodeDeclaredFeatureValidator";
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "UPDATE";
  }

  validate(attributes: AdmissionAttributes): void {
    if (!isWriteOf(attributes, pods, ["", "resize"])) return;
    const [pod, old] = [attributes.object as Pod | undefined, attributes.oldObject as Pod | undefined];
    if (!pod?.spec.nodeName || !old || pod.metadata.generation === old.metadata.generation) return;
    const needed = features.filter((feature) => feature.isNeeded(pod, old)).map(({ name }) => name);
    if (needed.length > 0) this.#require(attributes, pod.spec.nodeName, needed);
  }

  #require(attributes: AdmissionAttributes, nodeName: string, needed: readonly string[]): void {
    const node = this.#source.get(nodes, "", nodeName);
    if (!node) throw admissionForbidden(attributes, `node ${goQuote(nodeName)} not found`);
    const missing = needed.filter((name) => !node.status?.declaredFeatures?.includes(name));
    if (missing.length === 0) return;
    const problem = `pod update requires features ${missing.join(", ")} which are not available on node ${goQuote(nodeName)}`;
    throw admissionForbidden(attributes, problem);
  }
}

function changesCpu(pod: Pod, old: Pod): boolean {
  return old.spec.containers.some(({ resources }, index) => {
    const now = pod.spec.containers[index]?.resources?.requests?.["cpu"];
    return !quantityOf(resources?.requests?.["cpu"]?.toString()).equals(quantityOf(now?.toString()));
  });
}
