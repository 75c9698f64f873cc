import type { CachedObject, ObjectEncoding } from "../watch-cache.ts";
import type { Droppable, KeptForms } from "./kept-forms.ts";
import { allocateAlone } from "./resource-version.ts";

/** What keeping a form takes besides its bytes. */
const keptFormBytes = 500;

/** One object in one encoding other than its JSON, made on first use and dropped when memory is short. */
export class EncodedForm implements Droppable {
  readonly encoding: ObjectEncoding;
  /** Another form of the same object. */
  readonly next: EncodedForm | undefined;
  formBytes = 0;
  #bytes: Buffer | undefined;
  #used = false;

  constructor(encoding: ObjectEncoding, next: EncodedForm | undefined) {
    this.encoding = encoding;
    this.next = next;
  }

  /** Whether there is a form at present. */
  get isKept(): boolean {
    return this.#bytes !== undefined;
  }

  /** The form of the object to which this belongs; `forms` decides whether it is kept. */
  bytesOf(object: CachedObject, forms: KeptForms): Buffer {
    if (this.#bytes) {
      this.#used = true;
      return this.#bytes;
    }
    const bytes = this.encoding.encode(object);
    this.formBytes = bytes.length + keptFormBytes;
    if (!forms.add(this)) return bytes;
    this.#bytes = inMemoryOfItsOwn(bytes);
    return this.#bytes;
  }

  drop(): boolean {
    if (this.#used) {
      this.#used = false;
      return false;
    }
    this.#bytes = undefined;
    return true;
  }
}

/** What shares its memory with other things, such as the 64 KiB that Node.js hands out in pieces, keeps all of it. */
function inMemoryOfItsOwn(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength <= bytes.length * 2) return bytes;
  const own = allocateAlone(bytes.length);
  bytes.copy(own);
  return own;
}
