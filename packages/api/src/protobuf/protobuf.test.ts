import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { groupVersionSources, legacyGroupVersionSources } from "../group-versions.ts";
import { loadLegacyTypes } from "../legacy-types.ts";
import { type ObjectType, objectTypesOf, typeById, typeOf } from "../schema-registry.ts";
import { decodeMessage } from "./decode-message.ts";
import { embeddedMessages } from "./embedded-messages.ts";
import { encodeMessage, encodeMessageField } from "./encode-message.ts";
import { envelopeField, openEnvelope, sealEnvelope } from "./envelope.ts";
import { type MessageField, messageLayout } from "./message-layout.ts";
import { pointerFields } from "./pointer-fields.ts";
import upstreamBytes from "./testing/upstream-bytes.json" with { type: "json" };
import { ProtobufError } from "./wire-reader.ts";
import { arbitraryObject } from "./testing/arbitrary-object.ts";

await loadLegacyTypes();
const sources = [...groupVersionSources, ...legacyGroupVersionSources];

suite("every type comes back from protobuf as it went", () => {
  for (const source of sources) {
    test(source.directory, () => {
      for (const type of objectTypesOf(source)) {
        if (unsent.has(type.id)) continue;
        const property = fc.property(arbitraryObject(type), (object) => {
          assert.deepEqual(decodeMessage(type, encodeMessage(type, object)), object, type.id);
        });
        checkProperty(property, { share: 0.04 });
      }
    });
  }
});

suite("what is not a message is refused", () => {
  const type = typeById("core/v1.Pod");
  const decodes = (bytes: Uint8Array) => {
    try {
      decodeMessage(type, Buffer.from(bytes));
    } catch (error) {
      assert.ok(error instanceof ProtobufError, String(error));
    }
  };

  test("bytes at random", () => {
    checkProperty(fc.property(fc.uint8Array({ maxLength: 200 }), decodes), { share: 5 });
  });

  test("messages with changed bytes", () => {
    const changed = fc.tuple(arbitraryObject(type), fc.nat(), fc.nat({ max: 255 })).map(([object, at, byte]) => {
      const bytes = encodeMessage(type, object);
      if (bytes.length > 0) bytes[at % bytes.length] = byte;
      return bytes;
    });
    checkProperty(fc.property(changed, decodes), { share: 2 });
  });

  const cases: readonly (readonly [string, string, string])[] = [
    ["another wire type", "0800", "proto: wrong wireType = 0 for field metadata"],
    ["a length past the end", "0a05", "unexpected EOF"],
    ["a length past the end of its message", "0a030a0561", "unexpected EOF"],
    ["a varint without an end", "ff".repeat(11), "integer overflow"],
    ["a group", "fb3f", "illegal wireType 3"],
  ];
  for (const [name, hex, message] of cases) {
    test(name, () => assert.throws(() => decodeMessage(type, Buffer.from(hex, "hex")), { message }));
  }

  test("packed numbers are read as well", () => {
    const packed = Buffer.from("0a0301ac02", "hex");
    assert.deepEqual(decodeMessage(typeById("core/v1.PodSecurityContext"), Buffer.from("22020507", "hex")), {
      supplementalGroups: [5, 7],
    });
    assert.throws(() => decodeMessage(type, packed), ProtobufError);
  });
});

/** Options that only ever stand in a query. */
const unsent: ReadonlySet<string> = new Set(["meta/v1.ApplyOptions"]);

/** What upstream's own libraries write for an object. */
interface UpstreamBytes {
  readonly object: { readonly kind: string; readonly apiVersion: string };
  readonly protobuf: string;
}

suite("bytes are those of upstream", () => {
  const hex = (...parts: readonly string[]) => parts.join("").replaceAll(" ", "");
  const ascii = (text: string) => Buffer.from(text).toString("hex");
  /** Metadata of a new object has eight fields that are always written. */
  const metadata = (name: string, length: string) =>
    hex(`0a${length}`, `0a0${name.length}`, ascii(name), "1200 1a00 2200 2a00 3200 3800 4200");

  const cases: readonly (readonly [string, string, object, string])[] = [
    [
      "keys of maps are ordered",
      "core/v1.ConfigMap",
      { metadata: { name: "a" }, data: { b: "2", a: "1" }, binaryData: { x: "AQI=", y: "" }, immutable: false },
      hex(metadata("a", "11"), "1206 0a0161 120131 1206 0a0162 120132 1a07 0a0178 12020102 1a05 0a0179 1200 2000"),
    ],
    [
      "values that are not pointers are written when they are zero",
      "meta/v1.Status",
      { status: "Success" },
      hex("0a06 0a00 1200 1a00", "1207", ascii("Success"), "1a00 2200 3000"),
    ],
    [
      "numbers, quantities and lists",
      "core/v1.Container",
      { name: "c", args: ["x", ""], resources: { limits: { cpu: "1500m" } } },
      hex(
        "0a0163 1200 220178 2200 2a00",
        "4210 0a0e 0a03 637075 1207 0a05 3135 3030 6d",
        "6a00 7200 800100 880100 900100 a20100",
      ),
    ],
    ["a number or a string", "core/v1.HTTPGetAction", { port: 80 }, hex("0a00 1206 0800 1050 1a00 1a00 2200")],
    [
      "a negative number",
      "core/v1.Toleration",
      { tolerationSeconds: -1 },
      hex("0a00 1200 1a00 2200 28", "ff".repeat(9), "01"),
    ],
    ["times", "coordination/v1.LeaseSpec", { renewTime: "1970-01-01T00:01:00.000002Z" }, hex("2205 083c 10d00f")],
    ["fields that JSON has inline", "core/v1.Volume", { name: "v", emptyDir: {} }, hex("0a0176 1204 1202 0a00")],
    [
      "verbs are a message of their own",
      "meta/v1.APIResource",
      { name: "p", singularName: "", namespaced: true, kind: "P", verbs: ["get"] },
      hex("0a0170 1001 1a0150 2205 0a03676574 3200 4200 4a00 5200"),
    ],
  ];
  for (const [name, id, object, expected] of cases) {
    test(name, () => assert.equal(encodeMessage(typeById(id), object).toString("hex"), expected));
  }

  for (const { object, protobuf } of upstreamBytes as readonly UpstreamBytes[]) {
    const { kind, apiVersion } = object;
    test(`${apiVersion} ${kind} of v1.36.4`, () => {
      const [version = "", group = ""] = apiVersion.split("/").toReversed();
      const type = typeOf(group, version, kind) ?? typeById(`meta/v1.${kind}`);
      const sealed = sealEnvelope(apiVersion, kind, encodeMessageField(envelopeField, type, object));
      assert.equal(sealed.toString("base64"), protobuf);
    });
  }

  test("the envelope names the kind and ends with two empty encodings", () => {
    const sealed = sealEnvelope("v1", "Pod", Buffer.from([0x12, 0x02, 0x0a, 0x00]));
    const expected = hex("6b387300 0a09 0a027631 1203506f64 1202 0a00 1a00 2200");
    assert.equal(sealed.toString("hex"), expected);
    assert.deepEqual(openEnvelope(sealed), { apiVersion: "v1", kind: "Pod", message: Buffer.from([0x0a, 0x00]) });
  });
});

/** The checklist of upstream's types; it lies beside the project where it is available at all. */
const facts = new URL("../../../../../shared/facts/api-types.json", import.meta.url);

interface FactField {
  readonly json: string;
  readonly type: string;
  readonly inline?: boolean;
  readonly proto?: number;
}
type Facts = Readonly<Record<string, Readonly<Record<string, { readonly fields?: readonly FactField[] }>>>>;

suite("the tables are those of upstream", { skip: !existsSync(facts) && "no checklist" }, () => {
  const all = existsSync(facts) ? (JSON.parse(readFileSync(facts, "utf8")) as Facts) : {};
  const scalarFields = (type: ObjectType) =>
    messageLayout(type).filter(({ name, type: { kind } }) => name !== "" && !composite.has(kind));

  for (const { directory } of sources) {
    test(`pointers of ${directory}`, () => {
      const source = sources.filter((entry) => entry.directory === directory);
      for (const type of source.flatMap(objectTypesOf)) {
        const known = new Map(all[directory]?.[type.name]?.fields?.map((field) => [field.json, field]));
        const isPointer = ({ name }: MessageField) =>
          (known.get(name)?.type.startsWith("*") ?? false) || olderPointers.has(`${type.id}.${name}`);
        const expected = scalarFields(type)
          .filter(isPointer)
          .map(({ name }) => name);
        const names = new Set(scalarFields(type).map(({ name }) => name));
        const listed = (pointerFields[directory]?.[type.name] ?? "").split(" ").filter((name) => names.has(name));
        assert.deepEqual(listed, expected, type.id);
      }
      assert.ok(pointerFields[directory], "the group version is missing in the table");
    });

    test(`messages of ${directory} inside others`, () => {
      for (const [name, { fields }] of Object.entries(all[directory] ?? {})) {
        if (!fields) continue;
        const inline = fields.find(({ inline, json, proto, type }) => inline && !json && proto && !type.includes("."));
        const [group = ""] = directory.split("/");
        const expected = inline && { number: inline.proto, type: inline.type };
        assert.deepEqual(embeddedMessages[`${group}.${name}`], expected, name);
      }
    });
  }
});

/** Pointers in v1.36 that are none in what follows it. */
const olderPointers: ReadonlySet<string> = new Set(["resource/v1.NodeAllocatableResourceMapping.capacityKey"]);

const composite: ReadonlySet<string> = new Set(["object", "union", "list", "map", "bytes"]);
