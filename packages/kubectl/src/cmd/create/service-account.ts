import { defineGenerator } from "./generator.ts";

export const command = defineGenerator({
  usage: "NAME [--dry-run=server|client|none]",
  description: "Create a service account with the specified name.",
  failure: "failed to create serviceaccount: ",
  flags: {},
  build: ({ name }) => ({ kind: "ServiceAccount", apiVersion: "v1", metadata: { name } }),
});
