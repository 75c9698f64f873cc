import type { KubeObject } from "@kube-ts/api/object";
import type { Revision } from "../store.ts";
import type { CachedObject, ObjectAttributes, ObjectEncoding } from "../watch-cache.ts";
import { EncodedForm } from "./encoded-form.ts";
import type { Droppable, KeptForms } from "./kept-forms.ts";
import { parseStored, parseToKeep, parseUnmanaged } from "./managed-fields-text.ts";
import { startsWith, withResourceVersion } from "./resource-version.ts";
import type { Allocate } from "./resource-version.ts";

/** What all objects of one cache share. */
export interface ObjectContext {
  readonly attributesOf: (object: KubeObject) => ObjectAttributes;
  readonly parsedForms: KeptForms;
  /** Bounds the forms in other encodings than JSON. */
  readonly encodedForms: KeptForms;
  /** What objects of the resource begin with that were stored in its own version. */
  readonly typePrefix?: Buffer | undefined;
}

/** How much more memory an object takes parsed than as JSON. */
const parsedSize = 4;

const isUsed = 1;
const isOfOwnType = 2;

/** A version of an object as the store holds it. Attributes and the parsed form are made on first use. */
export class StoredObject implements CachedObject, Droppable {
  readonly key: string;
  readonly namespace: string;
  readonly revision: Revision;
  /** Their content never changes; where it lies may. */
  bytes: Buffer;
  readonly #context: ObjectContext;
  #attributes: ObjectAttributes | undefined;
  #parsed: KubeObject | undefined;
  /** The newest of its forms in other encodings. */
  #encoded: EncodedForm | undefined;
  /** Of the bits above: there are many objects. */
  #flags = 0;

  constructor(context: ObjectContext, key: string, namespace: string, revision: Revision, bytes: Buffer) {
    this.#context = context;
    this.key = key;
    this.namespace = namespace;
    this.revision = revision;
    this.bytes = bytes;
    // Now, while the bytes are at hand: to look at them once more in a long list costs as much as to copy them.
    if (context.typePrefix && startsWith(bytes, context.typePrefix)) this.#flags = isOfOwnType;
  }

  get typeBytes(): number | undefined {
    const { typePrefix } = this.#context;
    return typePrefix && (this.#flags & isOfOwnType ? typePrefix.length : 0);
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
    return this.bytes.length * parsedSize;
  }

  parsed(): KubeObject {
    if (this.#parsed) {
      this.#flags |= isUsed;
      return this.#parsed;
    }
    const parsed = parseToKeep<KubeObject>(this.bytes);
    if (this.#context.parsedForms.add(this)) this.#parsed = parsed;
    return parsed;
  }

  encoded(encoding: ObjectEncoding): Buffer {
    // Once it is encoded, hardly anybody needs it parsed.
    const source = this.#parsed ? this : new ReadOnceObject(this);
    const { encodedForms } = this.#context;
    for (let form = this.#encoded; form; form = form.next) {
      if (form.encoding === encoding) return form.bytesOf(source, encodedForms);
    }
    const form = new EncodedForm(encoding, this.#encoded);
    const bytes = form.bytesOf(source, encodedForms);
    if (form.isKept) this.#encoded = form;
    return bytes;
  }

  /** Puts the bytes into other memory; who has the old ones may go on using them. */
  moveBytes(allocate: Allocate): void {
    const moved = allocate(this.bytes.length);
    this.bytes.copy(moved);
    this.bytes = moved;
  }

  drop(): boolean {
    if (this.#flags & isUsed) {
      this.#flags &= ~isUsed;
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

/** Shows another object; what is shown in another way is what its kinds say. */
abstract class ObjectView implements CachedObject {
  protected readonly base: CachedObject;

  constructor(base: CachedObject) {
    this.base = base;
  }

  get key(): string {
    return this.base.key;
  }

  get namespace(): string {
    return this.base.namespace;
  }

  get name(): string {
    return this.base.name;
  }

  get revision(): Revision {
    return this.base.revision;
  }

  get bytes(): Buffer {
    return this.base.bytes;
  }

  get labels(): Readonly<Record<string, string>> {
    return this.base.labels;
  }

  get fields(): Readonly<Record<string, string>> {
    return this.base.fields;
  }

  abstract parsed(): KubeObject;
}

/** An object whose parsed form goes with it. */
class ReadOnceObject extends ObjectView {
  #parsed: KubeObject | undefined;

  parsed(): KubeObject {
    this.#parsed ??= parseStored<KubeObject>(this.base.bytes);
    return this.#parsed;
  }
}

/** An object's state under a later resourceVersion, as deletions show it. */
export class RestampedObject extends ObjectView {
  readonly #revision: Revision;
  #bytes: Buffer | undefined;

  constructor(base: CachedObject, revision: Revision) {
    super(base);
    this.#revision = revision;
  }

  override get revision(): Revision {
    return this.#revision;
  }

  override get bytes(): Buffer {
    this.#bytes ??= withResourceVersion(this.base.bytes, this.#revision);
    return this.#bytes;
  }

  parsed(): KubeObject {
    const base = this.base.parsed();
    return { ...base, metadata: { ...base.metadata, resourceVersion: String(this.#revision) } };
  }
}
