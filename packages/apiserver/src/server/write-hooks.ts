import type { KubeObject } from "@kube-ts/api/object";
import type { ServiceAllocators } from "../allocators/service-allocators.ts";
import { paramAccessHooks } from "../registry/admissionregistration/param-access.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import { claimHooks } from "../registry/resource/claim-hooks.ts";
import type { RegistryHooks } from "../registry/write-request.ts";
import { type Access, escalationHooks } from "./access.ts";

export interface WriteHookParts {
  readonly allocators: ServiceAllocators;
  /** Asked for at each write, for these need the registries, which need the hooks. */
  access(): Access;
  registries(): RegistrySet;
}

/** What is done for writes of some resources besides their strategies, by `group/plural`. */
export function writeHooks({ allocators, access, registries }: WriteHookParts): Map<string, RegistryHooks<KubeObject>> {
  const reads = { authorizer: () => access().authorizer, source: registries };
  return new Map([
    ...escalationHooks(() => access().guard),
    ...claimHooks(reads),
    ...paramAccessHooks({ ...reads, pluralOf: (group, kind) => registries().pluralOf(group, kind) }),
    ["/services", allocators.hooks()] as const,
  ]);
}
