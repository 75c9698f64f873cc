import type { Container, Pod, ResourceFieldSelector, ResourceList } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { Quantity } from "@kube-ts/api/quantity";

/** A downward API reference that cannot be resolved. */
export class DownwardFieldError extends Error {
  override readonly name = "DownwardFieldError";
}

/** What the node knows of a pod beyond its object. */
export interface PodAddresses {
  /** The primary first; empty while there is no sandbox. */
  readonly podIps: readonly string[];
  readonly hostIps: readonly string[];
}

/** The value of a field of the pod as a container sees it. Throws `DownwardFieldError`. */
export function podField(pod: Pod, fieldPath: string, addresses: PodAddresses): string {
  const subscript = /^metadata\.(annotations|labels)\['(.+)'\]$/.exec(fieldPath);
  if (subscript) {
    const [, map, key = ""] = subscript;
    const entries = (map === "labels" ? pod.metadata.labels : pod.metadata.annotations) ?? {};
    return Object.hasOwn(entries, key) ? (entries[key] ?? "") : "";
  }
  switch (fieldPath) {
    case "metadata.name":
      return pod.metadata.name ?? "";
    case "metadata.namespace":
      return pod.metadata.namespace ?? "";
    case "metadata.uid":
      return pod.metadata.uid ?? "";
    case "metadata.annotations":
      return formatMap(pod.metadata.annotations ?? {});
    case "metadata.labels":
      return formatMap(pod.metadata.labels ?? {});
    case "spec.nodeName":
      return pod.spec.nodeName ?? "";
    case "spec.serviceAccountName":
      return pod.spec.serviceAccountName ?? "";
    case "status.hostIP":
      return addresses.hostIps[0] ?? "";
    case "status.hostIPs":
      return addresses.hostIps.join(",");
    case "status.podIP":
      return addresses.podIps[0] ?? "";
    case "status.podIPs":
      return addresses.podIps.join(",");
    default:
      throw new DownwardFieldError(`unsupported fieldPath: ${fieldPath}`);
  }
}

/** Labels or annotations as files show them: `key="value"`, sorted, a line each. */
function formatMap(map: Readonly<Record<string, string>>): string {
  return Object.keys(map)
    .toSorted()
    .map((key) => `${key}=${goQuote(map[key] ?? "")}`)
    .join("\n");
}

/**
 * The amount of a container's request or limit in units of the divisor, rounded up. A limit that is not set is the
 * pod's own, or else what the node can give. Throws `DownwardFieldError`.
 */
export function resourceField(
  pod: Pod,
  selector: ResourceFieldSelector,
  own: Container,
  allocatable: ResourceList,
): string {
  const container = selector.containerName ? findContainer(pod, selector.containerName) : own;
  const [kind, resource] = splitResource(selector.resource);
  const set = container.resources?.[kind]?.[resource];
  const fallback = kind === "limits" ? (pod.spec.resources?.limits?.[resource] ?? allocatable[resource]) : undefined;
  const amount = Quantity.parse(String(set ?? fallback ?? "0"));
  const divisorText = selector.divisor === undefined ? "1" : String(selector.divisor);
  const divisor = Quantity.parse(divisorText === "0" || divisorText === "" ? "1" : divisorText);
  return resource === "cpu"
    ? `${Math.ceil(amount.milliValue() / divisor.milliValue())}`
    : `${Math.ceil(amount.value() / divisor.value())}`;
}

function findContainer(pod: Pod, name: string): Container {
  const found = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find(
    (container) => container.name === name,
  );
  if (!found) throw new DownwardFieldError(`container ${name} not found`);
  return found;
}

function splitResource(text: string): readonly ["limits" | "requests", string] {
  const match = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/.exec(text);
  if (!match) throw new DownwardFieldError(`unsupported container resource : ${text}`);
  return [match[1] === "limits" ? "limits" : "requests", match[2] ?? ""];
}
