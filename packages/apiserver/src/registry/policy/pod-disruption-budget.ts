import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import type { PodDisruptionBudget, PodDisruptionBudgetSpec } from "@kube-ts/api/policy/v1";
import { podDisruptionBudgets } from "@kube-ts/api/resource-types";
import { validateLabelSelector } from "@kube-ts/api/selectors";
import { checkAtMostAll, checkCountOrPercent } from "../apps/validate-rolling-update.ts";
import { countChange, startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkConditions } from "../meta/validate-conditions.ts";
import { checkChoice, checkNonNegative } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

const specPath = fieldPath("spec");
const statusPath = fieldPath("status");
const counters = ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] as const;
const noStatus = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };

export const podDisruptionBudgetResource = defineResource<PodDisruptionBudget>({
  type: podDisruptionBudgets,
  singular: "poddisruptionbudget",
  shortNames: ["pdb"],
  storagePrefix: "poddisruptionbudgets",
  strategy: {
    defaults(budget) {
      budget.spec ??= {};
      budget.status = { ...noStatus, ...budget.status };
    },
    prepareForCreate(budget) {
      budget.status = { ...noStatus };
      startGeneration(budget);
    },
    prepareForUpdate(budget, old) {
      if (old.status !== undefined) budget.status = old.status;
      countChange(budget, budget.spec, old.spec);
    },
    validateCreate(budget) {
      const errors = validateObjectMeta(budget.metadata, "Namespaced", subdomainName);
      checkSpec(budget.spec, errors);
      return errors;
    },
    validateUpdate(budget, old) {
      const errors = validateObjectMetaUpdate(budget.metadata, old.metadata);
      checkSpec(budget.spec, errors);
      return errors;
    },
    allowUnconditionalUpdate: false,
  },
  status: {
    prepareForUpdate(budget, old) {
      budget.spec = old.spec;
    },
    validateUpdate(budget, old) {
      const errors = validateObjectMetaUpdate(budget.metadata, old.metadata);
      checkConditions(budget.status?.conditions ?? [], statusPath.child("conditions"), errors);
      for (const field of counters) checkNonNegative(budget.status?.[field], statusPath.child(field), errors);
      return errors;
    },
  },
  columns: {
    definitions: [
      nameColumn,
      column("Min Available", "string", "How many pods have to stay available."),
      column("Max Unavailable", "string", "How many pods may be unavailable."),
      column("Allowed Disruptions", "integer", "How many pods may be disrupted now."),
      ageColumn,
    ],
    row: (budget, nowMs) => ({
      cells: [
        nameCell(budget),
        String(budget.spec.minAvailable ?? "N/A"),
        String(budget.spec.maxUnavailable ?? "N/A"),
        budget.status?.disruptionsAllowed ?? 0,
        ageCell(budget, nowMs),
      ],
    }),
  },
});

function checkSpec(spec: PodDisruptionBudgetSpec, errors: FieldError[]): void {
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    errors.push(invalidField(specPath, spec, "minAvailable and maxUnavailable cannot be both set"));
  }
  for (const field of ["minAvailable", "maxUnavailable"] as const) {
    checkCountOrPercent(spec[field], specPath.child(field), errors);
    checkAtMostAll(spec[field], specPath.child(field), errors);
  }
  errors.push(...validateLabelSelector(spec.selector, specPath.child("selector")));
  const policies = ["AlwaysAllow", "IfHealthyBudget"];
  checkChoice(spec.unhealthyPodEvictionPolicy, policies, specPath.child("unhealthyPodEvictionPolicy"), errors);
}
