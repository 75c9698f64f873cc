import type { PersistentVolumeClaim, Pod } from "@kube-ts/api/core/v1";
import { limitRanges, persistentVolumeClaims, pods } from "@kube-ts/api/resource-types";
import { aggregate } from "../auth/tokens/token-authenticator.ts";
import type { ObjectSource } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";
import { applyContainerDefaults, claimLimitProblems, podLimitProblems } from "./limits.ts";

/** Applies the limit ranges of a namespace: defaults for containers, bounds for containers, pods and claims. */
export class LimitRanger implements AdmissionPlugin {
  readonly name = "LimitRanger";
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  admit(attributes: AdmissionAttributes): void {
    if (!isLimitedPod(attributes) || attributes.subresource !== "") return;
    for (const limitRange of this.#source.list(limitRanges, attributes.namespace)) {
      applyContainerDefaults(limitRange, attributes.object as Pod);
    }
  }

  validate(attributes: AdmissionAttributes): void {
    const isPod = isLimitedPod(attributes);
    if ((!isPod && !isWriteOf(attributes, persistentVolumeClaims)) || !attributes.object) return;
    for (const limitRange of this.#source.list(limitRanges, attributes.namespace)) {
      const problems = isPod
        ? podLimitProblems(limitRange, attributes.object as Pod)
        : claimLimitProblems(limitRange, attributes.object as PersistentVolumeClaim);
      if (problems.length > 0) throw admissionForbidden(attributes, aggregate(problems));
    }
  }
}

/** What a pod asks for is settled when it is created, but for resizing it. */
function isLimitedPod(attributes: AdmissionAttributes): boolean {
  const { operation, object } = attributes;
  return object !== undefined && isWriteOf(attributes, pods, [operation === "CREATE" ? "" : "resize"]);
}
