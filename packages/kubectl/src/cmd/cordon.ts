import { metadataOf } from "../builder/object-reference.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { findObjects } from "../builder/resource-query.ts";
import { throwFailures, UsageError } from "../command-line/command-error.ts";
import { type Command, defineCommand } from "../command-line/command.ts";
import { parseDryRun } from "../command-line/dry-run.ts";
import { dryRunFlag, labelSelectorFlag } from "../command-line/shared-flags.ts";
import { safeText } from "../printers/terminal-text.ts";
import { recordAt } from "../builder/pod-template.ts";

function cordonCommand(word: string, unschedulable: boolean): Command {
  return defineCommand({
    usage: "NODE",
    description: `Mark node as ${unschedulable ? "un" : ""}schedulable.`,
    flags: { ...dryRunFlag, ...labelSelectorFlag },
    run: async (session, { flags, positional }) => {
      if (positional.length === 0 && flags.selector === "") throw new UsageError(`USAGE: ${word} NODE [flags]`);
      const dryRun = parseDryRun(session.terminal, flags["dry-run"]);
      const suffix = dryRun === "none" ? "" : dryRun === "client" ? " (dry run)" : " (server dry run)";
      const failures: unknown[] = [];
      const nodes = await findObjects(session, ["nodes", ...positional], flags, failures);
      const api = await session.api();
      for (const { resource, namespace, name, object } of nodes) {
        const already = (recordAt(object, ["spec"])["unschedulable"] === true) === unschedulable;
        try {
          if (!already && dryRun !== "client") {
            await api.json({
              method: "PATCH",
              path: pathOf(resource, namespace, name),
              query: { dryRun: dryRun === "server" ? "All" : undefined },
              body: {
                metadata: { resourceVersion: metadataOf(object)["resourceVersion"] },
                spec: { unschedulable: unschedulable || null },
              },
              contentType: "application/merge-patch+json",
            });
          }
          await session.terminal.write(`node/${safeText(name)} ${already ? "already " : ""}${word}ed${suffix}\n`);
        } catch (error) {
          failures.push(error);
        }
      }
      throwFailures(failures);
    },
  });
}

export const cordon = cordonCommand("cordon", true);
export const uncordon = cordonCommand("uncordon", false);
