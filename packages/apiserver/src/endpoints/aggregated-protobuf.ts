import type { JsonObject } from "@kube-ts/api/json-value";
import { gnosticBytes, listOf, text } from "@kube-ts/api/openapi/gnostic-writer";
import type { MessageShape } from "@kube-ts/api/openapi/gnostic-writer";
import { envelopeField, lengthPrefix, sealEnvelope } from "@kube-ts/api/protobuf/envelope";

/** An aggregated discovery document as protobuf; fields that are zero are left out, which clients read the same. */
export function aggregatedProtobuf(document: JsonObject): Buffer {
  const message = gnosticBytes(listShape, document);
  const field = Buffer.concat([lengthPrefix(envelopeField * 8 + 2, message.length), message]);
  return sealEnvelope(String(document["apiVersion"]), String(document["kind"]), field);
}

const kindShape: MessageShape = { kind: "message", fields: { group: [1, text], version: [2, text], kind: [3, text] } };

const subresourceShape: MessageShape = {
  kind: "message",
  fields: { subresource: [1, text], responseKind: [2, () => kindShape], verbs: [4, listOf(text)] },
};

const resourceShape: MessageShape = {
  kind: "message",
  fields: {
    resource: [1, text],
    responseKind: [2, () => kindShape],
    scope: [3, text],
    singularResource: [4, text],
    verbs: [5, listOf(text)],
    shortNames: [6, listOf(text)],
    categories: [7, listOf(text)],
    subresources: [8, listOf(() => subresourceShape)],
  },
};

const versionShape: MessageShape = {
  kind: "message",
  fields: { version: [1, text], resources: [2, listOf(() => resourceShape)], freshness: [3, text] },
};

const groupShape: MessageShape = {
  kind: "message",
  fields: {
    metadata: [1, () => ({ kind: "message", fields: { name: [1, text] } })],
    versions: [2, listOf(() => versionShape)],
  },
};

const listShape: MessageShape = { kind: "message", fields: { items: [2, listOf(() => groupShape)] } };
