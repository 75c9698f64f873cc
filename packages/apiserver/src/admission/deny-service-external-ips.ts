import type { Service } from "@kube-ts/api/core/v1";
import { services } from "@kube-ts/api/resource-types";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";

/** Services take over no addresses from outside; those that did so before may keep them. */
export class DenyServiceExternalIPs implements AdmissionPlugin {
  readonly name = "DenyServiceExternalIPs";

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  validate(attributes: AdmissionAttributes): void {
    if (!isWriteOf(attributes, services) || !attributes.object) return;
    const before = new Set((attributes.oldObject as Service | undefined)?.spec?.externalIPs);
    const now = (attributes.object as Service).spec.externalIPs ?? [];
    if (now.every((address) => before.has(address))) return;
    throw admissionForbidden(attributes, "Use of external IPs is denied by admission control.");
  }
}
