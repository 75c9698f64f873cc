import type { RuntimeClass } from "@kube-ts/api/node/v1";
import type { RuntimeClass as LegacyRuntimeClass } from "@kube-ts/api/node/v1alpha1";
import { runtimeClasses } from "@kube-ts/api/resource-types";
import { legacyVersion } from "../legacy-version.ts";
import type { AlternateVersion } from "../resource-definition.ts";

export const legacyRuntimeClasses: readonly AlternateVersion<RuntimeClass>[] = [
  legacyVersion(runtimeClasses, "node.k8s.io/v1beta1"),
  legacyVersion<RuntimeClass, LegacyRuntimeClass>(runtimeClasses, "node.k8s.io/v1alpha1", {
    fromStored: ({ handler: runtimeHandler, overhead, scheduling, ...runtimeClass }) => ({
      ...runtimeClass,
      spec: { runtimeHandler, ...(overhead && { overhead }), ...(scheduling && { scheduling }) },
    }),
    toStored: ({ spec: { runtimeHandler: handler, overhead, scheduling }, ...runtimeClass }) => ({
      ...runtimeClass,
      handler,
      ...(overhead && { overhead }),
      ...(scheduling && { scheduling }),
    }),
  }),
];
