import type { Pod, ResourceList } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import type { RuntimeClass } from "@kube-ts/api/node/v1";
import { quantityOf } from "@kube-ts/api/quantity";
import { pods, runtimeClasses } from "@kube-ts/api/resource-types";
import type { ObjectSource } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";
import { mergeTolerations } from "./merge-tolerations.ts";

/** Gives new pods the overhead of their runtime class, and sends them to the nodes that support it. */
export class RuntimeClassAdmission implements AdmissionPlugin {
  readonly name = "RuntimeClass";
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE";
  }

  admit(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> | undefined {
    const pod = newPod(attributes);
    return pod?.spec.runtimeClassName === undefined ? undefined : this.#apply(pod, attributes, signal);
  }

  validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> | undefined {
    const pod = newPod(attributes);
    const hasNothing = pod?.spec.runtimeClassName === undefined && isEmpty(pod?.spec.overhead);
    return hasNothing || !pod ? undefined : this.#check(pod, attributes, signal);
  }

  async #apply(pod: Pod, attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    const runtimeClass = await this.#classOf(pod, attributes, signal);
    if (!runtimeClass) return;
    setOverhead(pod, runtimeClass, attributes);
    setScheduling(pod, runtimeClass, attributes);
  }

  async #check(pod: Pod, attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    const runtimeClass = await this.#classOf(pod, attributes, signal);
    const { overhead } = pod.spec;
    if (isEmpty(overhead)) return;
    if (!runtimeClass?.overhead) {
      const problem = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";
      throw admissionForbidden(attributes, problem);
    }
    if (!sameAmounts(runtimeClass.overhead.podFixed, overhead)) throw overheadMismatch(attributes);
  }

  /** The class that the pod names; throws when there is no such class. */
  async #classOf(
    { spec: { runtimeClassName: name } }: Pod,
    attributes: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<RuntimeClass | undefined> {
    if (name === undefined) return undefined;
    const found =
      this.#source.get(runtimeClasses, "", name) ?? (await this.#source.getLatest(runtimeClasses, "", name, signal));
    if (found) return found;
    throw admissionForbidden(attributes, `pod rejected: RuntimeClass ${goQuote(name)} not found`);
  }
}

function newPod(attributes: AdmissionAttributes): Pod | undefined {
  return isWriteOf(attributes, pods) ? (attributes.object as Pod | undefined) : undefined;
}

function setOverhead({ spec }: Pod, { overhead }: RuntimeClass, attributes: AdmissionAttributes): void {
  if (!overhead) return;
  if (!isEmpty(spec.overhead) && !sameAmounts(overhead.podFixed, spec.overhead)) throw overheadMismatch(attributes);
  if (overhead.podFixed) spec.overhead = { ...overhead.podFixed };
  else delete spec.overhead;
}

function setScheduling({ spec }: Pod, { scheduling }: RuntimeClass, attributes: AdmissionAttributes): void {
  if (!scheduling) return;
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own !== undefined && own !== value) {
      const problem = `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`;
      throw admissionForbidden(attributes, problem);
    }
    spec.nodeSelector = { ...spec.nodeSelector, [key]: value };
  }
  const tolerations = mergeTolerations(spec.tolerations ?? [], structuredClone(scheduling.tolerations ?? []));
  if (tolerations.length > 0) spec.tolerations = tolerations;
}

function overheadMismatch(attributes: AdmissionAttributes) {
  return admissionForbidden(attributes, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
}

function isEmpty(list: ResourceList | undefined): boolean {
  return list === undefined || Object.keys(list).length === 0;
}

function sameAmounts(a: ResourceList = {}, b: ResourceList = {}): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => name in a && name in b && quantityOf(a[name]).equals(quantityOf(b[name])));
}
