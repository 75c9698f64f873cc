import type { Event } from "@kube-ts/api/core/v1";
import { parseTime } from "@kube-ts/api/rfc3339";
import { humanDuration } from "../printers/age.ts";
import type { Api, JsonObject } from "../session/api.ts";
import { metadataOf } from "../builder/object-reference.ts";
import type { Description } from "./description.ts";

/** The events about an object, oldest first. None where they cannot be read. */
export async function readEvents(api: Api, kind: string, object: JsonObject): Promise<Event[]> {
  const { name, namespace, uid } = metadataOf(object);
  const inNamespace = typeof namespace === "string" && namespace !== "" ? namespace : "default";
  // Nodes report with their name as uid.
  const fields = [
    `involvedObject.name=${String(name)}`,
    `involvedObject.kind=${kind}`,
    ...(kind === "Node" ? [] : [`involvedObject.uid=${String(uid)}`]),
  ];
  const path = `/api/v1/namespaces/${encodeURIComponent(inNamespace)}/events`;
  try {
    const list = await api.json({ path, query: { fieldSelector: fields.join(","), limit: 500 } });
    const events = Array.isArray(list["items"]) ? (list["items"] as Event[]) : [];
    return events.toSorted((a, b) => lastSeenMs(a) - lastSeenMs(b));
  } catch {
    return [];
  }
}

export function lastSeenMs(event: Event): number {
  return (
    parseTime(
      event.series?.lastObservedTime ??
        event.lastTimestamp ??
        event.eventTime ??
        event.metadata.creationTimestamp ??
        "",
    ) ?? 0
  );
}

function firstSeenMs(event: Event): number {
  return parseTime(event.firstTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? "") ?? 0;
}

/** How long ago an event was seen, and how often since when. */
export function eventAge(event: Event, nowMs: number): string {
  const count = event.series?.count ?? event.count ?? 1;
  const first = humanDuration(nowMs - firstSeenMs(event));
  return count > 1 ? `${humanDuration(nowMs - lastSeenMs(event))} (x${count} over ${first})` : first;
}

export function writeEvents(description: Description, events: readonly Event[], nowMs: number): void {
  if (events.length === 0) {
    description.line(0, "Events:\t<none>");
    return;
  }
  description.line(0, "Events:");
  description.line(1, "Type\tReason\tAge\tFrom\tMessage");
  description.line(1, "----\t------\t----\t----\t-------");
  for (const event of events) {
    const age = eventAge(event, nowMs);
    const from = event.source?.component || event.reportingComponent || "";
    description.line(1, `${event.type ?? ""}\t${event.reason ?? ""}\t${age}\t${from}\t${(event.message ?? "").trim()}`);
  }
}
