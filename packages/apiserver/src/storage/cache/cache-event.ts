import type { Revision } from "../store.ts";
import type { CachedObject, CacheEvent, EventFraming } from "../watch-cache.ts";
import { RestampedObject } from "./cached-object.ts";
import type { StoredObject } from "./cached-object.ts";
import { joinAlone } from "./resource-version.ts";

type EventType = CacheEvent["type"];

const heads: Readonly<Record<EventType, Buffer>> = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
};
const tail = Buffer.from("}\n");

interface Frame {
  readonly type: EventType;
  readonly object: CachedObject;
  readonly framing: EventFraming;
  readonly bytes: Buffer;
}

/** The stored JSON as it is. */
const storedJson: EventFraming = {
  frame: (type, object) => joinAlone(heads[type], object.bytes, tail),
};

/** One change of a cache. Frames are made once and kept until `dropFrames`. */
export class ObjectEvent implements CacheEvent {
  readonly type: EventType;
  readonly object: CachedObject;
  readonly previous: CachedObject | undefined;
  readonly revision: Revision;
  /** When the cache saw it, on the monotonic clock. */
  readonly atMs: number;
  /** What keeping the event keeps in memory. */
  readonly sizeBytes: number;
  #frames: Frame[] = [];

  private constructor(
    type: EventType,
    object: CachedObject,
    previous: CachedObject | undefined,
    sizeBytes: number,
    atMs: number,
  ) {
    this.type = type;
    this.object = object;
    this.previous = previous;
    this.revision = object.revision;
    this.sizeBytes = sizeBytes;
    this.atMs = atMs;
  }

  static put(object: StoredObject, before: StoredObject | undefined, atMs: number): ObjectEvent {
    if (!before) return new ObjectEvent("ADDED", object, undefined, object.bytes.length, atMs);
    const previous = new RestampedObject(before, object.revision);
    return new ObjectEvent("MODIFIED", object, previous, object.bytes.length + before.bytes.length, atMs);
  }

  static deletion(before: StoredObject, revision: Revision, atMs: number): ObjectEvent {
    const last = new RestampedObject(before, revision);
    return new ObjectEvent("DELETED", last, last, before.bytes.length, atMs);
  }

  frame(type: EventType, object: CachedObject, framing: EventFraming = storedJson): Buffer {
    for (const frame of this.#frames) {
      if (frame.type === type && frame.object === object && frame.framing === framing) return frame.bytes;
    }
    const bytes = framing.frame(type, object);
    this.#frames.push({ type, object, framing, bytes });
    return bytes;
  }

  /** Frees the frames; they are made again when asked for. */
  dropFrames(): void {
    this.#frames = [];
  }
}
