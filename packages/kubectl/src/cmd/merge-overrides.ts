import { applyJsonPatch } from "@kube-ts/api/patch/json-patch";
import { applyMergePatch } from "@kube-ts/api/patch/merge-patch";
import { applyStrategicMergePatch } from "@kube-ts/api/patch/strategic-merge-patch";
import { typeOf, type ValueType } from "@kube-ts/api/schema-registry";
import { parseYaml } from "@kube-ts/std/yaml";
import { CommandError } from "../command-line/command-error.ts";
import { stringFlag } from "../command-line/flag.ts";
import type { JsonObject } from "../session/api.ts";

/** How commands that make an object let that be changed on the command line. */
export function overrideFlags(defaultType: string) {
  return {
    "override-type": stringFlag("How --overrides is applied: json, merge or strategic.", { default: defaultType }),
    overrides: stringFlag("A change of the generated object, as JSON."),
  } as const;
}

/** The object with `--overrides`; fields that its kind does not have are left out. Throws a CommandError. */
export function withOverrides(
  object: JsonObject,
  kind: string,
  flags: { readonly overrides: string; readonly "override-type": string },
): JsonObject {
  if (flags.overrides === "") return object;
  const type = typeOf("", "v1", kind);
  if (!type) throw new Error(`the kind ${kind} is not known`);
  const change = parseYaml(flags.overrides);
  const known = (value: JsonObject) => prune(value, type) as JsonObject;
  switch (flags["override-type"]) {
    case "merge":
      return known(applyMergePatch(object, change));
    case "strategic":
      return known(applyStrategicMergePatch(type, object, change));
    case "json":
      return known(applyJsonPatch(object, change));
    default:
      throw new CommandError(`invalid override type: ${flags["override-type"]}`);
  }
}

function prune(value: unknown, schema: ValueType): unknown {
  if (Array.isArray(value)) return schema.kind === "list" ? value.map((item) => prune(item, schema.items)) : value;
  if (typeof value !== "object" || value === null) return value;
  if (schema.kind === "map") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, prune(each, schema.values)]));
  }
  if (schema.kind !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      const field = schema.fields.get(key);
      return field ? [[key, prune(each, field.type)] as const] : [];
    }),
  );
}
