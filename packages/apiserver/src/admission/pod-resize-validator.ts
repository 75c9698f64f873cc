import type { Node, Pod } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { nameOf } from "@kube-ts/api/object";
import { podRequests } from "@kube-ts/api/pod-resources";
import { quantityOf } from "@kube-ts/api/quantity";
import { nodes, pods } from "@kube-ts/api/resource-types";
import { osLabel } from "@kube-ts/api/well-known-labels";
import type { ObjectSource } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";

/** A pod grows only as far as its node reaches. */
export class PodResizeValidator implements AdmissionPlugin {
  readonly name = "PodResizeValidator";
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "UPDATE";
  }

  validate(attributes: AdmissionAttributes): void {
    if (!isWriteOf(attributes, pods, ["resize"]) || !attributes.object || !attributes.oldObject) return;
    const pod = attributes.object as Pod;
    const { nodeName } = pod.spec;
    if (!nodeName || pod.metadata.generation === attributes.oldObject.metadata.generation) return;
    const node = this.#source.get(nodes, "", nodeName);
    const problem = node ? resizeProblem(pod, node) : `node ${goQuote(nodeName)} not found`;
    if (problem !== undefined) throw admissionForbidden(attributes, problem);
  }
}

function resizeProblem(pod: Pod, node: Node): string | undefined {
  const { allocatable = {} } = node.status ?? {};
  const requests = podRequests(pod);
  const short: string[] = [];
  for (const [name, scale] of [["cpu", -3] as const, ["memory", 0] as const]) {
    const [wanted, there] = [requests.get(name) ?? quantityOf("0"), quantityOf(allocatable[name]?.toString())];
    if (wanted.compare(there) <= 0) continue;
    short.push(`${name}, requested: ${wanted.scaledValue(scale)}, allocatable: ${there.scaledValue(scale)}`);
  }
  if (short.length > 0) return `Node didn't have enough allocatable resources: ${short.join("; ")}`;
  const os = node.metadata.labels?.[osLabel] ?? "";
  if (os === "linux") return undefined;
  return `pod resize is only supported on linux nodes, node ${goQuote(nameOf(node))} is ${goQuote(os)}`;
}
