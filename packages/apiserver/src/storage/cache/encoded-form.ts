import type { CachedObject, ObjectEncoding } from "../watch-cache.ts";
import type { Droppable, ParsedForms } from "./parsed-forms.ts";

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

  /** The form of the object to which this belongs; `kept` is told of the memory it takes. */
  bytesOf(object: CachedObject, kept: ParsedForms): Buffer {
    if (this.#bytes) {
      this.#used = true;
      return this.#bytes;
    }
    const bytes = this.encoding.encode(object);
    this.#bytes = bytes;
    this.formBytes = bytes.length;
    kept.add(this);
    return bytes;
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
