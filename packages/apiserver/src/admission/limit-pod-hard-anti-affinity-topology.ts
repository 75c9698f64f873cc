import type { Pod } from "@kube-ts/api/core/v1";
import { pods } from "@kube-ts/api/resource-types";
import { hostnameLabel } from "@kube-ts/api/well-known-labels";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";

/** Nobody keeps the pods of others away from more than single nodes. */
export class LimitPodHardAntiAffinityTopology implements AdmissionPlugin {
  readonly name = "LimitPodHardAntiAffinityTopology";

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  validate(attributes: AdmissionAttributes): void {
    if (!isWriteOf(attributes, pods) || !attributes.object) return;
    const { affinity } = (attributes.object as Pod).spec;
    const terms = affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const wide = terms.find(({ topologyKey }) => topologyKey !== hostnameLabel);
    if (!wide) return;
    throw admissionForbidden(
      attributes,
      `affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey ${wide.topologyKey} but only key ${hostnameLabel} is allowed`,
    );
  }
}
