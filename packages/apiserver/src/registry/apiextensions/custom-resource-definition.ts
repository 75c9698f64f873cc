import type { CustomResourceDefinition } from "@kube-ts/api/apiextensions/v1";
import { customResourceDefinitions } from "@kube-ts/api/resource-types";
import { stringFormat } from "@kube-ts/api/structural/string-formats";
import { countChange, startGeneration } from "../meta/generation.ts";
import { defineResource } from "../resource-definition.ts";
import { setCondition } from "./conditions.ts";
import { defaultDefinition, recordStorageVersion } from "./default-definition.ts";
import {
  formatWarnings,
  validateDefinition,
  validateDefinitionStatusUpdate,
  validateDefinitionUpdate,
} from "./validate-definition.ts";

/** Holds a deleted definition until its objects are gone. */
export const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

const isKnownFormat = (format: string) => stringFormat(format) !== undefined;

/** Definitions of custom resources. */
export const customResourceDefinitionResource = defineResource<CustomResourceDefinition>({
  type: customResourceDefinitions,
  singular: "customresourcedefinition",
  shortNames: ["crd", "crds"],
  categories: ["api-extensions"],
  storagePrefix: "apiextensions.k8s.io/customresourcedefinitions",
  strategy: {
    defaults: defaultDefinition,
    prepareForCreate(definition) {
      definition.status = { conditions: null, acceptedNames: { plural: "", kind: "" }, storedVersions: [] };
      recordStorageVersion(definition);
      startGeneration(definition);
    },
    prepareForUpdate(definition, old) {
      if (old.status) definition.status = structuredClone(old.status);
      recordStorageVersion(definition);
      countChange(definition, definition.spec, old.spec);
    },
    validateCreate: (definition) => validateDefinition(definition),
    validateUpdate: (definition, old) => validateDefinitionUpdate(definition, old),
    warnings: ({ spec }, old) => {
      const warnings = formatWarnings(spec.versions, isKnownFormat);
      if (!old) return warnings;
      const known = formatWarnings(old.spec.versions, isKnownFormat);
      return warnings.filter((warning) => !known.includes(warning));
    },
    allowUnconditionalUpdate: false,
    holdsDeletion: ({ metadata }) => metadata.deletionTimestamp === undefined,
    prepareForGracefulDelete(definition) {
      const { metadata } = definition;
      if (!metadata.finalizers?.includes(cleanupFinalizer)) {
        metadata.finalizers = [...(metadata.finalizers ?? []), cleanupFinalizer];
      }
      const condition = {
        type: "Terminating",
        status: "True",
        reason: "InstanceDeletionPending",
        message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
      } as const;
      setCondition(definition, condition, metadata.deletionTimestamp ?? "");
    },
  },
  status: {
    prepareForUpdate(definition, old) {
      const { resourceVersion, finalizers } = definition.metadata;
      definition.spec = structuredClone(old.spec);
      definition.metadata = structuredClone(old.metadata);
      if (resourceVersion !== undefined) definition.metadata.resourceVersion = resourceVersion;
      // Upstream's own loops take the finalizer away with the status.
      if (old.metadata.deletionTimestamp !== undefined) {
        if (finalizers?.length) definition.metadata.finalizers = finalizers;
        else delete definition.metadata.finalizers;
      }
    },
    validateUpdate: validateDefinitionStatusUpdate,
  },
});
