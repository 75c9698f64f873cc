import { metadataCommand } from "./edit-metadata.ts";

export const command = metadataCommand({
  field: "labels",
  singular: "label",
  manager: "kubectl-label",
  description: "Update the labels on a resource.",
});
