import type { Event } from "@kube-ts/api/core/v1";
import { events } from "@kube-ts/api/resource-types";
import { legacyVersion } from "../legacy-version.ts";
import type { AlternateVersion } from "../resource-definition.ts";
import { eventAlternate } from "./event-versions.ts";

/** Shaped as in events.k8s.io/v1, but not held to its stricter rules. */
export const legacyEvents: readonly AlternateVersion<Event>[] = [
  legacyVersion(events, "events.k8s.io/v1beta1", {
    fromStored: (event) => eventAlternate.fromStored(event),
    toStored: (event) => eventAlternate.toStored(event),
  }),
];
