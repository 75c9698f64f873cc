import { type FieldError, aggregateFieldErrors, invalidField, notSupportedField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { integerField, listField, objectField, stringField } from "@kube-ts/std/config-schema";
import type { PluginConfigKind } from "../plugin-configuration.ts";

const limitTypes = ["Server", "Namespace", "User", "SourceAndObject"] as const;
export type LimitType = (typeof limitTypes)[number];

/** How many events are let in of those that have something in common. */
export interface EventLimit {
  readonly type: LimitType;
  /** Events a second in the long run. */
  readonly qps: number;
  /** Events at once. */
  readonly burst: number;
  /** How many buckets are kept; those that were used longest ago are forgotten, and start full again. */
  readonly cacheSize: number;
}

const defaultCacheSize = 4096;

/** `eventratelimit.admission.k8s.io/v1alpha1 Configuration`. */
export const eventRateLimitKind: PluginConfigKind<readonly EventLimit[]> = {
  kind: "Configuration",
  apiVersions: ["eventratelimit.admission.k8s.io/v1alpha1"],
  schema: objectField({
    limits: listField(
      objectField({ type: stringField(), qps: integerField(), burst: integerField(), cacheSize: integerField() }),
    ),
  }),
  build: (decoded) => {
    const { limits = [] } = decoded as { readonly limits?: readonly Partial<Record<keyof EventLimit, unknown>>[] };
    const errors: FieldError[] = [];
    const path = fieldPath("limits");
    if (limits.length === 0) errors.push(invalidField(path, limits, "must not be empty"));
    const built = limits.map(({ type, qps = 0, burst = 0, cacheSize = 0 }, index) => {
      const limit = { type, qps, burst, cacheSize } as EventLimit;
      const at = path.index(index);
      if (!limitTypes.includes(limit.type)) errors.push(notSupportedField(at.child("type"), type ?? "", limitTypes));
      for (const field of ["burst", "qps"] as const) {
        if (limit[field] <= 0) errors.push(invalidField(at.child(field), limit[field], "must be positive"));
      }
      if (limit.cacheSize < 0) errors.push(invalidField(at.child("cacheSize"), cacheSize, "must not be negative"));
      return { ...limit, cacheSize: limit.cacheSize || defaultCacheSize };
    });
    if (errors.length > 0) throw new Error(aggregateFieldErrors(errors));
    return built;
  },
};
