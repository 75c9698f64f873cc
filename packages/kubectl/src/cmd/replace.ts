import { ApiError } from "@kube-ts/api/status-error";
import { pathOf, qualifiedKind } from "../builder/resource-mapper.ts";
import { locateManifests } from "../builder/resource-query.ts";
import { withSource } from "../builder/source-error.ts";
import { waitForDeletion } from "../builder/wait-for-deletion.ts";
import { withLastApplied } from "../builder/last-applied.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { parseDryRun, parseValidation } from "../command-line/dry-run.ts";
import { booleanFlag, durationFlag, integerFlag } from "../command-line/flag.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags, validateFlag } from "../command-line/shared-flags.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { safeText } from "../printers/terminal-text.ts";
import { createResultPrinter } from "../printers/result-printer.ts";

const defaultWaitMs = 5 * 60_000;

export const command = defineCommand({
  usage: "-f FILENAME",
  description: "Replace a resource by file name or stdin.",
  flags: {
    ...outputFlags,
    ...fileFlags,
    ...dryRunFlag,
    ...validateFlag,
    ...fieldManagerFlag("kubectl-replace"),
    force: booleanFlag("If true, delete the resource and create it again."),
    "grace-period": integerFlag("Seconds given to the resource to terminate gracefully, with --force.", {
      default: -1,
    }),
    "save-config": booleanFlag("If true, the configuration of current object will be saved in its annotation."),
    timeout: durationFlag("The length of time to wait before giving up on a delete, with --force."),
  },
  run: async (session, { flags }) => {
    if (flags.filename.length === 0 && flags.kustomize === "") throw new CommandError("must specify one of -f and -k");
    const dryRun = parseDryRun(session.terminal, flags["dry-run"]);
    const print = await createResultPrinter(flags, dryRun);
    const api = await session.api();
    const query = {
      fieldManager: flags["field-manager"],
      fieldValidation: parseValidation(flags.validate),
      dryRun: dryRun === "server" ? "All" : undefined,
    };
    const failures: unknown[] = [];
    for (const item of await locateManifests(session, flags)) {
      const { resource, namespace, name, source } = item;
      const body = flags["save-config"] ? withLastApplied(item.object) : item.object;
      const path = pathOf(resource, namespace, name);
      try {
        if (dryRun === "client") {
          await session.terminal.write(print(body, "replaced"));
          continue;
        }
        if (!flags.force) {
          await session.terminal.write(print(await api.json({ method: "PUT", path, query, body }), "replaced"));
          continue;
        }
        const grace = flags["grace-period"] >= 0 ? { gracePeriodSeconds: flags["grace-period"] } : {};
        const gone = await api
          .json({ method: "DELETE", path, body: { kind: "DeleteOptions", apiVersion: "v1", ...grace } })
          .then(
            () => false,
            (error: unknown) => {
              if (error instanceof ApiError && error.code === 404) return true;
              throw error;
            },
          );
        if (!gone) {
          const kind = qualifiedKind(resource.kind, resource.group);
          const place = resource.namespaced ? ` from ${namespace} namespace` : "";
          await session.terminal.write(safeText(`${kind} ${JSON.stringify(name)} deleted${place}\n`));
        }
        if (!gone && !(await waitForDeletion(session, item, "", flags.timeout || defaultWaitMs)))
          throw new CommandError("timed out waiting for the condition");
        const created = await api.json({ method: "POST", path: pathOf(resource, namespace), query, body });
        await session.terminal.write(print(created, "replaced"));
      } catch (error) {
        failures.push(withSource(error, "replacing", source));
      }
    }
    throwFailures(failures);
  },
});
