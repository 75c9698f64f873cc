import type { Event } from "@kube-ts/api/core/v1";
import { isRecord } from "@kube-ts/std/config-schema";
import { metadataOf } from "../builder/object-reference.ts";
import { listPages } from "../builder/resource-query.ts";
import { CommandError } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { booleanFlag, integerFlag, listFlag, stringFlag } from "../command-line/flag.ts";
import { eventAge, lastSeenMs } from "../describe/events.ts";
import { createPrinter, listOf, outputFlags } from "../printers/object-printer.ts";
import { TabWriter, tableLayout } from "../printers/tab-writer.ts";
import { safeText } from "../printers/terminal-text.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";

const flags = {
  ...outputFlags,
  "all-namespaces": booleanFlag("If present, list the requested object(s) across all namespaces.", { short: "A" }),
  "chunk-size": integerFlag("Return large lists in chunks rather than all at once. Pass 0 to disable.", {
    default: 500,
  }),
  for: stringFlag("Filter events to only those pertaining to the specified resource."),
  "no-headers": booleanFlag("When using the default output format, don't print headers."),
  types: listFlag("Output only events of given types."),
  watch: booleanFlag("After listing the requested events, watch for more events.", { short: "w" }),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage:
    "[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]",
  description: "Display events.",
  examples:
    "  # List recent events for the specified pod, then wait for more events and list them as they arrive\n  kubectl events --for pod/web-pod-13je7 --watch",
  flags,
  run,
});

async function run(session: Session, { flags: values, positional }: Invocation<typeof flags>): Promise<void> {
  if (positional.length > 0) throw new CommandError(`unexpected arguments: [${positional.join(" ")}]`);
  const types = values.types.map((type) => type.toLowerCase());
  if (types.some((type) => type !== "normal" && type !== "warning")) {
    throw new CommandError("valid --types are Normal or Warning");
  }
  const resource = await (await session.mapper()).resolve("events.v1.");
  const namespace = values["all-namespaces"] ? "" : (await session.namespace()).name;
  const selection = { "chunk-size": values["chunk-size"], "field-selector": await fieldSelector(session, values.for) };
  const api = await session.api();
  const wanted = (event: Event) => types.length === 0 || types.includes((event.type ?? "").toLowerCase());
  const found: Event[] = [];
  let resourceVersion = "";
  for await (const page of listPages(api, { kind: "list", resource, namespace }, selection)) {
    found.push(...(Array.isArray(page["items"]) ? (page["items"] as Event[]) : []));
    resourceVersion = String(metadataOf(page)["resourceVersion"] ?? "");
  }
  const events = found.filter(wanted).toSorted((a, b) => lastSeenMs(a) - lastSeenMs(b));
  const printer = await createPrinter(values);
  const show = tableOf(session, values);
  const complete = (event: Event): JsonObject => ({ apiVersion: "v1", kind: "Event", ...event });
  if (printer) {
    const objects = events.map(complete);
    if (objects.length > 0 || !values.watch) await session.terminal.write(printer.format(listOf(objects)));
  } else if (events.length > 0 || values.watch) await session.terminal.write(show(events));
  else {
    session.terminal.error(namespace === "" ? "No events found.\n" : `No events found in ${namespace} namespace.\n`);
  }
  if (!values.watch) return;
  const query = { resourceVersion, fieldSelector: selection["field-selector"] || undefined };
  const path = namespace === "" ? "/api/v1/events" : `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
  for await (const { type, object } of api.watch({ path, query })) {
    const event = object as unknown as Event;
    if (type === "ERROR") throw new CommandError(String(object["message"] ?? "the watch ended"));
    if (type === "DELETED" || type === "BOOKMARK" || !wanted(event)) continue;
    await session.terminal.write(printer ? printer.format(complete(event)) : show([event]));
  }
}

async function fieldSelector(session: Session, text: string): Promise<string> {
  if (text === "") return "";
  const [type = "", name = "", ...more] = text.split("/");
  if (type === "" || name === "" || more.length > 0) {
    throw new CommandError("--for must be in resource/name form");
  }
  const { kind, group, version } = await (await session.mapper()).resolvePlainly(type);
  const apiVersion = group === "" ? version : `${group}/${version}`;
  return `involvedObject.kind=${kind},involvedObject.apiVersion=${apiVersion},involvedObject.name=${name}`;
}

/** A table whose header comes with its first rows. */
function tableOf(session: Session, values: Values): (events: readonly Event[]) => string {
  const writer = new TabWriter(tableLayout);
  let header = !values["no-headers"];
  const everywhere = values["all-namespaces"];
  return (events) => {
    if (header) {
      const titles = ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];
      writer.write(`${(everywhere ? ["NAMESPACE", ...titles] : titles).join("\t")}\n`);
    }
    header = false;
    for (const event of events) {
      const about = isRecord(event.involvedObject) ? event.involvedObject : {};
      const cells = [
        eventAge(event, session.clock.now()),
        event.type ?? "",
        event.reason ?? "",
        `${String(about["kind"] ?? "")}/${String(about["name"] ?? "")}`,
        (event.message ?? "").trim(),
      ];
      const row = everywhere ? [event.metadata.namespace ?? "", ...cells] : cells;
      writer.write(`${row.map(safeText).join("\t")}\n`);
    }
    return writer.flush();
  };
}
