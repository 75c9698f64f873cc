import { ApiError } from "@kube-ts/api/status-error";
import { parseSelector } from "@kube-ts/api/selectors";
import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import { causeOf, recordFlag, withAnnotations } from "../builder/change-cause.ts";
import { deleteObject, deletionFlags, endlessWaitMs, propagationPolicy } from "../builder/delete-object.ts";
import { lastApplied, withLastApplied } from "../builder/last-applied.ts";
import { annotationsOf, labelsOf, type LocatedObject, metadataOf } from "../builder/object-reference.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { getObject, locateManifests } from "../builder/resource-query.ts";
import { waitForDeletion } from "../builder/wait-for-deletion.ts";
import { withSource } from "../builder/source-error.ts";
import { CommandError, throwFailures, UsageError } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { type DryRun, parseDryRun, parseValidation } from "../command-line/dry-run.ts";
import { booleanFlag, repeatedFlag, stringFlag } from "../command-line/flag.ts";
import {
  dryRunFlag,
  fieldManagerFlag,
  fileFlags,
  labelSelectorFlag,
  validateFlag,
} from "../command-line/shared-flags.ts";
import { listOf, outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import type { Api, JsonObject, Query } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import { applyOnServer, type ServerSideApply, serverSideManager } from "./apply-on-server.ts";
import { threeWayPatch } from "./apply-patch.ts";
import { parseKind, prune } from "./apply-prune.ts";

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...labelSelectorFlag,
  ...dryRunFlag,
  ...validateFlag,
  ...fieldManagerFlag("kubectl-client-side-apply"),
  ...recordFlag,
  all: booleanFlag("Select all resources in the namespace of the specified resource types."),
  ...deletionFlags,
  "force-conflicts": booleanFlag("If true, server-side apply will force the changes against conflicts."),
  "openapi-patch": booleanFlag("Merge by the rules of the OpenAPI document, which are the built-in ones.", {
    default: true,
  }),
  overwrite: booleanFlag("Automatically resolve conflicts between the modified and live configuration.", {
    default: true,
  }),
  prune: booleanFlag(
    "Automatically delete resource objects, that do not appear in the configs and are created by either apply or create --save-config. Should be used with either -l or --all.",
  ),
  "prune-allowlist": repeatedFlag("Overwrite the default allowlist with <group/version/kind> for --prune"),
  "server-side": booleanFlag("If true, apply runs in the server instead of the client."),
  subresource: stringFlag(
    "If specified, apply will operate on the subresource of the requested object. Only allowed when using --server-side.",
  ),
} as const;

type Values = Invocation<typeof flags>["flags"];
type ManagedQuery = ServerSideApply["query"];

export const command = defineCommand({
  usage: "(-f FILENAME | -k DIRECTORY)",
  description:
    "Apply a configuration to a resource by file name or stdin. The resource name must be specified. This resource will be created if it doesn't exist yet.",
  examples: "  # Apply the configuration in pod.json to a pod\n  kubectl apply -f ./pod.json",
  flags,
  run,
});

async function run(session: Session, invocation: Invocation<typeof flags>): Promise<void> {
  const { flags: values, positional } = invocation;
  if (positional.length > 0) throw new UsageError(`Unexpected args: [${positional.join(" ")}]`);
  if (values.filename.length === 0 && values.kustomize === "") throw new CommandError("must specify one of -f and -k");
  const dryRun = parseDryRun(session.terminal, values["dry-run"]);
  checkFlags(values, dryRun);
  for (const text of values["prune-allowlist"]) parseKind(text);
  const selector = parseSelector(values.selector);
  const broken: unknown[] = [];
  const given = await locateManifests(session, values, broken);
  const cause = causeOf(values, session.commandLine);
  const located = given
    .filter(({ object }) => selector.matches(labelsOf(object)))
    .map((item) => ({ ...item, object: withAnnotations(item.object, cause) }));
  const print = await createResultPrinter(values, dryRun);
  const names = values.output === "" || values.output === "name";
  const query = queryOf(values, dryRun, invocation.changed("field-manager"));
  const results: JsonObject[] = [];
  const applied: LocatedObject[] = [];
  const failures: unknown[] = [];
  for (const item of located) {
    try {
      const { object, operation } = values["server-side"]
        ? { object: await sendToServer(session, item, query, values), operation: "serverside-applied" }
        : await applyOnClient(session, item, query, dryRun, values);
      applied.push({ ...item, object });
      if (names) await session.terminal.write(print(object, operation));
      else results.push(object);
    } catch (error) {
      failures.push(error);
    }
  }
  const [first] = results;
  if (first) await session.terminal.write(print(results.length === 1 ? first : listOf(results), ""));
  // Whatever could not be applied must not be taken for unwanted.
  throwFailures([...broken, ...failures]);
  if (!values.prune) return;
  const options = {
    selector: values.selector,
    allowlist: values["prune-allowlist"],
    cascade: values.cascade,
    graceSeconds: values["grace-period"],
    dryRun,
    timeoutMs: values.timeout,
    wait: values.wait,
  };
  await prune(session, applied, options, print);
}

/** Throws a CommandError for flags that contradict each other. */
function checkFlags(values: Values, dryRun: DryRun): void {
  const serverSide = values["server-side"];
  if (values["force-conflicts"] && !serverSide) {
    throw new CommandError("--force-conflicts only works with --server-side");
  }
  if (dryRun === "client" && serverSide) {
    throw new CommandError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
  }
  if (values.force && serverSide) throw new CommandError("--force cannot be used with --server-side");
  if (values.force && dryRun === "server") throw new CommandError("--dry-run=server cannot be used with --force");
  if (values.all && values.selector !== "") throw new CommandError("cannot set --all and --selector at the same time");
  if (values.subresource !== "" && !serverSide) {
    throw new CommandError("--subresource can only be specified for --server-side");
  }
  if (values.prune && !values.all && values.selector === "") {
    throw new CommandError(
      "all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector",
    );
  }
  propagationPolicy(values.cascade);
}

function queryOf(values: Values, dryRun: DryRun, managerGiven: boolean): ManagedQuery {
  const manager = values["server-side"] && !managerGiven ? serverSideManager : values["field-manager"];
  return {
    fieldManager: manager,
    fieldValidation: parseValidation(values.validate),
    dryRun: dryRun === "server" ? "All" : undefined,
  };
}

async function sendToServer(
  session: Session,
  item: LocatedObject,
  query: ManagedQuery,
  values: Values,
): Promise<JsonObject> {
  const object = await applyOnServer({
    api: await session.api(),
    item,
    query,
    forceConflicts: values["force-conflicts"],
    subresource: values.subresource,
    warn: (text) => session.terminal.error(text),
  });
  warnDeleted(session, item, object);
  return object;
}

/** How often a patch is made again because somebody else was quicker. */
const maxAttempts = 5;

interface Applied {
  readonly object: JsonObject;
  readonly operation: string;
}

async function applyOnClient(
  session: Session,
  item: LocatedObject,
  query: Query,
  dryRun: DryRun,
  values: Values,
): Promise<Applied> {
  const api = await session.api();
  const modified = withLastApplied(item.object);
  const live = await getObject(api, item).catch((error: unknown) => {
    if (error instanceof ApiError && error.reason === "NotFound") return undefined;
    throw error;
  });
  if (!live) {
    if (dryRun === "client") return { object: modified, operation: "created" };
    const path = pathOf(item.resource, item.namespace);
    try {
      return { object: await api.json({ method: "POST", path, query, body: modified }), operation: "created" };
    } catch (error) {
      throw withSource(error, "creating", item.source);
    }
  }
  warnUnmanaged(session, item, live);
  try {
    return await patchLive(api, item, modified, live, query, dryRun, values.overwrite);
  } catch (error) {
    const refused = error instanceof ApiError && (error.reason === "Conflict" || error.reason === "Invalid");
    if (!values.force || !refused) throw error;
    return { object: await deleteAndCreate(session, item, modified, live, query, values), operation: "configured" };
  }
}

/** Replaces an object whose change is refused; one that cannot be created anew comes back as it was. */
async function deleteAndCreate(
  session: Session,
  item: LocatedObject,
  modified: JsonObject,
  live: JsonObject,
  query: Query,
  values: Values,
): Promise<JsonObject> {
  const api = await session.api();
  await deleteObject(session, item, { cascade: values.cascade, graceSeconds: values["grace-period"] });
  const uid = String(metadataOf(live)["uid"] ?? "");
  if (!(await waitForDeletion(session, item, uid, values.timeout || endlessWaitMs))) {
    throw new CommandError("timed out waiting for the condition");
  }
  const path = pathOf(item.resource, item.namespace);
  return api.json({ method: "POST", path, query, body: modified }).catch(async (cause: unknown) => {
    const { resourceVersion: _version, uid: _uid, ...metadata } = metadataOf(live);
    await api.json({ method: "POST", path, query, body: { ...live, metadata } }).catch((second: unknown) => {
      const reasons = [cause, second].map((each) => (each instanceof Error ? each.message : String(each)));
      throw new CommandError(
        `An error occurred force-replacing the existing object with the newly provided one:\n\n${reasons[0]}.\n\nAdditionally, an error occurred attempting to restore the original object:\n\n${reasons[1]}`,
        { cause },
      );
    });
    throw cause;
  });
}

function warnDeleted(session: Session, item: LocatedObject, live: JsonObject): void {
  if (metadataOf(live)["deletionTimestamp"] === undefined) return;
  session.terminal.error(`Warning: Detected changes to resource ${item.name} which is currently being deleted.\n`);
}

function warnUnmanaged(session: Session, item: LocatedObject, live: JsonObject): void {
  warnDeleted(session, item, live);
  if (annotationsOf(live)[lastAppliedAnnotation] !== undefined) return;
  session.terminal.error(
    `Warning: resource ${item.resource.plural}/${item.name} is missing the ${lastAppliedAnnotation} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
  );
}

async function patchLive(
  api: Api,
  item: LocatedObject,
  modified: JsonObject,
  first: JsonObject,
  query: Query,
  dryRun: DryRun,
  overwrite: boolean,
): Promise<Applied> {
  let live = first;
  for (let attempt = 1; ; attempt += 1) {
    const patch = threeWayPatch(item.resource, lastApplied(live), modified, live, overwrite);
    if (patch === undefined) return { object: live, operation: "unchanged" };
    if (dryRun === "client") return { object: patch.preview, operation: "configured" };
    try {
      const path = pathOf(item.resource, item.namespace, item.name);
      const object = await api.json({ method: "PATCH", path, query, body: patch.body, contentType: patch.contentType });
      const changed = metadataOf(object)["resourceVersion"] !== metadataOf(live)["resourceVersion"];
      return { object, operation: changed || dryRun === "server" ? "configured" : "unchanged" };
    } catch (error) {
      const conflict = error instanceof ApiError && error.reason === "Conflict";
      if (conflict && attempt < maxAttempts) {
        live = await getObject(api, item);
        continue;
      }
      throw explainPatchFailure(error, item, patch.body);
    }
  }
}

function explainPatchFailure(error: unknown, item: LocatedObject, body: unknown): unknown {
  if (!(error instanceof ApiError) || error.reason === "Invalid") return error;
  const { resource, namespace, name, source = "" } = item;
  const group = resource.group === "" ? "/" : `${resource.group}/`;
  const message = `error when applying patch:\n${JSON.stringify(body)}\nto:\nResource: ${JSON.stringify(`${group}${resource.version}, Resource=${resource.plural}`)}, GroupVersionKind: ${JSON.stringify(`${group}${resource.version}, Kind=${resource.kind}`)}\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace)}\nfor: ${JSON.stringify(source)}: error when patching ${JSON.stringify(source)}: ${error.message}`;
  return new ApiError({ ...error.status, message }, { cause: error });
}
