import type { Event } from "@kube-ts/api/core/v1";
import { events } from "@kube-ts/api/resource-types";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { type ResourceDefinition, type TableColumns, defineResource } from "../resource-definition.ts";
import { column, nameCell, wideColumn } from "../table/columns.ts";
import { timeSince } from "../table/human-duration.ts";
import { eventAlternate } from "./event-versions.ts";
import { validateEvent } from "./validate-event.ts";

const eventColumns: TableColumns<Event> = {
  definitions: [
    column("Last Seen", "string", "Time since the event was last observed."),
    column("Type", "string", "Normal or Warning."),
    column("Reason", "string", "Why the event was made, in one word."),
    column("Object", "string", "Object that the event is about."),
    wideColumn("Subobject", "string", "Part of the object that the event is about."),
    wideColumn("Source", "string", "Component that reported the event, and where it runs."),
    column("Message", "string", "What happened."),
    wideColumn("First Seen", "string", "Time since the event was first observed."),
    wideColumn("Count", "string", "How often the event was observed."),
    { name: "Name", type: "string", format: "name", description: "Name of the event.", priority: 1 },
  ],
  row(event, nowMs) {
    const { involvedObject: involved, series } = event;
    const firstSeen = timeSince(event.firstTimestamp ?? event.eventTime, nowMs);
    const lastSeen = !event.lastTimestamp ? firstSeen : timeSince(event.lastTimestamp, nowMs);
    const kind = (involved.kind ?? "").toLowerCase();
    return {
      cells: [
        series ? timeSince(series.lastObservedTime, nowMs) : lastSeen,
        event.type ?? "",
        event.reason ?? "",
        involved.name ? `${kind}/${involved.name}` : kind,
        involved.fieldPath ?? "",
        reporter(event),
        (event.message ?? "").trim(),
        firstSeen,
        series ? (series.count ?? 0) : event.count || 1,
        nameCell(event),
      ],
    };
  },
};

/** Events in both of their API versions, which are kept for as long as given. */
export function eventResource(ttlSeconds: number): ResourceDefinition<Event> {
  return defineResource<Event>({
    type: events,
    singular: "event",
    shortNames: ["ev"],
    storagePrefix: "events",
    ttlSeconds,
    strategy: {
      defaults(event) {
        dropZeroFields(event, ["reason", "message", "count", "type", "action"]);
        event.involvedObject ??= {};
        event.source ??= {};
        event.reportingComponent ??= "";
        event.reportingInstance ??= "";
      },
      prepareForCreate() {},
      prepareForUpdate() {},
      validateCreate: validateEvent,
      validateUpdate: (event) => validateEvent(event),
      allowCreateOnUpdate: true,
    },
    columns: eventColumns,
    selectableFields: {
      "involvedObject.kind": (event) => event.involvedObject.kind ?? "",
      "involvedObject.namespace": (event) => event.involvedObject.namespace ?? "",
      "involvedObject.name": (event) => event.involvedObject.name ?? "",
      "involvedObject.uid": (event) => event.involvedObject.uid ?? "",
      "involvedObject.apiVersion": (event) => event.involvedObject.apiVersion ?? "",
      "involvedObject.resourceVersion": (event) => event.involvedObject.resourceVersion ?? "",
      "involvedObject.fieldPath": (event) => event.involvedObject.fieldPath ?? "",
      reason: (event) => event.reason ?? "",
      reportingComponent: (event) => event.reportingComponent ?? "",
      source: (event) => event.source?.component || (event.reportingComponent ?? ""),
      type: (event) => event.type ?? "",
    },
    alternates: [eventAlternate],
  });
}

function reporter(event: Event): string {
  const component = event.source?.component || (event.reportingComponent ?? "");
  const instance = event.source?.host || (event.reportingInstance ?? "");
  return instance === "" ? component : `${component}, ${instance}`;
}
