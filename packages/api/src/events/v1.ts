import type { EventSource } from "../core/v1/event.ts";
import type { ObjectReference } from "../core/v1/reference.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Int32, MicroTime, Time } from "../meta/v1/primitives.ts";

/**
 * Report of something that happened in the cluster, kept for a limited time. Events are informational and
 * may be dropped, so nothing should depend on them.
 * @kind
 */
export interface Event extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Time at which the event was first observed. Required for new events.
   * @proto 2
   */
  eventTime: MicroTime;
  /**
   * Data about repeated occurrences; unset when the event is a single occurrence.
   * @proto 3
   */
  series?: EventSeries;
  /**
   * Name of the controller that emitted the event, for example kubernetes.io/kubelet. Cannot be empty for
   * new events.
   * @proto 4
   */
  reportingController?: string;
  /**
   * Instance of the reporting controller, for example a host name. Cannot be empty for new events; at most
   * 128 characters.
   * @proto 5
   */
  reportingInstance?: string;
  /**
   * What was done or failed with respect to the regarding object, in machine-readable form. Cannot be empty
   * for new events; at most 128 characters.
   * @proto 6
   */
  action?: string;
  /**
   * Why the action was taken, in short machine-readable form. Cannot be empty for new events; at most 128
   * characters.
   * @proto 7
   */
  reason?: string;
  /**
   * Object the event is about.
   * @proto 8
   * @alwaysPresent
   */
  regarding?: ObjectReference;
  /**
   * Second object involved in the event, when the action concerns more than one.
   * @proto 9
   */
  related?: ObjectReference;
  /**
   * Human-readable description; at most 1 kB.
   * @proto 10
   */
  note?: string;
  /**
   * Event type: Normal or Warning. New types may be added later.
   * @proto 11
   */
  type?: string;
  /**
   * Component and host that reported the event; kept for compatibility with the core Event API.
   * @proto 12
   * @alwaysPresent
   */
  deprecatedSource?: EventSource;
  /**
   * Time the event was first recorded; kept for compatibility with the core Event API.
   * @proto 13
   */
  deprecatedFirstTimestamp?: Time | null;
  /**
   * Time of the most recent occurrence; kept for compatibility with the core Event API.
   * @proto 14
   */
  deprecatedLastTimestamp?: Time | null;
  /**
   * Number of occurrences; kept for compatibility with the core Event API.
   * @proto 15
   */
  deprecatedCount?: Int32;
}

/**
 * List of Event objects.
 * @kind
 */
export interface EventList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * Event objects in the list.
   * @proto 2
   */
  items: Event[];
}

/** Information about a repeated event. */
export interface EventSeries {
  /**
   * Number of occurrences up to the last observed time.
   * @proto 1
   */
  count: Int32;
  /**
   * Time of the last occurrence observed before the latest update.
   * @proto 2
   */
  lastObservedTime: MicroTime;
}
