import { isRecord } from "@kube-ts/std/config-schema";
import { causeOf, recordFlag } from "../builder/change-cause.ts";
import { type LocatedObject, metadataOf } from "../builder/object-reference.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { findObjects } from "../builder/resource-query.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { parseDryRun } from "../command-line/dry-run.ts";
import { booleanFlag, durationFlag, integerFlag, stringFlag } from "../command-line/flag.ts";
import { dryRunFlag, fileFlags, labelSelectorFlag } from "../command-line/shared-flags.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import type { Session } from "../session/session.ts";

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...labelSelectorFlag,
  ...dryRunFlag,
  ...recordFlag,
  all: booleanFlag("Select all resources in the namespace of the specified resource types."),
  "current-replicas": integerFlag(
    "Precondition for current size. Requires that the current size of the resource match this value in order to scale. -1 (default) for no condition.",
    { default: -1 },
  ),
  replicas: integerFlag("The new desired number of replicas. Required."),
  "resource-version": stringFlag("Precondition for resource version."),
  timeout: durationFlag("The length of time to wait before giving up on a scale operation, zero means don't wait."),
} as const;

export const command = defineCommand({
  usage: "[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)",
  description: "Set a new size for a deployment, replica set, replication controller, or stateful set.",
  examples: "  # Scale a replica set named 'foo' to 3\n  kubectl scale --replicas=3 rs/foo",
  flags,
  run,
});

async function run(session: Session, invocation: Invocation<typeof flags>): Promise<void> {
  const { flags: values, positional } = invocation;
  if (!invocation.changed("replicas") || values.replicas < 0) {
    throw new CommandError(
      invocation.changed("replicas")
        ? `The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0`
        : 'required flag(s) "replicas" not set',
    );
  }
  const dryRun = parseDryRun(session.terminal, values["dry-run"]);
  const print = await createResultPrinter(values, dryRun);
  const failures: unknown[] = [];
  const found = await findObjects(session, positional, values, failures);
  if (found.length === 0 && failures.length === 0) throw new CommandError("no objects passed to scale");
  const api = await session.api();
  for (const item of found) {
    try {
      checkPreconditions(item.object, values["current-replicas"], values["resource-version"]);
      if (dryRun !== "client") {
        await api.json({
          method: "PATCH",
          path: pathOf(item.resource, item.namespace, item.name, "scale"),
          query: { dryRun: dryRun === "server" ? "All" : undefined },
          body: {
            ...(values["resource-version"] !== "" && { metadata: { resourceVersion: values["resource-version"] } }),
            spec: { replicas: values.replicas },
          },
          contentType: "application/merge-patch+json",
        });
      }
      if (values.record && dryRun === "none") {
        await api.json({
          method: "PATCH",
          path: pathOf(item.resource, item.namespace, item.name),
          body: { metadata: { annotations: causeOf(values, session.commandLine) } },
          contentType: "application/merge-patch+json",
        });
      }
      if (values.timeout > 0 && dryRun === "none") await waitForScale(session, item, values.replicas, values.timeout);
      await session.terminal.write(print(item.object, "scaled"));
    } catch (error) {
      failures.push(error);
    }
  }
  throwFailures(failures);
}

function checkPreconditions(object: Record<string, unknown>, replicas: number, resourceVersion: string): void {
  const spec = isRecord(object["spec"]) ? object["spec"] : {};
  if (replicas >= 0 && spec["replicas"] !== replicas) {
    throw new CommandError(`Expected replicas to be ${replicas}, was ${String(spec["replicas"])}`);
  }
  const current = String(metadataOf(object)["resourceVersion"] ?? "");
  if (resourceVersion !== "" && current !== resourceVersion) {
    throw new CommandError(`Expected resource version to be ${resourceVersion}, was ${current}`);
  }
}

async function waitForScale(session: Session, item: LocatedObject, replicas: number, timeoutMs: number): Promise<void> {
  const api = await session.api();
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([session.signal, deadline]);
  try {
    for (;;) {
      const scale = await api.json({ path: pathOf(item.resource, item.namespace, item.name, "scale"), signal });
      if (isRecord(scale["status"]) && scale["status"]["replicas"] === replicas) return;
      await session.clock.sleep(200, signal);
    }
  } catch (error) {
    if (deadline.aborted) throw new CommandError("timed out waiting for the condition", { cause: error });
    throw error;
  }
}
