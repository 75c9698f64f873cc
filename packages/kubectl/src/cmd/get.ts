import { ApiError } from "@kube-ts/api/status-error";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError, ExitStatus, throwFailures, UsageError } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { booleanFlag, integerFlag, listFlag, stringFlag } from "../command-line/flag.ts";
import { fileFlags, selectorFlags } from "../command-line/shared-flags.ts";
import { formatAge } from "../printers/age.ts";
import { createPrinter, listOf, outputFlags } from "../printers/object-printer.ts";
import { sortByPath } from "../printers/sort-by.ts";
import { decodeTable, plainTable, type Table, TablePrinter, type TableRow } from "../printers/table.ts";
import type { ApiResource } from "../builder/discovery.ts";
import { apiVersionOf, pathOf, qualifiedKind } from "../builder/resource-mapper.ts";
import {
  fetchAll,
  itemsOf,
  listPages,
  orMissingNamespace,
  resolveTargets,
  type Target,
} from "../builder/resource-query.ts";
import { tableAccept, type JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import { watchTargets } from "./get-watch.ts";

const getFlags = {
  ...outputFlags,
  ...fileFlags,
  ...selectorFlags,
  "all-namespaces": booleanFlag("If present, list the requested object(s) across all namespaces.", { short: "A" }),
  "chunk-size": integerFlag("Return large lists in chunks rather than all at once. Pass 0 to disable.", {
    default: 500,
  }),
  "ignore-not-found": booleanFlag("If set to true, suppresses NotFound error for specific objects that do not exist."),
  "label-columns": listFlag("Accepts a comma separated list of labels that are going to be presented as columns.", {
    short: "L",
  }),
  "no-headers": booleanFlag("When using the default or custom-column output format, don't print headers."),
  "output-watch-events": booleanFlag("Output watch event objects when --watch or --watch-only is used."),
  raw: stringFlag("Raw URI to request from the server. Uses the transport specified by the kubeconfig file."),
  "server-print": booleanFlag("If true, have the server return the appropriate table output.", { default: true }),
  "show-kind": booleanFlag("If present, list the resource type for the requested object(s)."),
  "show-labels": booleanFlag("When printing, show all labels as the last column"),
  "sort-by": stringFlag("If non-empty, sort list types using this field specification."),
  subresource: stringFlag("If specified, gets the subresource of the requested object."),
  watch: booleanFlag("After listing/getting the requested object, watch for changes.", { short: "w" }),
  "watch-only": booleanFlag("Watch for changes to the requested object(s), without listing/getting first."),
} as const;

export type GetInvocation = Invocation<typeof getFlags>;

const required = `You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.

error: Required resource not specified.
Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).
See 'kubectl get -h' for help and examples
`;

export const command = defineCommand({
  usage:
    "[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]",
  description: "Display one or many resources.",
  examples: `  # List all pods in ps output format
  kubectl get pods
  # List a single deployment in JSON output format
  kubectl get -o json deployment web
  # Return only the phase value of the specified pod
  kubectl get -o template pod/web-pod-13je7 --template={{.status.phase}}`,
  flags: getFlags,
  run,
});

async function run(session: Session, invocation: GetInvocation): Promise<void> {
  const { flags, positional } = invocation;
  if (flags.raw !== "") return getRaw(session, invocation);
  if (flags["output-watch-events"] && !flags.watch && !flags["watch-only"]) {
    throw new UsageError("--output-watch-events option can only be used with --watch or --watch-only");
  }
  const fromFiles = flags.filename.length > 0 || flags.kustomize !== "";
  if (positional.length === 0 && !fromFiles) {
    session.terminal.error(required);
    throw new ExitStatus(1);
  }
  const watching = flags.watch || flags["watch-only"];
  if (watching && flags["sort-by"] !== "") {
    session.terminal.error("warning: --watch requested, --sort-by will be ignored for watch events received\n");
  }
  const printer = await createPrinter(flags, { tables: true, headers: !flags["no-headers"] });
  const broken: unknown[] = [];
  const targets = await resolveTargets(session, positional, flags, { allByDefault: true }, broken);
  if (watching) {
    throwFailures(broken);
    return watchTargets(session, targets, invocation, printer);
  }
  const failures: unknown[] = [];
  if (printer === undefined) await printTables(session, targets, invocation, failures);
  else await printObjects(session, targets, invocation, failures, (object) => printer.format(object));
  throwFailures([...reportable(failures, flags["ignore-not-found"]), ...broken]);
}

async function getRaw(session: Session, { flags, positional }: GetInvocation): Promise<void> {
  if (positional.length > 0) throw new CommandError("arguments may not be passed when --raw is specified");
  if (flags.output !== "") throw new CommandError("--raw and --output are mutually exclusive");
  if (flags.watch || flags["watch-only"] || flags.selector !== "") {
    throw new UsageError(
      "--raw may not be specified with other flags that filter the server request or alter the output",
    );
  }
  if (!flags.raw.startsWith("/"))
    throw new CommandError(
      `--raw must be a valid URL path: parse ${JSON.stringify(flags.raw)}: invalid URI for request`,
    );
  for await (const chunk of await (await session.api()).stream({ path: flags.raw }))
    await session.terminal.write(chunk);
}

/** Failures that `--ignore-not-found` does not excuse. */
function reportable(failures: readonly unknown[], ignoreNotFound: boolean): unknown[] {
  return failures.filter((error) => !(ignoreNotFound && error instanceof ApiError && error.reason === "NotFound"));
}

async function printObjects(
  session: Session,
  targets: readonly Target[],
  { flags }: GetInvocation,
  failures: unknown[],
  format: (object: JsonObject) => string,
): Promise<void> {
  const single = targets.length === 1 && targets[0]?.kind === "object" && flags.filename.length <= 1;
  const found =
    flags.subresource === ""
      ? await fetchAll(session, targets, flags, failures)
      : await fetchSubresources(session, targets, flags.subresource, failures);
  const problems = reportable(failures, flags["ignore-not-found"]);
  const sorted = flags["sort-by"] === "" ? found : sortByPath(found, flags["sort-by"], ({ object }) => object);
  const objects = sorted.map(({ object }) => object);
  const [first] = objects;
  if (single) {
    if (first) await session.terminal.write(format(first));
  } else if (problems.length === 0 || objects.length > 0) {
    if (flags.output === "name") await session.terminal.write(objects.map(format).join(""));
    else await session.terminal.write(format(listOf(objects)));
  }
}

async function fetchSubresources(
  session: Session,
  targets: readonly Target[],
  subresource: string,
  failures: unknown[],
) {
  const api = await session.api();
  const found: { readonly object: JsonObject }[] = [];
  for (const target of targets) {
    if (target.kind !== "object")
      throw new CommandError("subresource cannot be used when bulk resources are specified");
    const { resource, namespace, name } = target.reference;
    try {
      found.push({ object: await api.json({ path: pathOf(resource, namespace, name, subresource) }) });
    } catch (error) {
      failures.push(error);
    }
  }
  return found;
}

/** The rows that belong to one kind. */
interface TableGroup {
  readonly resource: ApiResource;
  readonly table: Table;
}

async function printTables(
  session: Session,
  targets: readonly Target[],
  { flags }: GetInvocation,
  failures: unknown[],
): Promise<void> {
  const groups = mergeGroups(await fetchTables(session, targets, flags, failures), flags["sort-by"]);
  // Kinds of which nothing could be read do not count, kinds that have no objects do.
  const kinds = new Set(groups.map(({ resource }) => qualifiedKind(resource.kind, resource.group)));
  let output = "";
  for (const { resource, table } of groups) {
    if (table.rows.length === 0) continue;
    const printer = new TablePrinter(tableOptions(flags, resource, kinds.size > 1));
    output += (output === "" ? "" : "\n") + printer.format(table);
  }
  await session.terminal.write(output);
  const nothing = output === "" && failures.length === 0;
  if (nothing && !flags["ignore-not-found"]) session.terminal.error(await emptyMessage(session, targets, flags));
}

async function emptyMessage(
  session: Session,
  targets: readonly Target[],
  flags: GetInvocation["flags"],
): Promise<string> {
  const namespaced = targets.some((target) => resourceOf(target).namespaced);
  if (flags["all-namespaces"] || !namespaced) return "No resources found\n";
  return `No resources found in ${(await session.namespace()).name} namespace.\n`;
}

export function resourceOf(target: Target): ApiResource {
  return target.kind === "object" ? target.reference.resource : target.resource;
}

export function tableOptions(flags: GetInvocation["flags"], resource: ApiResource, severalKinds: boolean) {
  return {
    wide: flags.output === "wide",
    headers: !flags["no-headers"],
    namespaceColumn: flags["all-namespaces"] && resource.namespaced,
    kindPrefix: severalKinds || flags["show-kind"] ? qualifiedKind(resource.kind, resource.group) : "",
    showLabels: flags["show-labels"],
    labelColumns: flags["label-columns"],
    eventColumn: flags["output-watch-events"],
  };
}

async function fetchTables(
  session: Session,
  targets: readonly Target[],
  flags: GetInvocation["flags"],
  failures: unknown[],
): Promise<TableGroup[]> {
  const api = await session.api();
  if (flags.subresource !== "" && targets.some(({ kind }) => kind === "list")) {
    throw new CommandError("subresource cannot be used when bulk resources are specified");
  }
  const groups: TableGroup[] = [];
  const request = {
    accept: flags["server-print"] ? tableAccept : "application/json",
    ...(flags["sort-by"] !== "" && { query: { includeObject: "Object" } }),
  };
  for (const target of targets) {
    try {
      if (target.kind === "list") {
        for await (const page of listPages(api, target, flags, request)) {
          groups.push({ resource: target.resource, table: toTable(session, page, target.resource) });
        }
        continue;
      }
      const { resource, namespace, name } = target.reference;
      const document = await api.json({ ...request, path: pathOf(resource, namespace, name, flags.subresource) });
      groups.push({ resource, table: toTable(session, document, resource) });
    } catch (error) {
      failures.push(
        target.kind === "object" ? await orMissingNamespace(api, target.reference.namespace, error) : error,
      );
    }
  }
  return groups;
}

/** The server's table, or one of names where it answers with objects. */
export function toTable(session: Session, document: JsonObject, resource: ApiResource): Table {
  const table = decodeTable(document);
  if (table) return table;
  const objects = Array.isArray(document["items"])
    ? itemsOf(document, resource).map(({ object }) => object)
    : [{ apiVersion: apiVersionOf(resource), kind: resource.kind, ...document }];
  return plainTable(objects, (object) => {
    const metadata = isRecord(object["metadata"]) ? object["metadata"] : {};
    return formatAge(session.clock.now(), metadata["creationTimestamp"]);
  });
}

/** Joins neighbouring tables of one kind. */
/** What is known of a resource is read anew when a type is looked for that is not found. */
function isSameResource(one: ApiResource, other: ApiResource): boolean {
  return one.group === other.group && one.version === other.version && one.plural === other.plural;
}

function mergeGroups(groups: readonly TableGroup[], sortBy: string): TableGroup[] {
  const merged: { resource: ApiResource; columns: Table["columns"]; rows: TableRow[] }[] = [];
  for (const { resource, table } of groups) {
    const last = merged.at(-1);
    if (last && isSameResource(last.resource, resource)) last.rows.push(...table.rows);
    else merged.push({ resource, columns: table.columns, rows: [...table.rows] });
  }
  return merged.map(({ resource, columns, rows }) => ({
    resource,
    table: { columns, rows: sortBy === "" ? rows : sortByPath(rows, sortBy, (row) => row.object, { required: false }) },
  }));
}
