import fc from "fast-check";
import { formatDuration } from "@kube-ts/std/duration";
import type { JsonObject } from "../../json-value.ts";
import { formatTime } from "../../rfc3339.ts";
import type { ObjectType, ScalarType, ValueType } from "../../schema-registry.ts";
import { messageLayout } from "../message-layout.ts";

/** Below this depth, only fields that must be there are. */
const maxDepth = 5;
/** How many optional fields an object gets in all. */
const maxOptionalFields = 60;

/** Objects of a type in canonical form: as they are stored, without zero values that JSON leaves out. */
export function arbitraryObject(type: ObjectType): fc.Arbitrary<JsonObject> {
  return fc.gen().map((draw) => new ObjectMaker(draw).object(type, 0));
}

class ObjectMaker {
  readonly #draw: fc.GeneratorValue;
  #optionalFields = 0;

  constructor(draw: fc.GeneratorValue) {
    this.#draw = draw;
  }

  object(type: ObjectType, depth: number): JsonObject {
    const object: JsonObject = {};
    for (const field of messageLayout(type)) {
      if (field.name === "") Object.assign(object, this.object(field.type as ObjectType, depth));
      else if (
        type.fields.get(field.name)?.required ||
        (field.alwaysWritten && !field.omitsZero) ||
        this.#more(depth)
      ) {
        object[field.name] = this.#value(field.type, depth + 1);
      }
    }
    return object;
  }

  #more(depth: number): boolean {
    if (depth >= maxDepth || this.#optionalFields >= maxOptionalFields || this.#nat(2) > 0) return false;
    this.#optionalFields += 1;
    return true;
  }

  #value(type: ValueType, depth: number): unknown {
    switch (type.kind) {
      case "object":
        return this.object(type, depth);
      case "list":
        return Array.from({ length: this.#size(depth) }, () => this.#value(type.items, depth));
      case "map":
        return Object.fromEntries(
          Array.from({ length: this.#size(depth) }, () => [this.#text(), this.#value(type.values, depth)]),
        );
      case "union": {
        const flat = type.members.filter((member) => member.kind !== "object");
        const members = depth < maxDepth ? type.members : flat;
        return this.#value(members[this.#nat(members.length - 1)] ?? type, depth);
      }
      default:
        return this.#scalar(type);
    }
  }

  #nat(max: number): number {
    return this.#draw(fc.nat, { max });
  }

  #size(depth: number): number {
    return 1 + (depth < maxDepth ? this.#nat(2) : 0);
  }

  #text(): string {
    return this.#draw(fc.string, { minLength: 1, maxLength: 60, unit: "grapheme" });
  }

  #scalar({ kind }: ScalarType): unknown {
    switch (kind) {
      case "bool":
        return true;
      case "int32":
        return (1 + this.#nat(2 ** 31 - 2)) * (this.#nat(1) === 0 ? 1 : -1);
      case "int64":
        return this.#draw(fc.integer, { min: 1, max: Number.MAX_SAFE_INTEGER }) * (this.#nat(1) === 0 ? 1 : -1);
      case "float64":
        return this.#draw(fc.double, { noNaN: true, noDefaultInfinity: true, min: 0.5 });
      case "bytes":
        return Buffer.from(this.#draw(fc.uint8Array, { minLength: 1, maxLength: 200 })).toString("base64");
      case "quantity":
        return `${this.#nat(2 ** 31)}m`;
      case "duration":
        return formatDuration(this.#nat(2 ** 31));
      case "time":
        return formatTime(this.#nat(2 ** 31) * 1000);
      case "microTime": {
        const fraction = String(this.#nat(999_999)).padStart(6, "0");
        return formatTime(this.#nat(2 ** 31) * 1000).replace("Z", `.${fraction}Z`);
      }
      case "intOrString":
        return this.#nat(1) === 0 ? this.#draw(fc.integer) : this.#text();
      case "raw":
      case "any":
        return { kind: this.#text(), list: [this.#nat(9), null] };
      default:
        return this.#text();
    }
  }
}
