import type { FlowSchema, PriorityLevelConfiguration } from "@kube-ts/api/flowcontrol/v1";
import type { PriorityLevelConfiguration as LegacyLevel } from "@kube-ts/api/flowcontrol/v1beta2";
import { flowSchemas, priorityLevelConfigurations } from "@kube-ts/api/resource-types";
import { legacyVersion, withAnnotation } from "../legacy-version.ts";
import type { AlternateVersion } from "../resource-definition.ts";

const group = "flowcontrol.apiserver.k8s.io";
const defaultShares = 30;
/** In v1beta3 zero shares mean the default unless this annotation says that they are meant. */
const keepsZeroAnnotation = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";

export const legacyFlowSchemas: readonly AlternateVersion<FlowSchema>[] = [
  legacyVersion(flowSchemas, `${group}/v1beta3`),
  legacyVersion(flowSchemas, `${group}/v1beta2`),
  legacyVersion(flowSchemas, `${group}/v1beta1`),
];

export const legacyPriorityLevels: readonly AlternateVersion<PriorityLevelConfiguration>[] = [
  legacyVersion<PriorityLevelConfiguration>(priorityLevelConfigurations, `${group}/v1beta3`, {
    fromStored: (level) =>
      level.spec.limited?.nominalConcurrencyShares === 0 ? withAnnotation(level, keepsZeroAnnotation, "") : level,
    toStored: (level) => withAnnotation(level, keepsZeroAnnotation, undefined),
    defaults({ metadata, spec }) {
      if (!spec?.limited || metadata.annotations?.[keepsZeroAnnotation] !== undefined) return;
      spec.limited.nominalConcurrencyShares ||= defaultShares;
    },
  }),
  assuredVersion("v1beta2"),
  assuredVersion("v1beta1"),
];

/** The versions in which the nominal shares had another name. */
function assuredVersion(version: string): AlternateVersion<PriorityLevelConfiguration> {
  return legacyVersion<PriorityLevelConfiguration, LegacyLevel>(priorityLevelConfigurations, `${group}/${version}`, {
    fromStored(level) {
      if (!level.spec.limited) return level;
      const { nominalConcurrencyShares: assuredConcurrencyShares, ...limited } = level.spec.limited;
      return {
        ...level,
        spec: {
          ...level.spec,
          limited: { ...limited, ...(assuredConcurrencyShares !== undefined && { assuredConcurrencyShares }) },
        },
      };
    },
    toStored(level) {
      if (!level.spec.limited) return level;
      const { assuredConcurrencyShares: nominalConcurrencyShares, ...limited } = level.spec.limited;
      return {
        ...level,
        spec: {
          ...level.spec,
          limited: { ...limited, ...(nominalConcurrencyShares !== undefined && { nominalConcurrencyShares }) },
        },
      };
    },
    defaults({ spec }) {
      if (spec?.limited) spec.limited.assuredConcurrencyShares ||= defaultShares;
    },
  });
}
