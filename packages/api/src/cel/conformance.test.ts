import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tests as conformance } from "@bufbuild/cel-spec/testdata/conformance.js";
import { checkExpression } from "./checker.ts";
import { CelProgram } from "./compile.ts";
import { CelEnvironment, type CelVariable } from "./environment.ts";
import { parseExpression } from "./parser.ts";
import * as types from "./types.ts";
import { equals } from "./value-equality.ts";
import { valueText } from "./value-text.ts";
import { ArrayList, CelTypeValue, CelUint, EntryMap, type Value } from "./values.ts";

/** The language's own conformance tests: the suites that need no protocol buffer messages. */
const suites = new Set(
  (
    "basic bindings_ext comparisons conversions encoders_ext fields fp_math integer_math lists logic macros macros2 " +
    "math_ext optionals parse plumbing string string_ext timestamps type_deductions"
  ).split(" "),
);

/** Tests that are about what Kubernetes does not have, or has otherwise. */
const excluded: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/TestAll|NestedEnum|Int32Value|google\.protobuf\.(?!Timestamp|Duration)|NullValue|proto[23]/i, "messages and enums"],
  [/"objectValue"/, "messages"],
  [/\b(?:fn|tuple|sort)\(/, "functions that the test declares"],
  [/`/, "quoted identifiers are not enabled"],
  [/^math_ext\/.*bit/i, "bit operations are not enabled"],
  [/^string_ext\/format/, "the second version of formatting differs, and groups digits"],
  [/last_?indexof_out_of_range|indexof_out_of_range/, "upstream's own implementation answers -1"],
  [/map_value_repeat_key/, "upstream's own implementation takes the last"],
  [/legacy_nullable_types|wrappers/, "wrapper types"],
  [/^(?:basic|plumbing)\/.*(?:unknown|unbound|eval_results)/, "unknown values"],
];

interface SpecType {
  readonly primitive?: string;
  readonly wellKnown?: string;
  readonly listType?: { readonly elemType?: SpecType };
  readonly mapType?: { readonly keyType?: SpecType; readonly valueType?: SpecType };
  readonly abstractType?: { readonly name: string; readonly parameterTypes?: readonly SpecType[] };
  readonly messageType?: string;
  readonly function?: unknown;
  readonly null?: unknown;
  readonly type?: SpecType;
}

interface SpecValue {
  readonly boolValue?: boolean;
  readonly int64Value?: string;
  readonly uint64Value?: string;
  readonly doubleValue?: number | string;
  readonly stringValue?: string;
  readonly bytesValue?: string;
  readonly nullValue?: unknown;
  readonly typeValue?: string;
  readonly listValue?: { readonly values?: readonly SpecValue[] };
  readonly mapValue?: { readonly entries?: readonly { readonly key: SpecValue; readonly value: SpecValue }[] };
  readonly objectValue?: unknown;
}

interface SpecTest {
  readonly name?: string;
  readonly expr: string;
  readonly container?: string;
  readonly disableCheck?: boolean;
  readonly typeEnv?: readonly { readonly name: string; readonly ident?: { readonly type: SpecType } }[];
  readonly bindings?: Readonly<Record<string, { readonly value?: SpecValue }>>;
  readonly value?: SpecValue;
  readonly typedResult?: { readonly result?: SpecValue; readonly deducedType?: SpecType };
  readonly evalError?: unknown;
}

interface SpecSuite {
  readonly name: string;
  readonly suites?: readonly SpecSuite[];
  readonly tests?: readonly { readonly original: unknown }[];
}

const primitives: Readonly<Record<string, types.CelType>> = {
  BOOL: types.boolType,
  INT64: types.intType,
  UINT64: types.uintType,
  DOUBLE: types.doubleType,
  STRING: types.stringType,
  BYTES: types.bytesType,
  TIMESTAMP: types.timestampType,
  DURATION: types.durationType,
};

function typeOf(spec: SpecType | undefined): types.CelType {
  const simple = spec?.primitive ?? spec?.wellKnown;
  if (simple !== undefined) return primitives[simple] ?? types.dynType;
  if (spec?.listType) return types.listOf(typeOf(spec.listType.elemType));
  if (spec?.mapType) return types.mapOf(typeOf(spec.mapType.keyType), typeOf(spec.mapType.valueType));
  if (spec?.abstractType?.name === "optional_type")
    return types.optionalOf(typeOf(spec.abstractType.parameterTypes?.[0]));
  if (spec?.type) return types.typeOfType(typeOf(spec.type));
  return spec && "null" in spec ? types.nullType : types.dynType;
}

function valueOf(spec: SpecValue): Value {
  if (spec.boolValue !== undefined) return spec.boolValue;
  if (spec.int64Value !== undefined) return BigInt(spec.int64Value);
  if (spec.uint64Value !== undefined) return new CelUint(BigInt(spec.uint64Value));
  if (spec.doubleValue !== undefined) return Number(spec.doubleValue);
  if (spec.stringValue !== undefined) return spec.stringValue;
  if (spec.bytesValue !== undefined) return new Uint8Array(Buffer.from(spec.bytesValue, "base64"));
  if (spec.typeValue !== undefined) return new CelTypeValue(spec.typeValue);
  if (spec.listValue) return new ArrayList((spec.listValue.values ?? []).map(valueOf));
  if (spec.mapValue) {
    return EntryMap.of((spec.mapValue.entries ?? []).map(({ key, value }) => [valueOf(key), valueOf(value)] as const));
  }
  return null;
}

/** Without the check of mixed literals, which is Kubernetes' and not the language's. */
function compile(expression: string, environment: CelEnvironment): CelProgram | string {
  const parsed = parseExpression(expression);
  if ("issues" in parsed) return parsed.issues.map((issue) => issue.message).join("; ");
  const checked = checkExpression(parsed.expr, parsed.nodeCount, environment);
  if ("issues" in checked) return checked.issues.map((issue) => issue.message).join("; ");
  return new CelProgram(expression, checked, environment);
}

function run(test: SpecTest): void {
  const variables: Record<string, CelVariable> = {};
  for (const { name, ident } of test.typeEnv ?? []) variables[name] = { type: typeOf(ident?.type) };
  const bindings: Record<string, Value> = {};
  for (const [name, { value }] of Object.entries(test.bindings ?? {})) {
    bindings[name] = valueOf(value ?? {});
    variables[name] ??= { type: types.dynType };
  }
  const program = compile(test.expr, new CelEnvironment({ variables }));
  if (typeof program === "string") {
    assert.ok(test.evalError !== undefined, program);
    return;
  }
  const { deducedType } = test.typedResult ?? {};
  if (deducedType) assert.equal(types.formatType(program.type), types.formatType(typeOf(deducedType)));
  const wanted =
    test.value ?? test.typedResult?.result ?? (test.evalError || deducedType ? undefined : { boolValue: true });
  if (!wanted && deducedType) return;
  const result = program.evaluate(bindings);
  if (!wanted) {
    assert.ok(!result.ok, result.ok ? valueText(result.value) : "");
    return;
  }
  if (!result.ok) assert.fail(result.error.message);
  const expected = valueOf(wanted);
  const same = equals(expected, result.value) || (Number.isNaN(expected) && Number.isNaN(result.value));
  assert.ok(same && typeof expected === typeof result.value, `${valueText(result.value)}, not ${valueText(expected)}`);
}

function visit(suite: SpecSuite, path: string): void {
  for (const inner of suite.suites ?? []) visit(inner, `${path}/${inner.name}`);
  for (const { original } of suite.tests ?? []) {
    const test = original as SpecTest;
    const name = `${path}/${test.name ?? ""}: ${test.expr}`;
    const isExcluded =
      (test.container ?? "") !== "" || excluded.some(([pattern]) => pattern.test(`${name} ${JSON.stringify(test)}`));
    if (isExcluded || test.disableCheck) continue;
    it(name, () => run(test));
  }
}

describe("conformance", () => {
  for (const suite of (conformance as SpecSuite).suites ?? []) if (suites.has(suite.name)) visit(suite, suite.name);
});
