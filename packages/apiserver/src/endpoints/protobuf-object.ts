import { encodeMessageField } from "@kube-ts/api/protobuf/encode-message";
import { envelopeField, sealEnvelope } from "@kube-ts/api/protobuf/envelope";
import { typeById, typeOf } from "@kube-ts/api/schema-registry";
import type { ObjectType } from "@kube-ts/api/schema-registry";

/** Kinds of discovery, which belong to no group version. */
const discoveryKinds: ReadonlySet<string> = new Set(["APIGroup", "APIGroupList", "APIResourceList", "APIVersions"]);

/** An object as protobuf, by its own kind and apiVersion. Throws when there is no such kind. */
export function protobufObject(object: object): Buffer {
  const { kind = "", apiVersion = "v1" } = object as { readonly kind?: string; readonly apiVersion?: string };
  return sealEnvelope(apiVersion, kind, encodeMessageField(envelopeField, messageType(kind, apiVersion), object));
}

function messageType(kind: string, apiVersion: string): ObjectType {
  if (discoveryKinds.has(kind)) return typeById(`meta/v1.${kind}`);
  const slash = apiVersion.indexOf("/");
  const type = typeOf(slash < 0 ? "" : apiVersion.slice(0, slash), apiVersion.slice(slash + 1), kind);
  if (!type) throw new Error(`no type ${apiVersion} ${kind}`);
  return type;
}
