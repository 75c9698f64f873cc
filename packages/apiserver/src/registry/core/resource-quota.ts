import type { ResourceQuota } from "@kube-ts/api/core/v1";
import { resourceQuotas } from "@kube-ts/api/resource-types";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { canonicalizeResources } from "./canonical-resources.ts";
import {
  validateResourceQuota,
  validateResourceQuotaStatusUpdate,
  validateResourceQuotaUpdate,
} from "./validate-resource-quota.ts";

export const resourceQuotaResource = defineResource<ResourceQuota>({
  type: resourceQuotas,
  singular: "resourcequota",
  shortNames: ["quota"],
  storagePrefix: "resourcequotas",
  strategy: {
    defaults(quota) {
      quota.spec ??= {};
      quota.status ??= {};
      canonicalizeResources(quota.spec.hard);
      canonicalizeResources(quota.status.hard);
      canonicalizeResources(quota.status.used);
    },
    prepareForCreate(quota) {
      quota.status = {};
    },
    prepareForUpdate(quota, old) {
      if (old.status !== undefined) quota.status = old.status;
    },
    validateCreate: validateResourceQuota,
    validateUpdate: validateResourceQuotaUpdate,
    returnsDeletedObject: true,
  },
  status: {
    prepareForUpdate(quota, old) {
      quota.spec = old.spec;
    },
    validateUpdate: validateResourceQuotaStatusUpdate,
  },
  columns: {
    definitions: [
      nameColumn,
      column("Request", "string", "What is used of each limit on requests and counts."),
      column("Limit", "string", "What is used of each limit on limits."),
      ageColumn,
    ],
    row: (quota, nowMs) => ({
      cells: [nameCell(quota), usage(quota, false), usage(quota, true), ageCell(quota, nowMs)],
    }),
  },
});

function usage(quota: ResourceQuota, ofLimits: boolean): string {
  return Object.entries(quota.status?.hard ?? {})
    .filter(([name]) => name.startsWith("limits.") === ofLimits)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hard]) => `${name}: ${quota.status?.used?.[name] ?? "0"}/${hard}`)
    .join(", ");
}
