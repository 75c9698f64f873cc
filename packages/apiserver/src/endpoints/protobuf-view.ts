import type { KubeObject } from "@kube-ts/api/object";
import { encodeMessageField } from "@kube-ts/api/protobuf/encode-message";
import { envelopeField, envelopeHead, envelopeTail, lengthPrefix } from "@kube-ts/api/protobuf/envelope";
import { typeById } from "@kube-ts/api/schema-registry";
import type { ObjectType } from "@kube-ts/api/schema-registry";
import { encodedObject } from "../storage/watch-cache.ts";
import type { CachedObject, ObjectEncoding } from "../storage/watch-cache.ts";
import type { AcceptedForm } from "./negotiation.ts";
import type { ObjectView } from "./object-view.ts";
import { protobufFraming } from "./watch-framing.ts";

/** The objects themselves as protobuf. */
export function protobufView(
  type: ObjectType,
  kind: string,
  apiVersion: string,
  served: (object: CachedObject) => KubeObject,
): ObjectView {
  const encoding: ObjectEncoding = { encode: (object) => encodeMessageField(envelopeField, type, served(object)) };
  return viewOf(type, kind, apiVersion, encoding, listNumbers);
}

/** Only metadata, as protobuf. */
export function partialProtobufView(version: AcceptedForm["viewVersion"]): ObjectView {
  return partialViews[version];
}

/** The numbers of the fields of a list. */
interface ListNumbers {
  readonly metadata: number;
  readonly items: number;
}

/** An item has the same number in its list as its message in an envelope: one form with its tag serves both. */
const listNumbers: ListNumbers = { metadata: 1, items: envelopeField };
const olderPartialListNumbers: ListNumbers = { metadata: 2, items: 1 };

const listMetaType = typeById("meta/v1.ListMeta");
const partialType = typeById("meta/v1.PartialObjectMetadata");
const partialEncoding: ObjectEncoding = {
  encode: (object) => encodeMessageField(envelopeField, partialType, { metadata: object.parsed().metadata }),
};
const partialViews: Readonly<Record<AcceptedForm["viewVersion"], ObjectView>> = {
  v1: partialViewOf("v1", listNumbers),
  v1beta1: partialViewOf("v1beta1", olderPartialListNumbers),
};

function partialViewOf(version: string, numbers: ListNumbers): ObjectView {
  return viewOf(partialType, "PartialObjectMetadata", `meta.k8s.io/${version}`, partialEncoding, numbers);
}

function viewOf(
  type: ObjectType,
  kind: string,
  apiVersion: string,
  encoding: ObjectEncoding,
  numbers: ListNumbers,
): ObjectView {
  const head = envelopeHead(apiVersion, kind);
  const listHead = envelopeHead(apiVersion, `${kind}List`);
  const encoded = (object: CachedObject) => encodedObject(object, encoding);
  const single = (object: CachedObject) => Buffer.concat([head, encoded(object), envelopeTail]);
  return {
    single,
    item: numbers.items === envelopeField ? encoded : (object) => withTag(encoded(object), numbers.items * 8 + 2),
    listHead: (metadata, itemsBytes) => {
      const meta = encodeMessageField(numbers.metadata, listMetaType, JSON.parse(metadata));
      return Buffer.concat([listHead, lengthPrefix(envelopeField * 8 + 2, meta.length + itemsBytes), meta]);
    },
    separator: Buffer.alloc(0),
    listTail: envelopeTail,
    itemSkip: () => 0,
    items: "encoded",
    framing: protobufFraming({ kind, apiVersion }, type, single),
  };
}

function withTag(field: Buffer, tag: number): Buffer {
  const copy = Buffer.from(field);
  copy[0] = tag;
  return copy;
}
