import type { DeleteOptions } from "@kube-ts/api/meta/v1";
import { type Decoded, decodeObject, type DecodeOptions, duplicateFieldProblems } from "@kube-ts/api/decode";
import { goQuote } from "@kube-ts/api/go-quote";
import type { KubeObject } from "@kube-ts/api/object";
import { decodeMessage } from "@kube-ts/api/protobuf/decode-message";
import { openEnvelope, protobufMediaType } from "@kube-ts/api/protobuf/envelope";
import { ProtobufError } from "@kube-ts/api/protobuf/wire-reader";
import { typeOf } from "@kube-ts/api/schema-registry";
import type { ObjectType } from "@kube-ts/api/schema-registry";
import { badRequest, unsupportedMediaType } from "@kube-ts/api/status-error";
import { parseYaml as parseYamlText, YamlError } from "@kube-ts/std/yaml";
import { maxYamlTokens, mediaTypeOf, readBody } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import { warn } from "./exchange.ts";
import { jsonProblem } from "./json-problem.ts";
import { customBodyTypes, servedMediaTypes } from "./negotiation.ts";
import type { ResourceContext } from "./resource-context.ts";
import type { VirtualContext } from "./subresource.ts";
import type { FieldValidation } from "./write-options.ts";

/** A kind of the API, by its parts. */
export interface KindReference {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

interface BodyValue {
  readonly value: unknown;
  /** What is wrong with the text that it was parsed from; absent when it was not parsed from text. */
  readonly textProblems?: () => readonly string[];
}

/** The object in the body of a create or update, defaulted, in the stored version. Throws BadRequest. */
export async function decodeRequestObject(context: ResourceContext, mode: FieldValidation): Promise<KubeObject> {
  const { exchange, resource } = context;
  const { group, version, kind } = resource.type;
  const body = await readBodyValue(exchange, resource.protobufType ? servedMediaTypes : customBodyTypes);
  const object = decodeServed(context, { group, version, kind }, body, mode);
  const { audit } = exchange;
  if (audit) audit.requestObject(audit.keepsRequest ? resource.fromStored(object) : object);
  return object;
}

/** As `decodeRequestObject`, of a value that is parsed already; the value is taken over. */
export function decodeServed(
  { exchange, resource }: Pick<ResourceContext, "exchange" | "resource">,
  kind: KindReference,
  body: BodyValue,
  mode: FieldValidation,
): KubeObject {
  const { decode } = resource.registry.definition;
  const decoded = decode
    ? decodeBy(decode, exchange, kind, body, mode)
    : decodeAs<KubeObject>(exchange, kind, body, mode);
  decoded.metadata ??= {};
  const object = resource.toStored(decoded);
  resource.registry.definition.strategy.defaults?.(object);
  return object;
}

/**
 * A body of a kind of its own, such as a Binding or a Scale. `otherVersions` are API versions in which the kind is the
 * same. Throws BadRequest.
 */
export async function decodeBodyAs<T>(
  { exchange }: Pick<VirtualContext, "exchange">,
  kind: KindReference,
  mode: FieldValidation,
  otherVersions: readonly string[] = [],
): Promise<T> {
  const body = await readBodyValue(exchange, servedMediaTypes);
  const given = (body.value as { apiVersion?: unknown } | null)?.apiVersion;
  const isOther = typeof given === "string" && otherVersions.includes(given);
  const value = isOther ? { ...(body.value as object), apiVersion: apiVersion(kind) } : body.value;
  const object = decodeAs<KubeObject>(exchange, kind, { ...body, value }, mode);
  object.metadata ??= {};
  exchange.audit?.requestObject(object);
  return object as T;
}

/** The DeleteOptions in the body; undefined when there is no body. */
export async function decodeDeleteOptions({ exchange, info }: ResourceContext): Promise<DeleteOptions | undefined> {
  const body = await readBodyValue(exchange, servedMediaTypes, true);
  if (!body) return undefined;
  const kind = { group: "", version: "v1", kind: "DeleteOptions" };
  checkOptionsVersion(body.value, info);
  const options = decodeObject<DeleteOptions>(typeOfKind(kind), withoutType(body.value), { fieldValidation: "Ignore" });
  exchange.audit?.requestObject({ kind: kind.kind, apiVersion: kind.version, ...options.object });
  return options.object;
}

function decodeAs<T extends KubeObject>(
  exchange: Exchange,
  kind: KindReference,
  body: BodyValue,
  mode: FieldValidation,
): T {
  return decodeBy((value, options) => decodeObject<T>(typeOfKind(kind), value, options), exchange, kind, body, mode);
}

function decodeBy<T extends KubeObject>(
  decode: (value: unknown, options: DecodeOptions) => Decoded<T>,
  exchange: Exchange,
  kind: KindReference,
  { value, textProblems }: BodyValue,
  mode: FieldValidation,
): T {
  checkKind(value, kind);
  const { object, warnings } = decode(value, { fieldValidation: mode, ...(textProblems && { textProblems }) });
  for (const text of warnings) warn(exchange, text);
  object.kind = kind.kind;
  object.apiVersion = apiVersion(kind);
  return object;
}

function typeOfKind({ group, version, kind }: KindReference): ObjectType {
  const type = typeOf(group, version, kind);
  if (!type) throw new Error(`no type ${group}/${version} ${kind}`);
  return type;
}

export function apiVersion({ group, version }: KindReference): string {
  return group === "" ? version : `${group}/${version}`;
}

async function readBodyValue(exchange: Exchange, accepted: readonly string[]): Promise<BodyValue>;
async function readBodyValue(
  exchange: Exchange,
  accepted: readonly string[],
  mayBeEmpty: true,
): Promise<BodyValue | undefined>;
async function readBodyValue(
  exchange: Exchange,
  accepted: readonly string[],
  mayBeEmpty = false,
): Promise<BodyValue | undefined> {
  const bytes = await readBody(exchange.request, exchange.signal);
  if (bytes.length === 0 && mayBeEmpty) return undefined;
  const mediaType = mediaTypeOf(exchange.request) || "application/json";
  if (!accepted.includes(mediaType)) throw unsupportedMediaType(accepted);
  if (mediaType === protobufMediaType) return { value: parseProtobuf(bytes) };
  const text = bytes.toString();
  return mediaType === "application/yaml"
    ? { value: parseYaml(text), textProblems: () => yamlProblems(text) }
    : { value: parseJson(text), textProblems: () => duplicateFieldProblems(text) };
}

/** Parses JSON. Throws BadRequest in upstream's words. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unrecognized(error, text);
  }
}

/** As `parseJson`, for patches, which are not taken for objects. */
export function parseJsonPatch(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(jsonProblem(error as SyntaxError, text));
  }
}

function parseProtobuf(bytes: Buffer): unknown {
  try {
    const { apiVersion, kind, message } = openEnvelope(bytes);
    const slash = apiVersion.indexOf("/");
    const type = typeOf(slash < 0 ? "" : apiVersion.slice(0, slash), apiVersion.slice(slash + 1), kind);
    if (!type) throw new ProtobufError(`no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)}`);
    return { ...decodeMessage(type, message), apiVersion, kind };
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw badRequest(`the object provided is unrecognized: ${error.message}`, error);
  }
}

function parseYaml(text: string): unknown {
  try {
    return parseYamlText(text, { maxTokens: maxYamlTokens });
  } catch (error) {
    throw unrecognized(error);
  }
}

/** What only strict reading finds: a key that is given twice. */
function yamlProblems(text: string): readonly string[] {
  try {
    parseYamlText(text, { strict: true, maxTokens: maxYamlTokens });
    return [];
  } catch (error) {
    if (error instanceof YamlError) return [error.message];
    throw error;
  }
}

function unrecognized(error: unknown, text?: string): Error {
  const reason = error instanceof Error ? jsonProblem(error, text) : String(error);
  return badRequest(`couldn't get version/kind; json parse error: ${reason}`);
}

/** Refuses a body that says it is something else than the URL takes. */
function checkKind(value: unknown, wanted: KindReference): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badRequest(
      `couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct`,
    );
  }
  const { kind, apiVersion: version } = value as { kind?: unknown; apiVersion?: unknown };
  if ((kind !== undefined && typeof kind !== "string") || (version !== undefined && typeof version !== "string")) {
    throw badRequest(
      "couldn't get version/kind; json parse error: json: cannot unmarshal kind or apiVersion into a string",
    );
  }
  const expected = apiVersion(wanted);
  if (version && version !== expected) {
    throw badRequest(`the API version in the data (${version}) does not match the expected API version (${expected})`);
  }
  if (kind && kind !== wanted.kind) {
    const problem = `no kind ${goQuote(kind)} is registered for this resource in version ${goQuote(expected)}`;
    throw badRequest(`${kind} in version ${goQuote(wanted.version)} cannot be handled as a ${wanted.kind}: ${problem}`);
  }
}

function checkOptionsVersion(value: unknown, { group, version }: { group: string; version: string }): void {
  const { kind, apiVersion: given } = (value ?? {}) as { kind?: unknown; apiVersion?: unknown };
  if (kind !== undefined && kind !== "DeleteOptions") {
    throw badRequest(`${String(kind)} in version ${goQuote(version)} cannot be handled as a DeleteOptions`);
  }
  const accepted = ["v1", "meta.k8s.io/v1", apiVersion({ group, version, kind: "" })];
  if (given !== undefined && !accepted.includes(String(given))) {
    throw badRequest(`the API version in the data (${String(given)}) does not match the expected API version (v1)`);
  }
}

function withoutType(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = value as Record<string, unknown>;
  return rest;
}
