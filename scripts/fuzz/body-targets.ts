import { applyConfiguration } from "@kube-ts/api/apply/apply-configuration";
import { allFields } from "@kube-ts/api/apply/field-filter";
import { FieldSetError } from "@kube-ts/api/apply/field-set";
import { TypedValueError } from "@kube-ts/api/apply/list-element";
import { ManagedFieldsError, parseEntries } from "@kube-ts/api/apply/managed-fields";
import { PathElementError } from "@kube-ts/api/apply/path-element";
import { schemaOfType } from "@kube-ts/api/apply/schema-of-type";
import { validateTyped } from "@kube-ts/api/apply/validate-typed";
import { decodeObject, duplicateFieldProblems } from "@kube-ts/api/decode";
import { isJsonObject } from "@kube-ts/api/json-value";
import { applyJsonPatch } from "@kube-ts/api/patch/json-patch";
import { applyMergePatch } from "@kube-ts/api/patch/merge-patch";
import { applyStrategicMergePatch } from "@kube-ts/api/patch/strategic-merge-patch";
import { decodeMessage } from "@kube-ts/api/protobuf/decode-message";
import { envelopeField, openEnvelope, sealEnvelope } from "@kube-ts/api/protobuf/envelope";
import { encodeMessage, encodeMessageField } from "@kube-ts/api/protobuf/encode-message";
import { ProtobufError } from "@kube-ts/api/protobuf/wire-reader";
import { typeById, typeOf } from "@kube-ts/api/schema-registry";
import { SelectorError, parseSelector } from "@kube-ts/api/selectors";
import { isNestedDeeper, maxNesting } from "@kube-ts/api/structural/nesting";
import { HeaderCompressor, HeaderDecompressor } from "@kube-ts/client/streaming/spdy/header-block";
import { FrameReader, dataFrame, goAwayFrame, pingFrame, synStreamFrame } from "@kube-ts/client/streaming/spdy/frames";
import { SpdyError } from "@kube-ts/client/streaming/spdy/spdy-error";
import { YamlError, parseYaml } from "@kube-ts/std/yaml";
import { parseListQuery } from "../../packages/apiserver/src/endpoints/list-query.ts";
import { selectableFields } from "../../packages/apiserver/src/endpoints/selectable-fields.ts";
import { parseRequestInfo } from "../../packages/apiserver/src/endpoints/request-info.ts";
import { parseWriteOptions } from "../../packages/apiserver/src/endpoints/write-options.ts";
import { decodeContinueToken, encodeContinueToken } from "../../packages/apiserver/src/registry/continue-token.ts";
import { type FuzzTarget, accepts, anyOf, clientError } from "./fuzz-target.ts";

const stage = "after authorization";
const maxBytes = 256 * 1024;
const podType = typeById("core/v1.Pod");

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", labels: { app: "web" }, annotations: { a: "b" }, finalizers: ["x/y"] },
  spec: {
    containers: [
      { name: "c", image: "i", ports: [{ containerPort: 80, protocol: "TCP" }], env: [{ name: "A", value: "1" }] },
      { name: "d", resources: { limits: { cpu: "100m", memory: "1Gi" } }, livenessProbe: { httpGet: { port: "web" } } },
    ],
    volumes: [{ name: "v", emptyDir: {} }],
    tolerations: [{ key: "k", operator: "Exists", tolerationSeconds: 30 }],
  },
};
const podJson = JSON.stringify(pod);
const podYaml = `apiVersion: v1
kind: Pod
metadata: &m
  name: web
  labels: {app: web, <<: {b: "0777"}}
spec:
  containers:
  - name: c   # the first
    image: !!str 1.5
    args: [yes, 0x1F, ~, 1e3, 2001-01-01]
    command:
    - |
      echo
       two
    - >-
      folded
      text
  hostname: *m
`;
const jsonWords = [
  '{"',
  '":',
  "[",
  "]",
  "{",
  "}",
  ",",
  '"',
  "null",
  "true",
  "\\u0000",
  "\\ud800",
  '"__proto__":',
  '"constructor":{"prototype":',
];
const podWords = [
  ...jsonWords,
  '"metadata":',
  '"spec":',
  '"containers":',
  '"name":',
  '"$patch":"delete"',
  '"cpu":"1e400"',
];

function object(value: unknown): Record<string, unknown> {
  return isJsonObject(value) ? value : {};
}

/** What the endpoints do with the text of a patch before they apply it. */
function parsedPatch(input: Buffer): unknown {
  const patch: unknown = JSON.parse(input.toString());
  if (isNestedDeeper(patch, maxNesting)) throw new SyntaxError("exceeded max depth");
  return patch;
}

const patchRefusal = (error: unknown) => clientError(error) || error instanceof SyntaxError || isUpstreams500(error);

/** Upstream answers 500 to strategic merge patches that do not fit the type. */
function isUpstreams500(error: unknown): boolean {
  return error instanceof Error && error.name === "ApiError";
}

const json: FuzzTarget = {
  name: "JSON object",
  stage,
  maxBytes,
  seeds: [podJson, '{"metadata":{"name":"a","name":"b","creationTimestamp":"2026-01-01T00:00:00.5+02:00"}}'],
  words: podWords,
  decode: (input) => {
    const text = input.toString();
    return accepts(
      (error) => clientError(error) || error instanceof SyntaxError,
      () => {
        const value: unknown = JSON.parse(text);
        duplicateFieldProblems(text);
        decodeObject(podType, value, { fieldValidation: "Warn", textProblems: () => duplicateFieldProblems(text) });
      },
    );
  },
};

const yaml: FuzzTarget = {
  name: "YAML object",
  stage,
  share: 0.4,
  maxBytes: 32 * 1024,
  seeds: [podYaml, "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "- - - {a: [b]}\n", podJson],
  words: [
    "- ",
    ": ",
    "\n",
    "  ",
    "&a ",
    "*a",
    "<<: ",
    "!!binary ",
    "!!",
    "? ",
    "|",
    ">-",
    "---\n",
    "...",
    "[",
    "{",
    "#",
    "\t",
    "%YAML 1.1\n",
    "'",
    '"',
  ],
  decode: (input) =>
    accepts(
      (error) => clientError(error) || error instanceof YamlError,
      () => {
        decodeObject(podType, object(parseYaml(input.toString())), { fieldValidation: "Ignore" });
        parseYaml(input.toString(), { strict: true });
      },
    ),
};

const protobuf: FuzzTarget = {
  name: "protobuf object",
  stage,
  maxBytes,
  seeds: [
    sealEnvelope("v1", "Pod", encodeMessageField(envelopeField, podType, pod)),
    sealEnvelope("v1", "Pod", Buffer.from([0x12, 0])),
  ],
  words: [
    "k8s\0",
    "\x0a\x00",
    "\x12\x80\x80\x80\x80\x10",
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    "\x0a\x7f",
    "\x08\x01",
    "v1",
    "Pod",
  ],
  decode: (input) =>
    accepts(
      (error) => clientError(error) || error instanceof ProtobufError,
      () => {
        const { apiVersion, kind, message } = openEnvelope(input);
        const type = typeOf("", apiVersion, kind) ?? podType;
        const { object: decoded } = decodeObject(type, decodeMessage(type, message), { fieldValidation: "Ignore" });
        encodeMessage(type, decoded);
      },
    ),
};

const jsonPatch: FuzzTarget = {
  name: "JSON patch",
  stage,
  maxBytes,
  seeds: [
    JSON.stringify([
      { op: "add", path: "/metadata/labels/x", value: "y" },
      { op: "test", path: "/spec/containers/0/name", value: "c" },
      { op: "move", from: "/metadata/labels", path: "/metadata/annotations/z" },
      { op: "copy", from: "/spec/containers/-1", path: "/spec/containers/-" },
      { op: "remove", path: "/spec/volumes/0" },
    ]),
  ],
  words: [
    ...jsonWords,
    '{"op":"copy","from":"","path":"/a"},',
    '{"op":"add","path":"/',
    "~1",
    "~0",
    "/-",
    "/__proto__",
  ],
  decode: (input) => accepts(patchRefusal, () => applyJsonPatch(structuredClone(pod), parsedPatch(input))),
};

const mergePatch: FuzzTarget = {
  name: "merge patch",
  stage,
  maxBytes,
  seeds: ['{"metadata":{"labels":{"a":null,"b":"c"}},"spec":{"containers":[{"name":"x"}]}}'],
  words: podWords,
  decode: (input) => accepts(patchRefusal, () => applyMergePatch(structuredClone(pod), parsedPatch(input))),
};

const strategicPatch: FuzzTarget = {
  name: "strategic merge patch",
  stage,
  maxBytes,
  seeds: [
    '{"spec":{"$setElementOrder/containers":[{"name":"d"},{"name":"c"}],"containers":[{"name":"c","image":"z"},{"name":"d","$patch":"delete"}],"volumes":[{"$retainKeys":["name","hostPath"],"name":"v","hostPath":{"path":"/"}}]}}',
    '{"metadata":{"$deleteFromPrimitiveList/finalizers":["x/y"],"finalizers":["z"]}}',
  ],
  words: [
    ...podWords,
    '"$patch":"',
    '"$retainKeys":[',
    '"$setElementOrder/',
    '"$deleteFromPrimitiveList/',
    "replace",
    "merge",
  ],
  decode: (input) =>
    accepts(patchRefusal, () => applyStrategicMergePatch(podType, structuredClone(pod), parsedPatch(input))),
};

const apply: FuzzTarget = {
  name: "apply configuration",
  stage,
  share: 0.5,
  maxBytes: 32 * 1024,
  seeds: [podJson, podYaml],
  words: podWords,
  decode: (input) =>
    accepts(
      (error) => clientError(error) || anyOf(YamlError, TypedValueError)(error),
      () => {
        const value = parseYaml(input.toString());
        const schema = schemaOfType(podType);
        if (!isJsonObject(value) || isNestedDeeper(value, maxNesting)) return;
        validateTyped(schema, value, { allowDuplicates: false });
        applyConfiguration({
          live: { apiVersion: "v1", schema, value: structuredClone(pod) },
          config: { apiVersion: "v1", schema, value },
          managers: [],
          applier: { manager: "m", operation: "Apply", apiVersion: "v1", subresource: "" },
          force: true,
          convert: () => undefined,
          filter: allFields,
        });
      },
    ),
};

const managedFields: FuzzTarget = {
  name: "managed fields",
  stage,
  maxBytes,
  seeds: [
    '[{"manager":"m","operation":"Apply","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:a":{}}},"f:spec":{"f:containers":{"k:{\\"name\\":\\"c\\"}":{".":{}}}}},"subresource":"status"}]',
  ],
  words: [...jsonWords, '"f:', '"k:{\\"', '"v:', '"i:', '".":{}', '"fieldsV1":{', '},{"manager":'],
  decode: (input) =>
    accepts(anyOf(ManagedFieldsError, FieldSetError, PathElementError, SyntaxError), () => {
      const text = input.toString();
      const entries: unknown = JSON.parse(text);
      // The decoder of objects, which comes first, lets nothing else through.
      if (!Array.isArray(entries) || !entries.every(isJsonObject) || isNestedDeeper(entries, maxNesting)) return;
      return parseEntries(text).map(({ fields }) => fields.set.toJson());
    }),
};

const podFields = selectableFields({
  type: { namespaced: true },
  own: { "spec.nodeName": "spec.nodeName" },
  isSpecific: true,
});

const query: FuzzTarget = {
  name: "query of a list or write",
  stage,
  maxBytes: 16 * 1024,
  seeds: [
    "labelSelector=app+in+(a,b),!c,d>1&fieldSelector=metadata.name%3Dx,spec.nodeName!%3Dy&limit=500",
    "resourceVersion=10&resourceVersionMatch=Exact&continue=abc&timeoutSeconds=5&allowWatchBookmarks=true",
    "dryRun=All&fieldManager=m&fieldValidation=Strict&force=true&sendInitialEvents=1",
  ],
  words: [
    "&",
    "=",
    "%3D",
    ",",
    "(",
    ")",
    "!",
    " in ",
    " notin ",
    "labelSelector=",
    "fieldSelector=",
    "%5C",
    "%00",
    "limit=",
    "9999999999999999999",
  ],
  decode: (input) =>
    accepts(clientError, () => {
      const info = parseRequestInfo("GET", `/api/v1/pods?${input.toString("latin1")}`);
      if (info.kind !== "resource") return;
      parseWriteOptions(info);
      const { filter, point } = parseListQuery(info, podFields);
      filter.matches?.({ labels: { app: "a" }, fields: { "metadata.name": "x" } });
      if (point.continueToken !== "") decodeContinueToken(point.continueToken);
    }),
};

const selector: FuzzTarget = {
  name: "label selector",
  stage,
  maxBytes: 16 * 1024,
  seeds: ["app=web,tier in (a,b),!legacy,x>1", "a/b notin (c), d!=e,in in (in)"],
  words: ["=", "==", "!=", "!", "(", ")", ",", " in ", " notin ", "<", ">", "a/b", "  "],
  decode: (input) => accepts(anyOf(SelectorError), () => parseSelector(input.toString()).matches({ app: "web" })),
};

const continueToken: FuzzTarget = {
  name: "continue token",
  stage,
  maxBytes: 16 * 1024,
  seeds: [
    encodeContinueToken({ revision: 77n, afterKey: "default/web" }),
    encodeContinueToken({ revision: undefined, afterKey: "a/b" }),
  ],
  words: ["==", "-_", "eyJ2IjoibWV0YS5rOHMuaW8vdjEi", "fQ", "Li4v"],
  decode: (input) => accepts(clientError, () => decodeContinueToken(input.toString("latin1"))),
};

const spdyHeaders = new HeaderCompressor().compress({ streamtype: "stdin", port: "80", requestid: "0" });
const spdy: FuzzTarget = {
  name: "SPDY frames",
  stage,
  maxBytes,
  share: 0.5,
  seeds: [
    Buffer.concat([synStreamFrame(1, spdyHeaders), dataFrame(1, Buffer.from("hello"), true), goAwayFrame(1)]),
    Buffer.concat([
      pingFrame(3),
      synStreamFrame(3, Buffer.from("789cabcd", "hex")),
      dataFrame(3, Buffer.alloc(9), false),
    ]),
  ],
  words: [
    "\x80\x03\x00\x01",
    "\x80\x03\x00\x08",
    "\x00\x00\x00\x01\x01\xff\xff\xff",
    "\x00\x00\x3f\xff",
    "\x78\xbb",
    "\xff\xff\xff\xff",
  ],
  decode: (input) =>
    accepts(anyOf(SpdyError), () => {
      const reader = new FrameReader();
      const headers = new HeaderDecompressor();
      for (const half of [input.subarray(0, input.length / 2), input.subarray(input.length / 2)]) {
        for (const frame of reader.push(half)) if (frame.type === "synStream") headers.decompress(frame.headerBlock);
      }
    }),
};

/** What is read once it is known who sent it, and that they may. */
export const bodyTargets: readonly FuzzTarget[] = [
  json,
  yaml,
  protobuf,
  jsonPatch,
  mergePatch,
  strategicPatch,
  apply,
  managedFields,
  query,
  selector,
  continueToken,
  spdy,
];
