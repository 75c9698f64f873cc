import { duplicateFields } from "@kube-ts/api/duplicate-fields";
import { goQuote } from "@kube-ts/api/go-quote";
import { type JsonObject, isJsonObject } from "@kube-ts/api/json-value";
import { badRequest } from "@kube-ts/api/status-error";
import { isNestedDeeper, maxNesting } from "@kube-ts/api/structural/nesting";
import { YamlError, parseYaml } from "@kube-ts/std/yaml";
import { maxYamlTokens, readBody } from "./body.ts";
import { warn } from "./exchange.ts";
import type { ResourceContext } from "./resource-context.ts";
import type { FieldValidation } from "./write-options.ts";

export const applyMediaType = "application/apply-patch+yaml";

/** The configuration in the body of an apply. Throws BadRequest in upstream's words. */
export async function readConfiguration(
  { exchange }: Pick<ResourceContext, "exchange">,
  mode: FieldValidation,
): Promise<JsonObject> {
  const text = (await readBody(exchange.request, exchange.signal)).toString();
  const config = decode(text);
  exchange.audit?.requestPatch(config);
  if (mode === "Ignore") return config;
  const problem = strictProblem(text);
  if (problem === undefined) return config;
  if (mode === "Strict") throw badRequest(`error strict decoding YAML: ${problem}`);
  warn(exchange, problem);
  return config;
}

function decode(text: string): JsonObject {
  let value: unknown;
  try {
    value = parseYaml(text, { maxTokens: maxYamlTokens });
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw badRequest(`error decoding YAML: ${error.message}`, error);
  }
  if (value === null) return {};
  if (isNestedDeeper(value, maxNesting)) throw badRequest("error decoding YAML: exceeded max depth");
  if (isJsonObject(value)) return value;
  const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  throw badRequest(
    `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
  );
}

/** What only strict reading finds: keys that are given twice. */
function strictProblem(text: string): string | undefined {
  if (isJson(text)) {
    const [path] = duplicateFields(text, 1);
    if (path === undefined) return undefined;
    const key = path.slice(path.lastIndexOf(".") + 1);
    return `error converting YAML to JSON: yaml: unmarshal errors:\n  line 1: key ${goQuote(key)} already set in map`;
  }
  try {
    parseYaml(text, { strict: true, maxTokens: maxYamlTokens });
    return undefined;
  } catch (error) {
    if (error instanceof YamlError) return error.message;
    throw error;
  }
}

function isJson(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
