import { ApiError } from "@kube-ts/api/status-error";
import { isRecord } from "@kube-ts/std/config-schema";
import { deleteObject, deletionFlags, endlessWaitMs, propagationPolicy } from "../builder/delete-object.ts";
import { metadataOf, type ObjectReference } from "../builder/object-reference.ts";
import { pathOf, qualifiedKind } from "../builder/resource-mapper.ts";
import { itemsOf, listPages, resolveTargets, type Target } from "../builder/resource-query.ts";
import { withSource } from "../builder/source-error.ts";
import { waitForDeletion } from "../builder/wait-for-deletion.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { type DryRun, parseDryRun } from "../command-line/dry-run.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { dryRunFlag, fileFlags, selectorFlags } from "../command-line/shared-flags.ts";
import { safeText } from "../printers/terminal-text.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";

const flags = {
  ...fileFlags,
  ...selectorFlags,
  ...dryRunFlag,
  all: booleanFlag("Delete all resources, in the namespace of the specified resource types."),
  "all-namespaces": booleanFlag("If present, list the requested object(s) across all namespaces.", { short: "A" }),
  ...deletionFlags,
  "ignore-not-found": booleanFlag(
    'Treat "resource not found" as a successful delete. Defaults to "true" when --all is specified.',
  ),
  interactive: booleanFlag("If true, delete resource only when user confirms.", { short: "i" }),
  now: booleanFlag("If true, resources are signaled for immediate shutdown (same as --grace-period=1)."),
  output: stringFlag('Output mode. Use "-o name" for shorter output (resource/name).', { short: "o" }),
  raw: stringFlag("Raw URI to DELETE to the server. Uses the transport specified by the kubeconfig file."),
  wait: booleanFlag("If true, wait for resources to be gone before returning. This waits for finalizers.", {
    default: true,
  }),
} as const;

type DeleteInvocation = Invocation<typeof flags>;
type Values = DeleteInvocation["flags"];

export const command = defineCommand({
  usage: "([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])",
  description: "Delete resources by file names, stdin, resources and names, or by resources and label selector.",
  examples: "  # Delete a pod using the type and name specified in pod.json\n  kubectl delete -f ./pod.json",
  flags,
  run,
});

async function run(session: Session, invocation: DeleteInvocation): Promise<void> {
  const { flags: values, positional } = invocation;
  const api = await session.api();
  if (values.raw !== "") {
    await session.terminal.write(await api.text({ method: "DELETE", path: values.raw }));
    return;
  }
  checkFlags(values);
  const dryRun = parseDryRun(session.terminal, values["dry-run"]);
  const graceSeconds = graceOf(values);
  const ignoreNotFound = values["ignore-not-found"] || (values.all && !invocation.changed("ignore-not-found"));
  const broken: unknown[] = [];
  const targets = await resolveTargets(session, positional, values, {}, broken);
  if (values.force && graceSeconds === 0) {
    session.terminal.error(
      "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n",
    );
  }
  const failures: unknown[] = [];
  const references = await expand(session, targets, values, failures);
  if (references.length > 0 && values.interactive && !(await confirm(session, references))) return;
  const deleted: { readonly reference: ObjectReference; readonly uid: string }[] = [];
  for (const reference of references) {
    try {
      const answer = await deleteOne(session, reference, values, graceSeconds, dryRun);
      deleted.push({ reference, uid: uidOf(answer) });
      await session.terminal.write(resultLine(reference, values, graceSeconds, dryRun));
    } catch (error) {
      if (!(ignoreNotFound && isNotFound(error))) failures.push(withSource(error, "deleting", reference.source));
    }
  }
  failures.push(...broken);
  if (references.length === 0 && failures.length === 0 && values.output !== "name")
    await session.terminal.write("No resources found\n");
  if (values.wait && dryRun === "none") await waitForAll(session, deleted, values.timeout, failures);
  throwFailures(failures);
}

function checkFlags(values: Values): void {
  propagationPolicy(values.cascade);
  if (values.output !== "" && values.output !== "name") {
    throw new CommandError(`unexpected -o output mode: ${values.output}. We only support '-o name'`);
  }
  if (values.all && values.selector !== "")
    throw new CommandError("setting 'all' parameter but found a non empty selector. ");
  if (values.all && values["field-selector"] !== "")
    throw new CommandError("setting 'all' parameter but found a non empty selector. ");
  if (values["grace-period"] === 0 && !values.force && !values.wait) return;
  if (values.force && (values.now || values["grace-period"] > 0))
    throw new CommandError("--force and --grace-period greater than 0 cannot be specified together");
  if (values.now && values["grace-period"] >= 0)
    throw new CommandError("--now and --grace-period cannot be specified together");
}

function graceOf(values: Values): number {
  if (values.now) return 1;
  if (values.force && values["grace-period"] < 0) return 0;
  // Zero means at once, which only --force may ask for.
  return values["grace-period"] === 0 && !values.force ? 1 : values["grace-period"];
}

/** An object to delete, with the file that names it. */
type Selected = ObjectReference & { readonly source?: string | undefined };

async function expand(
  session: Session,
  targets: readonly Target[],
  values: Values,
  failures: unknown[],
): Promise<Selected[]> {
  const api = await session.api();
  const references: Selected[] = [];
  for (const target of targets) {
    if (target.kind === "object") {
      references.push({ ...target.reference, source: target.source });
      continue;
    }
    try {
      for await (const page of listPages(api, target, values)) references.push(...itemsOf(page, target.resource));
    } catch (error) {
      failures.push(error);
    }
  }
  return references;
}

async function confirm(session: Session, references: readonly ObjectReference[]): Promise<boolean> {
  const list = references
    .map(({ resource, name }) => `${qualifiedKind(resource.kind, resource.group)}/${name}\n`)
    .join("");
  await session.terminal.write(
    `You are about to delete the following ${references.length} resource(s):\n${safeText(list)}Do you want to continue? (y/N): `,
  );
  const { createInterface } = await import("node:readline/promises");
  const reader = createInterface({ input: session.terminal.stdin });
  const noAnswer = new Promise<string>((resolve) => reader.once("close", () => resolve("")));
  const question = reader.question("", { signal: session.signal });
  const answer = await Promise.race([question, noAnswer]).finally(() => reader.close());
  if (/^y(es)?$/i.test(answer.trim())) return true;
  await session.terminal.write("deletion is cancelled\n");
  return false;
}

async function deleteOne(
  session: Session,
  reference: ObjectReference,
  values: Values,
  graceSeconds: number,
  dryRun: DryRun,
): Promise<JsonObject> {
  const { resource, namespace, name } = reference;
  if (dryRun === "client") return (await session.api()).json({ path: pathOf(resource, namespace, name) });
  return deleteObject(session, reference, { cascade: values.cascade, graceSeconds, dryRun: dryRun === "server" });
}

function resultLine(
  { resource, namespace, name }: ObjectReference,
  values: Values,
  graceSeconds: number,
  dryRun: DryRun,
): string {
  const kind = qualifiedKind(resource.kind, resource.group);
  if (values.output === "name") return `${kind}/${safeText(name)}\n`;
  const operation = graceSeconds === 0 ? "force deleted" : "deleted";
  const suffix = dryRun === "none" ? "" : dryRun === "client" ? " (dry run)" : " (server dry run)";
  const place = resource.namespaced ? ` from ${namespace} namespace` : "";
  return `${kind} ${JSON.stringify(safeText(name))} ${operation}${place}${suffix}\n`;
}

function uidOf(answer: JsonObject): string {
  const details = isRecord(answer["details"]) ? answer["details"] : {};
  const uid = metadataOf(answer)["uid"] ?? details["uid"];
  return typeof uid === "string" ? uid : "";
}

function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.reason === "NotFound";
}

async function waitForAll(
  session: Session,
  deleted: readonly { readonly reference: ObjectReference; readonly uid: string }[],
  timeoutMs: number,
  failures: unknown[],
): Promise<void> {
  const limitMs = timeoutMs > 0 ? timeoutMs : endlessWaitMs;
  const startMs = session.clock.monotonicMs();
  for (const { reference, uid } of deleted) {
    const leftMs = Math.max(0, limitMs - (session.clock.monotonicMs() - startMs));
    if (await waitForDeletion(session, reference, uid, leftMs)) continue;
    const { resource, name } = reference;
    failures.push(new CommandError(`timed out waiting for the condition on ${resource.plural}/${name}`));
  }
}
