import { sortedJson } from "@kube-ts/api/go-json";
import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import { annotationsOf, metadataOf } from "../builder/object-reference.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { getObject, locateManifests } from "../builder/resource-query.ts";
import { withSource } from "../builder/source-error.ts";
import { CommandError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { parseDryRun } from "../command-line/dry-run.ts";
import { booleanFlag } from "../command-line/flag.ts";
import { dryRunFlag, fileFlags } from "../command-line/shared-flags.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import { safeText } from "../printers/terminal-text.ts";
import type { JsonObject } from "../session/api.ts";

export const command = defineCommand({
  usage: "-f FILENAME",
  description: "Record files as what was applied last, as if they had been applied, and change nothing else.",
  examples:
    "  # Set the last-applied-configuration of a resource to match the contents of a file\n  kubectl apply set-last-applied -f deploy.yaml",
  flags: {
    ...outputFlags,
    ...dryRunFlag,
    filename: fileFlags.filename,
    "create-annotation": booleanFlag(
      "Will create 'last-applied-configuration' annotations if current objects doesn't have one",
    ),
  },
  run: async (session, { flags }) => {
    const dryRun = parseDryRun(session.terminal, flags["dry-run"]);
    const print = await createResultPrinter(flags, dryRun);
    if (flags.filename.length === 0) {
      throw new CommandError(
        "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
      );
    }
    const api = await session.api();
    const files = { filename: flags.filename, recursive: false, kustomize: "" };
    for (const item of await locateManifests(session, files)) {
      const live = await getObject(api, item);
      const known = annotationsOf(live)[lastAppliedAnnotation];
      if (known === undefined && !flags["create-annotation"]) {
        throw new CommandError(
          `no last-applied-configuration annotation found on resource: ${item.name}, to create the annotation, run the command with --create-annotation`,
        );
      }
      const wanted = recordOf(item.object);
      if (known === wanted) {
        await session.terminal.write(safeText(`set-last-applied ${item.name}: no changes required.\n`));
        continue;
      }
      const body = { metadata: { annotations: { [lastAppliedAnnotation]: wanted } } };
      const changed =
        dryRun === "client"
          ? live
          : await api
              .json({
                method: "PATCH",
                path: pathOf(item.resource, item.namespace, item.name),
                query: { dryRun: dryRun === "server" ? "All" : undefined },
                body,
                contentType: "application/merge-patch+json",
              })
              .catch((error: unknown) => {
                throw withSource(error, "applying", item.source);
              });
      await session.terminal.write(print(changed, "configured"));
    }
  },
});

/** What an application of the object would have recorded. */
function recordOf(object: JsonObject): string {
  const { annotations: _annotations, ...metadata } = metadataOf(object);
  const { [lastAppliedAnnotation]: _previous, ...annotations } = annotationsOf(object);
  const kept = Object.keys(annotations).length > 0 ? { annotations } : {};
  return `${sortedJson({ ...object, metadata: { ...metadata, ...kept } })}\n`;
}
