import { metadataCommand } from "./edit-metadata.ts";

export const command = metadataCommand({
  field: "annotations",
  singular: "annotation",
  manager: "kubectl-annotate",
  description: "Update the annotations on one or more resources.",
});
