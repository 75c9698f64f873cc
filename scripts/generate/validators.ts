import { Ajv, type CodeKeywordDefinition, Name, _ } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { type DecodeSchemas, validatorName } from "./decode-schema.ts";

/**
 * A module with one function for each root type, which tells whether an object can be used as it is. The functions
 * fill in absent fields and put scalars into their canonical form as they go.
 */
export function validatorModule({ definitions, roots }: DecodeSchemas): string {
  const ajv = new Ajv({
    code: { source: true, esm: true, lines: true },
    strict: false,
    useDefaults: true,
    inlineRefs: false,
    messages: false,
    validateSchema: false,
  });
  for (const keyword of ["quantity", "time", "microTime", "timeOrNull", "microTimeOrNull"])
    ajv.addKeyword(canonicalizing(keyword));
  for (const keyword of ["duration", "bytes", "intOrString", "raw", "any"]) ajv.addKeyword(checking(keyword));
  ajv.addKeyword(union);
  ajv.addKeyword(nonZero);
  ajv.addKeyword(emptyIsNull);
  for (const [id, definition] of Object.entries(definitions)) {
    ajv.addSchema({ $id: validatorName(id), ...definition });
  }
  const exported = Object.fromEntries(roots.map((id) => [validatorName(id), validatorName(id)]));
  const code = standalone.default(ajv, exported);
  const functions = new Map(
    [...code.matchAll(/^export const (\w+) = (validate\d+);$/gm)].map(([, name, f]) => [name, f]),
  );
  const table = roots.map((id) => `  ${JSON.stringify(id)}: ${functions.get(validatorName(id))},`).join("\n");
  return `${imports}${reduce(code)}\nexport const validators = {\n${table}\n};\n`;
}

const imports = `import {
  anyOk,
  bytesOk,
  durationOk,
  intOrStringOk,
  isEmpty,
  microTimeOrNullText,
  microTimeText,
  quantityText,
  rawOk,
  timeOrNullText,
  timeText,
} from "../src/decode-scalars.ts";
`;

/** A keyword whose function returns the canonical text, or undefined for a bad value. */
function canonicalizing(keyword: string): CodeKeywordDefinition {
  return {
    keyword,
    code(context) {
      const { gen, data, it } = context;
      const text = gen.const("text", _`${new Name(`${keyword}Text`)}(${data})`);
      context.fail(_`${text} === undefined`);
      gen.if(_`${text} !== ${data}`, () => gen.assign(_`${it.parentData}[${it.parentDataProperty}]`, text));
    },
  };
}

function checking(keyword: string): CodeKeywordDefinition {
  return {
    keyword,
    code(context) {
      context.fail(_`!${new Name(`${keyword}Ok`)}(${context.data})`);
    },
  };
}

/** Values of several types are rare: the decoder looks into them. */
const union: CodeKeywordDefinition = {
  keyword: "union",
  code(context) {
    context.fail(_`${context.data} !== undefined`);
  },
};

/** Zero values that upstream leaves out: the decoder takes them away. */
const nonZero: CodeKeywordDefinition = {
  keyword: "nonZero",
  code(context) {
    const { data, schema } = context;
    // Null, which may stand for any field, has no length.
    if (schema === "list") context.fail(_`!${data}?.length`);
    else if (schema === "map") context.fail(_`${new Name("isEmpty")}(${data})`);
    else if (schema === "bool") context.fail(_`${data} === false`);
    else if (schema === "int32" || schema === "int64" || schema === "float64") context.fail(_`${data} === 0`);
    else context.fail(_`${data} === ""`);
  },
};

const emptyIsNull: CodeKeywordDefinition = {
  keyword: "emptyIsNull",
  code({ gen, data, it }) {
    gen.if(_`${data} !== null && ${data}.length === 0`, () =>
      gen.assign(_`${it.parentData}[${it.parentDataProperty}]`, null),
    );
  },
};

/**
 * Cuts the code down to yes or no: what was wrong is found by the decoder, in upstream's words, so that the paths,
 * error objects and counters that Ajv keeps would be dead weight. Every failure returns at once.
 */
function reduce(code: string): string {
  const reduced = code
    .replaceAll(/validate\d+\.errors = \[\{.*\}\];\nreturn false;\n(?:break;\n)?/g, "return false;\n")
    .replaceAll(/validate\d+\.errors = vErrors;\n/g, "")
    .replaceAll(/\/\*# sourceURL.*\n/g, "")
    .replaceAll(
      /if\(!\((validate\d+|wrapper\d+\.validate)\((data\S*), \{.*\}\)\)\)\{\nvErrors = .*;\nerrors = vErrors\.length;\n\}/g,
      "if(!$1($2)) return false;",
    )
    .replaceAll(/, \{instancePath="".*\}=\{\}\)\{/g, "){")
    .replaceAll(
      /^(?:let vErrors = null|let errors = 0|const _errs\d+ = errors|var valid\d+ = (?:true|_errs\d+ === errors));\n/gm,
      "",
    )
    .replaceAll(/^if\(!valid\d+\)\{\nbreak;\n\}\n/gm, "")
    .replaceAll(/^else \{\nvar valid\d+ = true;\n\}\n/gm, "")
    .replaceAll(/^if\((?:valid\d+|errors === 0|_errs\d+ === errors|errors === _errs\d+)\)\{$/gm, "{")
    .replaceAll("return errors === 0;", "return true;")
    .replaceAll(/^const (schema\d+) = (\{.*\});$/gm, (line, name: string, schema: string) =>
      fieldNames(name, schema, code),
    )
    .replaceAll(/^else \{\n\}\n/gm, "")
    .replaceAll(/^"use strict";\n|^export const .* = validate\d+;\n/gm, "");
  const compact = reduced.replaceAll(/\n{2,}/g, "\n");
  for (const leftover of ["errors", "parentData", "instancePath", "require("]) {
    if (compact.includes(leftover)) throw new Error(`generated validators still contain ${leftover}`);
  }
  return compact;
}

/** Of a schema, only the set of its field names is used by the code. */
function fieldNames(name: string, schema: string, code: string): string {
  if (!code.includes(`${name}.properties`)) return "";
  const { properties } = JSON.parse(schema) as { properties: object };
  return `const ${name} = { properties: ${JSON.stringify(Object.fromEntries(Object.keys(properties).map((key) => [key, 0])))} };`;
}
