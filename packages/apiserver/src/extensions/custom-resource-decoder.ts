import type { JSONSchemaProps } from "@kube-ts/api/apiextensions/v1";
import { type Decoded, DecodeError, type DecodeOptions, fieldWarnings } from "@kube-ts/api/decode";
import { fieldErrorText } from "@kube-ts/api/field-error";
import { goQuote } from "@kube-ts/api/go-quote";
import { isJsonObject } from "@kube-ts/api/json-value";
import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { badRequest } from "@kube-ts/api/status-error";
import { applyDefaults } from "@kube-ts/api/structural/apply-defaults";
import { coerceEmbedded, decodeMetadata } from "@kube-ts/api/structural/embedded-objects";
import { isNestedDeeper, maxNesting } from "@kube-ts/api/structural/nesting";
import { prune } from "@kube-ts/api/structural/prune";

/** Makes a custom resource of parsed JSON, which it takes over. Throws BadRequest. */
export type CustomResourceDecoder = (value: unknown, options: DecodeOptions) => Decoded<KubeObject>;

/**
 * Decodes objects by a version's schema: unknown fields are dropped, or refused, and defaults filled in. Without a
 * schema, and where unknown fields are kept, everything stays.
 */
export function customResourceDecoder(
  type: Pick<ResourceType, "kind" | "version">,
  schema: JSONSchemaProps | undefined,
  keepsUnknown: boolean,
): CustomResourceDecoder {
  return (value, options) => {
    try {
      return decode(value, schema, keepsUnknown, options);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const { kind, version } = type;
      const problem = `${kind} in version ${goQuote(version)} cannot be handled as a ${kind}: ${error.message}`;
      throw badRequest(problem, error);
    }
  };
}

function decode(
  value: unknown,
  schema: JSONSchemaProps | undefined,
  keepsUnknown: boolean,
  options: DecodeOptions,
): Decoded<KubeObject> {
  if (!isJsonObject(value))
    throw new DecodeError("json: cannot unmarshal into Go value of type map[string]interface {}");
  if (isNestedDeeper(value, maxNesting)) throw new DecodeError("exceeded max depth");
  const { kind, apiVersion, metadata: given, ...rest } = value;
  const { metadata, unknown } = decodeMetadata(given ?? {});
  const object = { kind, apiVersion, metadata, ...rest } as KubeObject;
  const unknownFields = unknown.map((name) => `metadata.${name}`);
  if (schema) {
    if (!keepsUnknown) unknownFields.push(...prune(object, schema, true));
    const { errors, unknown: embedded } = coerceEmbedded(object, schema, false);
    const [error] = errors;
    if (error) throw new DecodeError(fieldErrorText(error));
    unknownFields.push(...embedded);
    applyDefaults(object, schema);
  }
  return { object, warnings: fieldWarnings(unknownFields, options) };
}
