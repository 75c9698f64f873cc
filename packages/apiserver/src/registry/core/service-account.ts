import type { ServiceAccount } from "@kube-ts/api/core/v1";
import { serviceAccounts } from "@kube-ts/api/resource-types";
import { subdomainName } from "../meta/object-names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

export const serviceAccountResource = defineResource<ServiceAccount>({
  type: serviceAccounts,
  singular: "serviceaccount",
  shortNames: ["sa"],
  storagePrefix: "serviceaccounts",
  strategy: {
    prepareForCreate: keepSecretNames,
    prepareForUpdate: keepSecretNames,
    validateCreate: (account) => validateObjectMeta(account.metadata, "Namespaced", subdomainName),
    validateUpdate: (account, old) => [
      ...validateObjectMetaUpdate(account.metadata, old.metadata),
      ...validateObjectMeta(account.metadata, "Namespaced", subdomainName),
    ],
    returnsDeletedObject: true,
  },
  columns: {
    definitions: [nameColumn, column("Secrets", "string", "How many secrets belong to the account."), ageColumn],
    row: (account, nowMs) => ({
      cells: [nameCell(account), account.secrets?.length ?? 0, ageCell(account, nowMs)],
    }),
  },
});

/** An account's secrets are in its namespace: nothing but their names counts. */
function keepSecretNames(account: ServiceAccount): void {
  if (account.secrets === undefined) return;
  account.secrets = account.secrets.map(({ name }) => (name === undefined ? {} : { name }));
}
