import type { Container, Pod, ResourceFieldSelector } from "@kube-ts/api/core/v1";
import { quantityOf } from "@kube-ts/api/quantity";

/** The value that a variable takes from a field of its pod; empty where there is none. */
export function fieldValue(pod: Pod, path: string): string {
  const { metadata, spec, status } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed) return metadata[keyed[1] as "labels" | "annotations"]?.[keyed[2] ?? ""] ?? "";
  const values: Readonly<Record<string, string | undefined>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "metadata.uid": metadata.uid,
    "spec.nodeName": spec?.nodeName,
    "spec.serviceAccountName": spec?.serviceAccountName,
    "status.hostIP": status?.hostIP,
    "status.hostIPs": status?.hostIPs?.map(({ ip }) => ip).join(","),
    "status.podIP": status?.podIP,
    "status.podIPs": status?.podIPs?.map(({ ip }) => ip).join(","),
  };
  return values[path] ?? "";
}

/** The value that a variable takes from a container's own requests and limits, in units of the divisor. */
export function resourceValue(container: Container, { resource, divisor }: ResourceFieldSelector): string {
  const dot = resource.indexOf(".");
  const amounts = container.resources?.[resource.slice(0, dot) as "limits" | "requests"];
  const unit = divisor === undefined || divisor === "0" ? 1 : quantityOf(divisor).toNumber();
  const value = Math.ceil(quantityOf(amounts?.[resource.slice(dot + 1)] ?? "0").toNumber() / unit);
  if (value === 0 && (resource === "limits.cpu" || resource === "limits.memory")) return "node allocatable";
  return String(value);
}
