import type { Pod, Toleration } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { pods } from "@kube-ts/api/resource-types";
import { isExtendedResource } from "../registry/core/resource-names.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./forbidden.ts";

/** Lets pods that ask for a device onto the nodes that are kept for those who do. */
export class ExtendedResourceToleration implements AdmissionPlugin {
  readonly name = "ExtendedResourceToleration";

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  admit(attributes: AdmissionAttributes): void {
    if (!isWriteOf(attributes, pods) || !attributes.object) return;
    const { spec } = attributes.object as Pod;
    const requested = [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
      Object.keys(resources?.requests ?? {}),
    );
    for (const key of new Set(requested.filter(isExtendedResource).sort())) {
      const toleration: Toleration = { key, operator: "Exists" };
      const given = spec.tolerations ?? [];
      if (!given.some((each) => semanticEqual(each, toleration))) spec.tolerations = [...given, toleration];
    }
  }
}
