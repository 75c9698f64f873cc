import type { Status } from "@kube-ts/api/meta/v1";
import { encodeMessageField } from "@kube-ts/api/protobuf/encode-message";
import { envelopeField, lengthPrefix, sealEnvelope } from "@kube-ts/api/protobuf/envelope";
import { typeById } from "@kube-ts/api/schema-registry";
import type { ObjectType } from "@kube-ts/api/schema-registry";
import { initialEventsEndAnnotation } from "@kube-ts/api/well-known-labels";
import { joinAlone } from "../storage/cache/resource-version.ts";
import type { Revision } from "../storage/store.ts";
import type { CachedObject, EventFraming } from "../storage/watch-cache.ts";

/** How the events of a watch go over the wire. */
export interface WatchFraming extends EventFraming {
  /** Whether the framing outlives its request, so that its frames serve other watchers, too. */
  readonly isShared: boolean;
  /** An object with nothing but the revision, and the mark of the end of the initial events. */
  bookmark(revision: Revision, initialEventsEnd: boolean): Buffer;
  error(status: Status): Buffer;
}

type EventType = Parameters<EventFraming["frame"]>[0];

export interface FramedKind {
  readonly kind: string;
  readonly apiVersion: string;
}

const jsonHeads: Readonly<Record<EventType, Buffer>> = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
};
const jsonTail = Buffer.from("}\n");

/** JSON, one event a line. `single` makes an object's JSON; bookmarks are of the kind. */
export function jsonFraming({ kind, apiVersion }: FramedKind, single: (object: CachedObject) => Buffer): WatchFraming {
  return {
    isShared: true,
    frame: (type, object) => joinAlone(jsonHeads[type], single(object), jsonTail),
    bookmark: (revision, initialEventsEnd) => {
      const object = { kind, apiVersion, metadata: bookmarkMetadata(revision, initialEventsEnd) };
      return Buffer.from(`${JSON.stringify({ type: "BOOKMARK", object })}\n`);
    },
    error: (status) => Buffer.from(`${JSON.stringify({ type: "ERROR", object: status })}\n`),
  };
}

/** Protobuf: a WatchEvent without envelope, whose object has one, after its length in four bytes. */
export function protobufFraming(
  { kind, apiVersion }: FramedKind,
  type: ObjectType,
  single: (object: CachedObject) => Buffer,
): WatchFraming {
  return {
    isShared: true,
    frame: (event, object) => protobufFrame(event, single(object)),
    bookmark: (revision, initialEventsEnd) => {
      const object = { metadata: bookmarkMetadata(revision, initialEventsEnd) };
      return protobufFrame("BOOKMARK", sealEnvelope(apiVersion, kind, encodeMessageField(envelopeField, type, object)));
    },
    error: (status) => {
      const message = encodeMessageField(envelopeField, typeById("meta/v1.Status"), status);
      return protobufFrame("ERROR", sealEnvelope("v1", "Status", message));
    },
  };
}

/** What a bookmark says. */
export function bookmarkMetadata(
  revision: Revision,
  initialEventsEnd: boolean,
): { readonly resourceVersion: string; readonly annotations?: Readonly<Record<string, string>> } {
  const annotations = { [initialEventsEndAnnotation]: "true" };
  return { resourceVersion: String(revision), ...(initialEventsEnd && { annotations }) };
}

function protobufFrame(event: EventType | "BOOKMARK" | "ERROR", object: Buffer): Buffer {
  const name = Buffer.from(event);
  const raw = lengthPrefix(0x0a, object.length);
  const parts = [lengthPrefix(0x0a, name.length), name, lengthPrefix(0x12, raw.length + object.length), raw, object];
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, 0));
  return joinAlone(length, ...parts);
}
