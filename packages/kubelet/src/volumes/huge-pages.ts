import type { Pod } from "@kube-ts/api/core/v1";
import { Quantity } from "@kube-ts/api/quantity";

const medium = "HugePages";
const resourcePrefix = "hugepages-";

/**
 * The size of the pages that an empty directory's medium asks for, in bytes: the one that it names, or else the only one
 * that the pod requests. Undefined for another medium. Throws when the pod requests none, or not the one.
 */
export function hugePageSize(pod: Pod, asked: string): number | undefined {
  if (asked !== medium && !asked.startsWith(`${medium}-`)) return undefined;
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const requests = [pod.spec.resources, ...containers.map(({ resources }) => resources)];
  const names = requests.flatMap((one) => Object.keys(one?.requests ?? one?.limits ?? {}));
  const sizes = [...new Set(names.filter((name) => name.startsWith(resourcePrefix)))].map((name) =>
    Quantity.parse(name.slice(resourcePrefix.length)).value(),
  );
  if (sizes.length === 0) {
    throw new Error("hugePages storage requested, but there is no resource request for huge pages");
  }
  if (asked === medium) {
    if (sizes.length > 1)
      throw new Error(`medium ${medium} can't be used if container requests multiple huge page sizes`);
    return sizes[0];
  }
  const wanted = Quantity.parse(asked.slice(medium.length + 1)).value();
  if (!sizes.includes(wanted)) {
    throw new Error(`medium ${asked} requested, but no container requests huge pages of that size`);
  }
  return wanted;
}
