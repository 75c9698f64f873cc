import type { Status } from "@kube-ts/api/meta/v1";
import { apiErrorFromStatus, notFound } from "@kube-ts/api/status-error";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError, UsageError } from "../command-line/command-error.ts";
import type { ObjectPrinter } from "../printers/object-printer.ts";
import { TablePrinter } from "../printers/table.ts";
import { metadataOf } from "../builder/object-reference.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { selectionQuery, type Target } from "../builder/resource-query.ts";
import { tableAccept, type JsonObject, type Query } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import { type GetInvocation, resourceOf, tableOptions, toTable } from "./get.ts";

/** Prints what is there and then every change, until the server or the user ends it. */
export async function watchTargets(
  session: Session,
  targets: readonly Target[],
  { flags }: GetInvocation,
  printer: ObjectPrinter | undefined,
): Promise<void> {
  const [target] = targets;
  if (!target || targets.length > 1) {
    throw new UsageError(
      "watch is only supported on individual resources and resource collections - more than 1 resource was found",
    );
  }
  const resource = resourceOf(target);
  const accept = printer ? "application/json" : tableAccept;
  const namespace = target.kind === "object" ? target.reference.namespace : target.namespace;
  const path = pathOf(resource, namespace);
  const query: Query = {
    ...selectionQuery(flags),
    ...(target.kind === "object" && { fieldSelector: `metadata.name=${target.reference.name}` }),
    ...(!printer && flags["sort-by"] !== "" && { includeObject: "Object" }),
  };
  const tables = printer ? undefined : new TablePrinter(tableOptions(flags, resource, false));
  const print = async (object: JsonObject, event: string) => {
    const wrapped = flags["output-watch-events"] ? { type: event, object } : object;
    const text = tables ? tables.format(toTable(session, object, resource), event) : (printer?.format(wrapped) ?? "");
    await session.terminal.write(text);
  };
  const api = await session.api();
  const initial = await api.json({ path, query, accept });
  const { resourceVersion } = metadataOf(initial);
  if (!flags["watch-only"]) await printInitial(initial, target, tables === undefined, print);
  const events = api.watch({
    path,
    accept,
    query: { ...query, resourceVersion: typeof resourceVersion === "string" ? resourceVersion : undefined },
  });
  for await (const { type, object } of events) {
    if (type === "BOOKMARK") continue;
    if (type === "ERROR") throw apiErrorFromStatus(object as unknown as Status);
    await print(object, type);
  }
}

async function printInitial(
  initial: JsonObject,
  target: Target,
  objects: boolean,
  print: (object: JsonObject, event: string) => Promise<void>,
): Promise<void> {
  const entries = objects ? initial["items"] : initial["rows"];
  const count = Array.isArray(entries) ? entries.length : 0;
  if (target.kind === "object" && count === 0) {
    const { resource, name } = target.reference;
    throw notFound({ group: resource.group, resource: resource.plural }, name);
  }
  if (!objects) {
    if (count > 0) await print(initial, "ADDED");
    return;
  }
  if (!Array.isArray(entries)) throw new CommandError("the server answered with something else than a list");
  const resource = resourceOf(target);
  for (const entry of entries.filter(isRecord)) {
    const apiVersion = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
    await print({ apiVersion, kind: resource.kind, ...entry }, "ADDED");
  }
}
