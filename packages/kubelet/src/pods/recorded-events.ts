import type { ObjectReference, Pod } from "@kube-ts/api/core/v1";
import type { EventRecorder } from "@kube-ts/client/event-recorder";
import type { EventLevel, PodEvents } from "./pod-events.ts";

/** Events of pods and of the node, in the API. */
export class RecordedEvents implements PodEvents {
  readonly #recorder: EventRecorder;
  readonly #nodeName: string;

  constructor(recorder: EventRecorder, nodeName: string) {
    this.#recorder = recorder;
    this.#nodeName = nodeName;
  }

  pod(pod: Pod, level: EventLevel, reason: string, message: string): void {
    this.#record(referenceOf(pod), level, reason, message);
  }

  container(pod: Pod, fieldPath: string, level: EventLevel, reason: string, message: string): void {
    this.#record({ ...referenceOf(pod), fieldPath }, level, reason, message);
  }

  node(level: EventLevel, reason: string, message: string): void {
    // By custom a node's events carry its name for a uid: they may be older than its object.
    this.#record({ kind: "Node", name: this.#nodeName, uid: this.#nodeName }, level, reason, message);
  }

  #record(subject: ObjectReference, level: EventLevel, reason: string, message: string): void {
    this.#recorder.event(subject, level, reason, message);
  }
}

function referenceOf({ metadata }: Pod): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata;
  return {
    kind: "Pod",
    apiVersion: "v1",
    ...(namespace ? { namespace } : {}),
    ...(name ? { name } : {}),
    ...(uid ? { uid } : {}),
    ...(resourceVersion ? { resourceVersion } : {}),
  };
}
