import type { ResourceType } from "@kube-ts/api/resource-type";
import type { KubeObject } from "@kube-ts/api/object";
import { schemaOfType } from "@kube-ts/api/apply/schema-of-type";
import { typeOf } from "@kube-ts/api/schema-registry";
import { replaceContent } from "../matching/replace-content.ts";
import type { AdmissionForm, KindName, ParamResource, ServedForms } from "../matching/served-forms.ts";

/** Objects as they are, in the versions that a test says are the same. */
export class PlainForms implements ServedForms {
  readonly state = {};
  readonly others = new Map<string, readonly ResourceType[]>();
  readonly paramResources = new Map<string, ParamResource>();

  requested(type: ResourceType): AdmissionForm {
    return plainForm(type);
  }

  equivalents(type: ResourceType): readonly AdmissionForm[] {
    return (this.others.get(type.plural) ?? []).map(plainForm);
  }

  params({ kind }: KindName): ParamResource | undefined {
    return this.paramResources.get(kind);
  }
}

function plainForm({ group, version, plural, kind }: ResourceType): AdmissionForm {
  const type = typeOf(group, version, kind);
  return {
    kind: { group, version, kind },
    resource: { group, version, resource: plural },
    schema: type && schemaOfType(type),
    show: (object) => object,
    take: (object, changed) => replaceContent(object, changed as unknown as KubeObject),
  };
}
