import type { JSONSchemaProps } from "@kube-ts/api/apiextensions/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { applyDefaults } from "@kube-ts/api/structural/apply-defaults";
import { prune } from "@kube-ts/api/structural/prune";
import { hasDefaults } from "@kube-ts/api/structural/schema-parts";
import { encodeForStorage, parseObject } from "../registry/object-encoding.ts";
import type { ObjectConverter } from "./conversion/object-converter.ts";
import type { StoredForm } from "./converting-store.ts";

/** What a version of a custom resource looks like. */
export interface VersionSchema {
  readonly apiVersion: string;
  /** Undefined where objects keep all their fields. */
  readonly schema: JSONSchemaProps | undefined;
}

export interface VersionCodecParts {
  /** The version that is served. */
  readonly served: VersionSchema;
  /** The version that is stored from now on. */
  readonly storage: VersionSchema;
  /** Every version, of any of which there may be stored objects. */
  readonly versions: readonly VersionSchema[];
  readonly kind: string;
  readonly converter: ObjectConverter;
}

/**
 * Between what is stored of a custom resource and what one of its versions serves: defaults that were added since,
 * and conversion.
 */
export class VersionCodec implements StoredForm {
  readonly #parts: VersionCodecParts;
  readonly #schemas: ReadonlyMap<string, JSONSchemaProps | undefined>;
  readonly #withDefaults: ReadonlySet<string>;
  readonly #servedPrefix: Buffer;
  readonly #storedPrefix: Buffer;

  constructor(parts: VersionCodecParts) {
    this.#parts = parts;
    this.#schemas = new Map(parts.versions.map(({ apiVersion, schema }) => [apiVersion, schema]));
    this.#withDefaults = new Set(
      parts.versions.flatMap(({ apiVersion, schema }) => (schema && hasDefaults(schema) ? [apiVersion] : [])),
    );
    this.#servedPrefix = typePrefix(parts.kind, parts.served.apiVersion);
    this.#storedPrefix = typePrefix(parts.kind, parts.storage.apiVersion);
  }

  /** Whether all stored objects are served as they are, so that nothing need go through this. */
  get isPlain(): boolean {
    const { versions, served } = this.#parts;
    return versions.length === 1 && !this.#withDefaults.has(served.apiVersion);
  }

  async fromStored(stored: readonly Buffer[], signal: AbortSignal): Promise<readonly Buffer[]> {
    const results = [...stored];
    const indexes: number[] = [];
    const objects: KubeObject[] = [];
    const outdated = new Set<number>();
    for (const [index, bytes] of stored.entries()) {
      if (this.#isServedAsStored(bytes)) continue;
      const object = parseObject(bytes);
      if (this.#applyDefaults(object) || !startsWith(bytes, this.#storedPrefix)) outdated.add(index);
      indexes.push(index);
      objects.push(object);
    }
    if (objects.length === 0) return results;
    const converted = await this.#convert(objects, this.#parts.served, signal);
    for (const [at, index] of indexes.entries()) {
      const bytes = encodeForStorage(converted[at] as KubeObject);
      results[index] = outdated.has(index) ? markOutdated(bytes) : bytes;
    }
    return results;
  }

  async toStored(bytes: Buffer, signal: AbortSignal): Promise<Buffer> {
    if (startsWith(bytes, this.#storedPrefix)) return bytes;
    const [converted] = await this.#convert([parseObject(bytes)], this.#parts.storage, signal);
    return encodeForStorage(converted as KubeObject);
  }

  #isServedAsStored(bytes: Buffer): boolean {
    if (!startsWith(bytes, this.#servedPrefix) || this.#withDefaults.has(this.#parts.served.apiVersion)) return false;
    return this.#parts.served.apiVersion === this.#parts.storage.apiVersion;
  }

  /** Whether there were any to apply. */
  #applyDefaults(object: KubeObject): boolean {
    const apiVersion = object.apiVersion ?? "";
    const schema = this.#schemas.get(apiVersion);
    if (!schema || !this.#withDefaults.has(apiVersion)) return false;
    const before = JSON.stringify(object);
    applyDefaults(object, schema);
    return JSON.stringify(object) !== before;
  }

  async #convert(objects: KubeObject[], to: VersionSchema, signal: AbortSignal): Promise<readonly KubeObject[]> {
    const sources = objects.map(({ apiVersion }) => apiVersion);
    const converted = await this.#parts.converter.convert(objects, to.apiVersion, signal);
    for (const [index, object] of converted.entries()) {
      if (to.schema && sources[index] !== to.apiVersion) prune(object, to.schema, true);
    }
    return converted;
  }
}

function typePrefix(kind: string, apiVersion: string): Buffer {
  return Buffer.from(`{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},`);
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.length >= prefix.length && bytes.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}

/**
 * The same JSON with a space at its end, so that an object that would be stored differently today does not look
 * unchanged when it is written back: that is how clients migrate objects to another storage version.
 */
function markOutdated(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, -1), Buffer.from(" }")]);
}
