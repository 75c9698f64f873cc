import type { ParamKind } from "@kube-ts/api/admissionregistration/v1";
import { type CelVariable, dynVariable, schemaVariable } from "@kube-ts/api/cel/environment";
import { schemaDecl } from "@kube-ts/api/cel/schema-decl";
import { typeOf } from "@kube-ts/api/schema-registry";
import type { ResourceName } from "../admission/matching/served-forms.ts";
import { objectCelType } from "../admission/policies/object-cel-type.ts";
import type { CheckedKind, CheckedKinds } from "../admission/policies/type-checking.ts";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import type { ServedResource } from "../endpoints/served-resource.ts";

/** The types of everything in the catalog, as expressions about it are checked. */
export class CatalogTypes implements CheckedKinds {
  readonly #live: LiveCatalog;

  constructor(live: LiveCatalog) {
    this.#live = live;
  }

  ofResource({ group, version, resource }: ResourceName): CheckedKind | undefined {
    const served = this.#live.current.resource(`${group}/${version}/${resource}`);
    return served && { kind: { group, version, kind: served.kind }, variable: variableOf(served) };
  }

  ofParams({ apiVersion, kind }: ParamKind): CelVariable | undefined {
    const { resources } = this.#live.current.catalog;
    const served = resources.find((each) => each.kind === kind && each.apiVersion === apiVersion);
    return served && variableOf(served);
  }
}

function variableOf({ type, registry }: ServedResource): CelVariable {
  const { schema } = registry.definition;
  if (schema) {
    const decl = schemaDecl(schema, { isResourceRoot: true });
    return decl ? schemaVariable(decl) : dynVariable;
  }
  const builtIn = typeOf(type.group, type.version, type.kind);
  return builtIn ? { type: objectCelType(builtIn) } : dynVariable;
}
