import { compileRules, type CompiledRule } from "./rule-compilation.ts";
import { schemaDecl, type SchemaDecl } from "./schema-decl.ts";
import { additionalPropertiesOf, itemsOf, type CelSchema } from "./schema.ts";

/** The compiled rules of a schema and of all schemas below it that have any. */
export interface RuleTree {
  readonly schema: CelSchema;
  readonly decl: SchemaDecl;
  readonly rules: readonly CompiledRule[];
  readonly items: RuleTree | undefined;
  readonly properties: ReadonlyMap<string, RuleTree>;
  readonly additionalProperties: RuleTree | undefined;
  /** Rules that the schema's `allOf` adds. */
  readonly allOf: readonly RuleTree[];
}

/** Compiles all rules of a schema; undefined when it has none. Do this once and keep it. */
export function buildRuleTree(schema: CelSchema, isResourceRoot: boolean): RuleTree | undefined {
  if (!hasRules(schema)) return undefined;
  const decl = schemaDecl(schema, { isResourceRoot });
  return decl && build(schema, schema, decl);
}

/** `validations` is the schema or one of its `allOf`, which adds rules to the same structure. */
function build(validations: CelSchema, schema: CelSchema, decl: SchemaDecl): RuleTree | undefined {
  const rules = compileRules(validations["x-kubernetes-validations"] ?? [], schema, decl);
  const items = element(itemsOf(validations), itemsOf(schema), decl);
  const additionalProperties = element(additionalPropertiesOf(validations), additionalPropertiesOf(schema), decl);
  const properties = new Map<string, RuleTree>();
  for (const [name, property] of Object.entries(validations.properties ?? {})) {
    const structure = schema.properties?.[name];
    const declared = decl.properties?.get(name)?.decl;
    const tree = structure && declared && hasRules(property) ? build(property, structure, declared) : undefined;
    if (tree) properties.set(name, tree);
  }
  const allOf = (validations.allOf ?? []).flatMap((added) => build(added, schema, decl) ?? []);
  const isEmpty = rules.length === 0 && !items && !additionalProperties && properties.size === 0 && allOf.length === 0;
  return isEmpty ? undefined : { schema, decl, rules, items, properties, additionalProperties, allOf };
}

function element(
  validations: CelSchema | undefined,
  structure: CelSchema | undefined,
  { element: declared }: SchemaDecl,
): RuleTree | undefined {
  return validations && structure && declared && hasRules(validations)
    ? build(validations, structure, declared)
    : undefined;
}

/** Whether the schema or one below it has a rule. */
export function hasRules(schema: CelSchema): boolean {
  if ((schema["x-kubernetes-validations"]?.length ?? 0) > 0) return true;
  const below = [
    itemsOf(schema),
    additionalPropertiesOf(schema),
    ...Object.values(schema.properties ?? {}),
    ...(schema.allOf ?? []),
  ];
  return below.some((inner) => inner !== undefined && hasRules(inner));
}
