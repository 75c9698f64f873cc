import type { Pod, PreemptionPolicy } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import { pods, priorityClasses } from "@kube-ts/api/resource-types";
import type { PriorityClass } from "@kube-ts/api/scheduling/v1";
import type { ObjectSource } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";

/** What pods have that name no class while no class is the default. */
const fallback = { className: "", value: 0, preemptionPolicy: "PreemptLowerPriority" } as const;

/** Gives pods the priority of their class. */
export class Priority implements AdmissionPlugin {
  readonly name = "Priority";
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  admit(attributes: AdmissionAttributes): void {
    if (!isWriteOf(attributes, pods) || !attributes.object) return;
    const pod = attributes.object as Pod;
    if (attributes.operation === "UPDATE") keepPriority(pod, attributes.oldObject as Pod | undefined);
    else this.#setPriority(pod, attributes);
  }

  validate(attributes: AdmissionAttributes): void {
    if (!isWriteOf(attributes, priorityClasses) || !attributes.object) return;
    const priorityClass = attributes.object as PriorityClass;
    if (!priorityClass.globalDefault) return;
    const current = this.#defaultClass();
    if (!current || (attributes.operation === "UPDATE" && nameOf(current) === nameOf(priorityClass))) return;
    throw admissionForbidden(
      attributes,
      `PriorityClass ${nameOf(current)} is already marked as default. Only one default can exist`,
    );
  }

  #setPriority(pod: Pod, attributes: AdmissionAttributes): void {
    const { className, value, preemptionPolicy } = this.#resolve(pod, attributes);
    const given = pod.spec.priority;
    if (given !== undefined && given !== value) {
      throw admissionForbidden(
        attributes,
        `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      );
    }
    if (className !== "") pod.spec.priorityClassName = className;
    pod.spec.priority = value;
    if (!preemptionPolicy) return;
    const policy = pod.spec.preemptionPolicy;
    if (policy !== undefined && policy !== preemptionPolicy) {
      throw admissionForbidden(
        attributes,
        `the string value of PreemptionPolicy (${policy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`,
      );
    }
    pod.spec.preemptionPolicy = preemptionPolicy;
  }

  #resolve(
    pod: Pod,
    attributes: AdmissionAttributes,
  ): { className: string; value: number; preemptionPolicy: PreemptionPolicy | undefined } {
    const name = pod.spec.priorityClassName ?? "";
    const found = name === "" ? this.#defaultClass() : this.#source.get(priorityClasses, "", name);
    if (found) {
      return { className: nameOf(found), value: found.value ?? 0, preemptionPolicy: found.preemptionPolicy };
    }
    if (name === "") return fallback;
    throw admissionForbidden(attributes, `no PriorityClass with name ${name} was found`);
  }

  /** Two servers may each have let a default class through; the lower one counts then. */
  #defaultClass(): PriorityClass | undefined {
    let lowest: PriorityClass | undefined;
    for (const candidate of this.#source.list(priorityClasses)) {
      if (candidate.globalDefault && (candidate.value ?? 0) < (lowest?.value ?? Infinity)) lowest = candidate;
    }
    return lowest;
  }
}

/** An update that leaves out what was filled in on creation means to keep it. */
function keepPriority(pod: Pod, old: Pod | undefined): void {
  if (old?.spec.priority !== undefined) pod.spec.priority ??= old.spec.priority;
  if (old?.spec.preemptionPolicy !== undefined) pod.spec.preemptionPolicy ??= old.spec.preemptionPolicy;
}
