import { decodeMessage } from "@kube-ts/api/protobuf/decode-message";
import { openEnvelope } from "@kube-ts/api/protobuf/envelope";
import { typeOf } from "@kube-ts/api/schema-registry";

/** The JSON of an answer in protobuf; undefined for a kind that is not known. */
export function protobufJson(bytes: Buffer): Buffer | undefined {
  const { apiVersion, kind, message } = openEnvelope(bytes);
  const slash = apiVersion.indexOf("/");
  const type = typeOf(slash < 0 ? "" : apiVersion.slice(0, slash), apiVersion.slice(slash + 1), kind);
  return type && Buffer.from(JSON.stringify({ kind, apiVersion, ...decodeMessage(type, message) }));
}
