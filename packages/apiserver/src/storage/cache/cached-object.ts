import type { KubeObject } from "@kube-ts/api/object";
import type { Revision } from "../store.ts";
import type { CachedObject, ObjectAttributes, ObjectEncoding } from "../watch-cache.ts";
import { EncodedForm } from "./encoded-form.ts";
import type { Droppable, ParsedForms } from "./parsed-forms.ts";
import { parseStored, parseUnmanaged } from "./managed-fields-text.ts";
import { withResourceVersion } from "./resource-version.ts";

/** What all objects of one cache share. */
export interface ObjectContext {
  readonly attributesOf: (object: KubeObject) => ObjectAttributes;
  readonly parsedForms: ParsedForms;
  /** Bounds the forms in other encodings than JSON. */
  readonly encodedForms: ParsedForms;
}

/** A version of an object as the store holds it. Attributes and the parsed form are made on first use. */
export class StoredObject implements CachedObject, Droppable {
  readonly key: string;
  readonly namespace: string;
  readonly revision: Revision;
  readonly bytes: Buffer;
  readonly #context: ObjectContext;
  #attributes: ObjectAttributes | undefined;
  #parsed: KubeObject | undefined;
  /** The newest of its forms in other encodings. */
  #encoded: EncodedForm | undefined;
  #used = false;

  constructor(context: ObjectContext, key: string, namespace: string, revision: Revision, bytes: Buffer) {
    this.#context = context;
    this.key = key;
    this.namespace = namespace;
    this.revision = revision;
    this.bytes = bytes;
  }

  get name(): string {
    return this.namespace === "" ? this.key : this.key.slice(this.namespace.length + 1);
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#getAttributes().labels;
  }

  get fields(): Readonly<Record<string, string>> {
    return this.#getAttributes().fields;
  }

  get formBytes(): number {
    return this.bytes.length;
  }

  parsed(): KubeObject {
    if (this.#parsed) {
      this.#used = true;
      return this.#parsed;
    }
    const parsed = parseStored<KubeObject>(this.bytes);
    this.#parsed = parsed;
    this.#context.parsedForms.add(this);
    return parsed;
  }

  encoded(encoding: ObjectEncoding): Buffer {
    for (let form = this.#encoded; form; form = form.next) {
      if (form.encoding === encoding) return form.bytesOf(this, this.#context.encodedForms);
    }
    this.#encoded = new EncodedForm(encoding, this.#encoded);
    return this.#encoded.bytesOf(this, this.#context.encodedForms);
  }

  drop(): boolean {
    if (this.#used) {
      this.#used = false;
      return false;
    }
    this.#parsed = undefined;
    return true;
  }

  #getAttributes(): ObjectAttributes {
    // Who needs the attributes of many objects needs the rest of few of them.
    this.#attributes ??= this.#context.attributesOf(this.#parsed ?? parseUnmanaged(this.bytes));
    return this.#attributes;
  }
}

/** An object's state under a later resourceVersion, as deletions show it. */
export class RestampedObject implements CachedObject {
  readonly revision: Revision;
  readonly #base: CachedObject;
  #bytes: Buffer | undefined;

  constructor(base: CachedObject, revision: Revision) {
    this.#base = base;
    this.revision = revision;
  }

  get key(): string {
    return this.#base.key;
  }

  get namespace(): string {
    return this.#base.namespace;
  }

  get name(): string {
    return this.#base.name;
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#base.labels;
  }

  get fields(): Readonly<Record<string, string>> {
    return this.#base.fields;
  }

  get bytes(): Buffer {
    this.#bytes ??= withResourceVersion(this.#base.bytes, this.revision);
    return this.#bytes;
  }

  parsed(): KubeObject {
    const base = this.#base.parsed();
    return { ...base, metadata: { ...base.metadata, resourceVersion: String(this.revision) } };
  }
}
