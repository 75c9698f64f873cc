import { ApiError } from "@kube-ts/api/status-error";
import type { LocatedObject } from "../../builder/object-reference.ts";
import { pathOf } from "../../builder/resource-mapper.ts";
import { locateManifests } from "../../builder/resource-query.ts";
import { CommandError, throwFailures } from "../../command-line/command-error.ts";
import { defineCommand } from "../../command-line/command.ts";
import { parseDryRun } from "../../command-line/dry-run.ts";
import { booleanFlag } from "../../command-line/flag.ts";
import { dryRunFlag, fileFlags } from "../../command-line/shared-flags.ts";
import { outputFlags } from "../../printers/object-printer.ts";
import { createResultPrinter } from "../../printers/result-printer.ts";
import { safeText } from "../../printers/terminal-text.ts";
import type { Api, JsonObject } from "../../session/api.ts";
import { planBinding, planRole, type ReconcilePlan } from "./reconcile-plan.ts";

export const command = defineCommand({
  usage: "-f FILENAME",
  description:
    "Make RBAC roles and bindings allow at least what files say. What is missing is created, its namespace included.",
  examples: "  # Reconcile RBAC resources from a file\n  kubectl auth reconcile -f my-rbac-rules.yaml",
  flags: {
    ...outputFlags,
    ...fileFlags,
    ...dryRunFlag,
    "remove-extra-permissions": booleanFlag("If true, removes extra permissions added to roles"),
    "remove-extra-subjects": booleanFlag("If true, removes extra subjects added to rolebindings"),
  },
  run: async (session, { flags, positional }) => {
    if (flags.filename.length === 0 && flags.kustomize === "") throw new CommandError("must specify one of -f and -k");
    if (positional.length > 0) throw new CommandError("no arguments are allowed");
    const dryRun = parseDryRun(session.terminal, flags["dry-run"]);
    if (dryRun === "server") throw new CommandError("--dry-run=server for command reconcile is not supported yet");
    const print = await createResultPrinter(flags, dryRun);
    const api = await session.api();
    const options = {
      removeExtraPermissions: flags["remove-extra-permissions"],
      removeExtraSubjects: flags["remove-extra-subjects"],
    };
    const failures: unknown[] = [];
    for (const item of await locateManifests(session, flags)) {
      const plan = planner(item);
      if (!plan) continue;
      try {
        const planned = plan(item.object, await currentOf(api, item), options);
        if (dryRun === "none") await carryOut(api, item, planned);
        await session.terminal.write(print(planned.object, "reconciled"));
        if (flags.output !== "" || planned.operation === "none") continue;
        const lines = [`\treconciliation required ${planned.operation}`, ...planned.lines];
        session.terminal.error(
          lines
            .map(
              (line) => `${line.replace(/^(\t*)(.*)$/s, (_, tabs: string, text: string) => tabs + safeText(text))}\n`,
            )
            .join(""),
        );
      } catch (error) {
        failures.push(error);
      }
    }
    throwFailures(failures);
  },
});

function planner({ resource, object }: LocatedObject): typeof planRole | undefined {
  if (resource.group !== "rbac.authorization.k8s.io") return undefined;
  if (object["apiVersion"] !== "rbac.authorization.k8s.io/v1") {
    throw new CommandError(`only rbac.authorization.k8s.io/v1 is supported: not ${String(object["apiVersion"])}`);
  }
  return resource.kind.endsWith("Binding") ? planBinding : planRole;
}

async function currentOf(api: Api, { resource, namespace, name }: LocatedObject): Promise<JsonObject | undefined> {
  return api.json({ path: pathOf(resource, namespace, name) }).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  });
}

async function carryOut(
  api: Api,
  { resource, namespace, name }: LocatedObject,
  { operation, object }: ReconcilePlan,
): Promise<void> {
  const path = pathOf(resource, namespace, name);
  if (operation === "none") return;
  if (operation === "update") return void (await api.json({ method: "PUT", path, body: object }));
  if (operation === "recreate") await api.json({ method: "DELETE", path });
  if (namespace !== "") await ensureNamespace(api, namespace);
  await api.json({ method: "POST", path: pathOf(resource, namespace), body: object });
}

/** Whoever may not create namespaces learns from the next request whether there is this one. */
async function ensureNamespace(api: Api, name: string): Promise<void> {
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  await api.json({ method: "POST", path: "/api/v1/namespaces", body }).catch((error: unknown) => {
    if (!(error instanceof ApiError) || (error.code !== 409 && error.code !== 403)) throw error;
  });
}
