import { defineGenerator } from "./generator.ts";

export const command = defineGenerator({
  usage: "NAME [--dry-run=server|client|none]",
  description: "Create a namespace with the specified name.",
  flags: {},
  build: ({ name }) => ({ kind: "Namespace", apiVersion: "v1", metadata: { name }, spec: {}, status: {} }),
});
