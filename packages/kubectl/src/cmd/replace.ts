import { ApiError } from "@kube-ts/api/status-error";
import { deleteObject, deletionFlags, propagationPolicy } from "../builder/delete-object.ts";
import { withLastApplied } from "../builder/last-applied.ts";
import { type LocatedObject, metadataOf, withoutResourceVersion } from "../builder/object-reference.ts";
import { pathOf, qualifiedKind } from "../builder/resource-mapper.ts";
import { locateManifests } from "../builder/resource-query.ts";
import { withSource } from "../builder/source-error.ts";
import { waitForDeletion } from "../builder/wait-for-deletion.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { type DryRun, parseDryRun, parseValidation } from "../command-line/dry-run.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags, validateFlag } from "../command-line/shared-flags.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { sendRaw } from "./send-raw.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import { safeText } from "../printers/terminal-text.ts";
import type { Api, JsonObject, Query } from "../session/api.ts";
import type { Session } from "../session/session.ts";

const defaultWaitMs = 5 * 60_000;

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...dryRunFlag,
  ...validateFlag,
  ...fieldManagerFlag("kubectl-replace"),
  ...deletionFlags,
  raw: stringFlag("Raw URI to PUT to the server. Uses the transport specified by the kubeconfig file."),
  subresource: stringFlag("If specified, replace will operate on the subresource of the requested object."),
  "save-config": booleanFlag("If true, the configuration of current object will be saved in its annotation."),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage: "-f FILENAME",
  description: "Replace a resource by file name or stdin.",
  flags,
  run: async (session, { flags: values }) => {
    propagationPolicy(values.cascade);
    const dryRun = parseDryRun(session.terminal, values["dry-run"]);
    checkFlags(values, dryRun);
    if (values.raw !== "") return sendRaw(session, "PUT", values.raw, values.filename);
    const print = await createResultPrinter(values, dryRun);
    const query = {
      fieldManager: values["field-manager"],
      fieldValidation: parseValidation(values.validate),
      dryRun: dryRun === "server" ? "All" : undefined,
    };
    const api = await session.api();
    const failures: unknown[] = [];
    const broken: unknown[] = [];
    const items = await locateManifests(session, values, broken);
    if (values.force) {
      if (broken.length > 0) throwFailures(broken);
      for (const item of items) await deleteAndWait(session, item, values);
    }
    for (const item of items) {
      const body = values["save-config"] ? withLastApplied(item.object) : item.object;
      try {
        const replaced =
          dryRun === "client"
            ? body
            : values.force
              ? await create(session, item, body, query)
              : await put(api, item, body, values.subresource || undefined, query);
        await session.terminal.write(print(replaced, "replaced"));
      } catch (error) {
        failures.push(withSource(error, "replacing", item.source));
      }
    }
    throwFailures([...failures, ...broken]);
  },
});

/** An object without a version overwrites whatever is there, also where the server wants to be told a version. */
async function put(
  api: Api,
  { resource, namespace, name }: LocatedObject,
  body: JsonObject,
  subresource: string | undefined,
  query: Query,
): Promise<JsonObject> {
  const metadata = metadataOf(body);
  const path = pathOf(resource, namespace, name);
  const live = metadata["resourceVersion"] ? undefined : await api.json({ path }).catch(() => undefined);
  const versioned = live
    ? { ...body, metadata: { ...metadata, resourceVersion: metadataOf(live)["resourceVersion"] } }
    : body;
  return api.json({ method: "PUT", path: pathOf(resource, namespace, name, subresource), query, body: versioned });
}

async function create(
  session: Session,
  { resource, namespace }: LocatedObject,
  body: JsonObject,
  query: Query,
): Promise<JsonObject> {
  const path = pathOf(resource, namespace);
  return (await session.api()).json({ method: "POST", path, query, body: withoutResourceVersion(body) });
}

/** Throws a CommandError for flags that do not go together. */
function checkFlags(values: Values, dryRun: DryRun): void {
  if (values.filename.length === 0 && values.kustomize === "") throw new CommandError("must specify one of -f and -k");
  if (values["grace-period"] >= 0 && !values.force)
    throw new CommandError("--grace-period must have --force specified");
  if (values.timeout !== 0 && !values.force) throw new CommandError("--timeout must have --force specified");
  if (values.force && dryRun !== "none") throw new CommandError("--dry-run can not be used when --force is set");
}

async function deleteAndWait(session: Session, item: LocatedObject, values: Values): Promise<void> {
  const { resource, namespace, name } = item;
  // An object that goes at once could still be running where it is created anew.
  const graceSeconds = values["grace-period"] === 0 ? 1 : values["grace-period"];
  const found = await deleteObject(session, item, { cascade: values.cascade, graceSeconds }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ApiError && error.code === 404) return false;
      throw error;
    },
  );
  if (found) {
    const kind = qualifiedKind(resource.kind, resource.group);
    const place = resource.namespaced ? ` from ${namespace} namespace` : "";
    const line = values.output === "name" ? `${kind}/${name}\n` : `${kind} ${JSON.stringify(name)} deleted${place}\n`;
    await session.terminal.write(safeText(line));
    if (!(await waitForDeletion(session, item, "", values.timeout || defaultWaitMs))) {
      throw new CommandError("timed out waiting for the condition");
    }
  }
}
