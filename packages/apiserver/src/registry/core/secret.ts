import type { Secret } from "@kube-ts/api/core/v1";
import { secrets } from "@kube-ts/api/resource-types";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { validateSecret, validateSecretUpdate } from "./validate-secret.ts";

export const secretResource = defineResource<Secret>({
  type: secrets,
  singular: "secret",
  storagePrefix: "secrets",
  strategy: {
    defaults(secret) {
      secret.type ||= "Opaque";
      moveStringData(secret);
    },
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateSecret,
    validateUpdate: validateSecretUpdate,
  },
  columns: {
    definitions: [
      nameColumn,
      column("Type", "string", "What the secret is for."),
      column("Data", "string", "How many keys the secret holds."),
      ageColumn,
    ],
    row: (secret, nowMs) => ({
      cells: [nameCell(secret), secret.type ?? "", Object.keys(secret.data ?? {}).length, ageCell(secret, nowMs)],
    }),
  },
  selectableFields: { type: (secret) => secret.type ?? "" },
});

/** Text is stored as data; it is only ever written, never read back. */
function moveStringData(secret: Secret): void {
  const texts = Object.entries(secret.stringData ?? {});
  delete secret.stringData;
  if (texts.length === 0) return;
  secret.data ??= {};
  for (const [key, text] of texts) secret.data[key] = Buffer.from(text).toString("base64");
}
