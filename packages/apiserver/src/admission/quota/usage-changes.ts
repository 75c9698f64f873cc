import type { Pod } from "@kube-ts/api/core/v1";
import { isTerminating } from "@kube-ts/api/quota/scopes";
import type { AdmissionAttributes } from "../admission.ts";

/** Resources of which an update can change the usage. */
const growing: ReadonlySet<string> = new Set([
  "/services",
  "/persistentvolumeclaims",
  "resource.k8s.io/resourceclaims",
]);

/** Whether the write can change what quotas count. */
export function changesUsage(attributes: AdmissionAttributes): boolean {
  const { operation, type, subresource } = attributes;
  const resource = `${type.group}/${type.plural}`;
  if (resource === "/pods") return changesPodUsage(attributes);
  // Controllers report there which class of volume attributes a claim has come to.
  if (subresource === "status") return resource === "/persistentvolumeclaims" && operation === "UPDATE";
  if (subresource !== "") return false;
  return operation === "CREATE" || (operation === "UPDATE" && growing.has(resource));
}

function changesPodUsage({ operation, subresource, object, oldObject }: AdmissionAttributes): boolean {
  if (subresource === "resize") return operation === "UPDATE";
  if (subresource !== "") return false;
  if (operation === "CREATE") return true;
  return !!object && !!oldObject && isTerminating(object as Pod) !== isTerminating(oldObject as Pod);
}
