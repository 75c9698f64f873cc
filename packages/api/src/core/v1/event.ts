import type { ObjectReference } from "./reference.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, MicroTime, Time } from "../../meta/v1/primitives.ts";

/**
 * Report of something that happened in the cluster. Events are kept for a limited time and are best-effort,
 * supplemental information; do not rely on them for exact timing.
 * @kind
 */
export interface Event extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   */
  metadata: ObjectMeta;
  /**
   * Object the event is about.
   * @proto 2
   */
  involvedObject: ObjectReference;
  /**
   * Short, machine-readable reason for the transition into the object's current state.
   * @proto 3
   */
  reason?: string;
  /**
   * Human-readable description of the status of the operation.
   * @proto 4
   */
  message?: string;
  /**
   * Component that reported the event.
   * @proto 5
   * @alwaysPresent
   */
  source?: EventSource;
  /**
   * Time at which the event was first recorded.
   * @proto 6
   */
  firstTimestamp?: Time | null;
  /**
   * Time of the most recent occurrence of the event.
   * @proto 7
   */
  lastTimestamp?: Time | null;
  /**
   * Number of times the event has occurred.
   * @proto 8
   */
  count?: Int32;
  /**
   * Type of the event: Normal or Warning. New types may be added.
   * @proto 9
   */
  type?: string;
  /**
   * Time at which the event was first observed, with microsecond precision.
   * @proto 10
   */
  eventTime?: MicroTime | null;
  /**
   * Data about the series the event represents. Unset for an event that occurred once.
   * @proto 11
   */
  series?: EventSeries;
  /**
   * Action that was taken, or failed, with regard to the involved object.
   * @proto 12
   */
  action?: string;
  /**
   * Second object of a more complex action, if there is one.
   * @proto 13
   */
  related?: ObjectReference;
  /**
   * Name of the controller that emitted the event, for example kubernetes.io/kubelet.
   * @proto 14
   * @alwaysPresent
   */
  reportingComponent: string;
  /**
   * Identifier of the controller instance, for example kubelet-xyzf.
   * @proto 15
   * @alwaysPresent
   */
  reportingInstance: string;
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

/** Information about an event that keeps recurring over some time. */
export interface EventSeries {
  /**
   * Number of occurrences in the series up to the last heartbeat.
   * @proto 1
   */
  count?: Int32;
  /**
   * Time at which the last occurrence was observed.
   * @proto 2
   */
  lastObservedTime?: MicroTime | null;
}

/** Origin of an event. */
export interface EventSource {
  /**
   * Name of the component that generated the event.
   * @proto 1
   */
  component?: string;
  /**
   * Name of the node on which the event was generated.
   * @proto 2
   */
  host?: string;
}
