import type { Event as CoreEvent } from "@kube-ts/api/core/v1";
import type { Event } from "@kube-ts/api/events/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { eventsV1 } from "@kube-ts/api/resource-types";
import { apiVersionOf } from "@kube-ts/api/resource-type";
import type { AlternateVersion } from "../resource-definition.ts";
import { validateStrictEvent, validateStrictEventUpdate } from "./validate-event.ts";

/** The fields that have other names in events.k8s.io/v1. */
const renamed = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
] as const satisfies (readonly [keyof CoreEvent, keyof Event])[];

/** Events as events.k8s.io/v1 shows them: the same stored objects with other field names. */
export const eventAlternate: AlternateVersion<CoreEvent> = {
  type: eventsV1,
  selectableFields: {
    "regarding.kind": "involvedObject.kind",
    "regarding.namespace": "involvedObject.namespace",
    "regarding.name": "involvedObject.name",
    "regarding.uid": "involvedObject.uid",
    "regarding.apiVersion": "involvedObject.apiVersion",
    "regarding.resourceVersion": "involvedObject.resourceVersion",
    "regarding.fieldPath": "involvedObject.fieldPath",
    reportingController: "reportingComponent",
    reason: "reason",
    source: "source",
    type: "type",
  },
  fromStored(stored) {
    const event: Record<string, unknown> = { ...stored, apiVersion: apiVersionOf(eventsV1), kind: eventsV1.kind };
    for (const [core, other] of renamed) rename(event, core, other);
    for (const field of ["reportingController", "reportingInstance"]) {
      if (event[field] === "") delete event[field];
    }
    return event as unknown as Event;
  },
  toStored(object: KubeObject) {
    const event: Record<string, unknown> = { ...object, apiVersion: "v1", kind: "Event" };
    for (const [core, other] of renamed) rename(event, other, core);
    return event as unknown as CoreEvent;
  },
  validateCreate: validateStrictEvent,
  validateUpdate: validateStrictEventUpdate,
};

function rename(object: Record<string, unknown>, from: string, to: string): void {
  if (!(from in object)) return;
  if (object[from] !== undefined) object[to] = object[from];
  delete object[from];
}
