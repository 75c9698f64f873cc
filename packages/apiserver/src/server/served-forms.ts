import type { Scale } from "@kube-ts/api/autoscaling/v1";
import { decodeResource, decodeObject } from "@kube-ts/api/decode";
import { type JsonObject, cloneJson } from "@kube-ts/api/json-value";
import type { KubeObject } from "@kube-ts/api/object";
import { type ResourceType, apiVersionOf } from "@kube-ts/api/resource-type";
import { customResourceDefinitions } from "@kube-ts/api/resource-types";
import { typeOf } from "@kube-ts/api/schema-registry";
import type { Random } from "@kube-ts/std/random";
import type { AdmissionForm, KindName, ParamResource, ServedForms } from "../admission/matching/served-forms.ts";
import { replaceContent } from "../admission/matching/replace-content.ts";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import { scaleOf } from "../endpoints/scale-endpoint.ts";
import type { ServedResource } from "../endpoints/served-resource.ts";
import type { ObjectConverter } from "../extensions/conversion/object-converter.ts";
import { sameInAllVersions } from "../extensions/conversion/object-converter.ts";
import { WebhookConverter } from "../extensions/conversion/webhook-converter.ts";
import type { WebhookTransport } from "../extensions/conversion/webhook-transport.ts";
import { fieldManagementOf } from "../registry/field-management/field-management-of.ts";
import type { ObjectSource } from "../registry/object-source.ts";
import type { ScaleMapping } from "../registry/resource-definition.ts";

export interface ServedFormsParts {
  readonly live: () => LiveCatalog;
  readonly source: ObjectSource;
  readonly transport: WebhookTransport;
  readonly random: Random;
}

/** What is read of a value beyond its type is of no interest: it came from the object, or from who may change it. */
const lenient = { fieldValidation: "Ignore" } as const;

/** The forms of everything in the catalog. */
export class CatalogForms implements ServedForms {
  readonly #parts: ServedFormsParts;
  #state: object | undefined;
  #requested = new WeakMap<ResourceType, Map<string, AdmissionForm>>();

  constructor(parts: ServedFormsParts) {
    this.#parts = parts;
  }

  get state(): object {
    return this.#parts.live().current;
  }

  requested(type: ResourceType, subresource: string): AdmissionForm {
    if (this.#state !== this.state) {
      this.#state = this.state;
      this.#requested = new WeakMap();
    }
    let forms = this.#requested.get(type);
    if (!forms) this.#requested.set(type, (forms = new Map()));
    let form = forms.get(subresource);
    if (!form) forms.set(subresource, (form = this.#make(type, subresource)));
    return form;
  }

  equivalents(type: ResourceType, subresource: string): readonly AdmissionForm[] {
    const own = this.#resource(type);
    if (!own) return [];
    return this.#versionsOf(own)
      .filter((other) => other !== own)
      .map((other) => this.#formOf(other, own, subresource));
  }

  params({ group, version, kind }: KindName): ParamResource | undefined {
    const found = this.#parts
      .live()
      .current.catalog.resources.find(
        ({ type }) => type.kind === kind && type.group === group && type.version === version,
      );
    return found && paramsOf(found, this.#parts.source);
  }

  #make(type: ResourceType, subresource: string): AdmissionForm {
    const own = this.#resource(type);
    return own ? this.#formOf(own, own, subresource) : bodyForm(type, kindOf(type));
  }

  #resource({ group, version, plural }: ResourceType): ServedResource | undefined {
    return this.#parts.live().current.resource(`${group}/${version}/${plural}`);
  }

  /** Versions of built-in resources share what stores them, those of custom resources their names. */
  #versionsOf({ registry, type }: ServedResource): readonly ServedResource[] {
    return this.#parts
      .live()
      .current.catalog.resources.filter((other) =>
        registry.definition.decode
          ? other.type.group === type.group && other.type.plural === type.plural
          : other.registry === registry,
      );
  }

  /** The form that objects of `own`, in which the request is, have in `target`. */
  #formOf(target: ServedResource, own: ServedResource, subresource: string): AdmissionForm {
    const { definition } = own.registry;
    if (subresource === "scale" && definition.scale) return scaleForm(target, definition.scale);
    const isPart = subresource === "status" || definition.parts?.[subresource] !== undefined;
    if (subresource !== "" && !isPart) return bodyForm(target.type, this.#bodyKind(target, subresource));
    if (!definition.decode) return builtInForm(target);
    return target === own ? customForm(own) : convertedForm(target, own, () => this.#converter(own.type));
  }

  #bodyKind({ type }: ServedResource, subresource: string): KindName {
    const { group, version, plural, kind } = type;
    const found = this.#parts.live().current.subresource(`${group}/${plural}/${subresource}`);
    if (!found) return { group, version, kind };
    return { group: found.kindGroup ?? group, version: found.kindVersion ?? version, kind: found.kind };
  }

  #converter({ group, plural }: ResourceType): ObjectConverter {
    const { source, transport, random } = this.#parts;
    const definition = source.get(customResourceDefinitions, "", `${plural}.${group}`);
    const byWebhook = definition?.spec.conversion?.strategy === "Webhook";
    return definition && byWebhook ? new WebhookConverter(definition, transport, random) : sameInAllVersions;
  }
}

function kindOf({ group, version, kind }: ResourceType): KindName {
  return { group, version, kind };
}

function resourceOf({ group, version, plural }: ResourceType) {
  return { group, version, resource: plural };
}

function schemaOf({ registry, apiVersion }: ServedResource) {
  return fieldManagementOf(registry.definition)?.version(apiVersion).schema;
}

function builtInForm(resource: ServedResource): AdmissionForm {
  const { type, registry } = resource;
  return {
    kind: kindOf(type),
    resource: resourceOf(type),
    schema: schemaOf(resource),
    show: (object) => resource.fromStored(object),
    take: (object, changed) => {
      const decoded = decodeResource(type, changed, lenient).object;
      const stored = resource.toStored(withType(decoded, type));
      registry.definition.strategy.defaults?.(stored);
      replaceContent(object, stored);
    },
  };
}

function customForm(resource: ServedResource): AdmissionForm {
  return {
    kind: kindOf(resource.type),
    resource: resourceOf(resource.type),
    schema: schemaOf(resource),
    show: (object) => object,
    take: (object, changed) => replaceContent(object, decodeCustom(resource, changed)),
  };
}

/** A version of a custom resource that the request is not in. */
function convertedForm(target: ServedResource, own: ServedResource, converter: () => ObjectConverter): AdmissionForm {
  const convert = async (object: KubeObject, to: ServedResource, signal: AbortSignal): Promise<KubeObject> => {
    const [converted] = await converter().convert([cloneJson(object)], to.apiVersion, signal);
    return decodeCustom(to, (converted ?? object) as unknown as JsonObject);
  };
  return {
    kind: kindOf(target.type),
    resource: resourceOf(target.type),
    schema: schemaOf(target),
    show: (object, signal) => convert(object, target, signal),
    take: async (object, changed, signal) => {
      replaceContent(object, await convert(decodeCustom(target, changed), own, signal));
    },
  };
}

function decodeCustom({ registry, type }: ServedResource, value: JsonObject): KubeObject {
  const { decode, strategy } = registry.definition;
  if (!decode) throw new Error("a built-in resource among custom resources");
  const object = withType(decode(value, lenient).object, type);
  strategy.defaults?.(object);
  return object;
}

function withType(object: KubeObject, type: ResourceType): KubeObject {
  object.kind = type.kind;
  object.apiVersion = apiVersionOf(type);
  object.metadata ??= {};
  return object;
}

const scaleType = { group: "autoscaling", version: "v1", kind: "Scale" } as const;

function scaleForm({ type, scaleVersion }: ServedResource, mapping: ScaleMapping<KubeObject>): AdmissionForm {
  const kind = scaleVersion?.type ?? scaleType;
  const objectType = typeOf(kind.group, kind.version, kind.kind);
  return {
    kind,
    resource: resourceOf(type),
    schema: undefined,
    show: (object) => {
      const scale = scaleOf(object, mapping);
      return scaleVersion?.fromScale(scale) ?? scale;
    },
    take: (object, changed) => {
      if (!objectType) throw new Error("no type for a Scale");
      const decoded = decodeObject<KubeObject>(objectType, changed, lenient).object;
      const scale = scaleVersion?.toScale(decoded) ?? (decoded as Scale);
      mapping.setReplicas(object, scale.spec.replicas ?? 0);
    },
  };
}

/** What is sent to a subresource and never stored, such as a Binding or the options of a connection. */
function bodyForm(type: ResourceType, kind: KindName): AdmissionForm {
  const objectType = typeOf(kind.group, kind.version, kind.kind);
  return {
    kind,
    resource: resourceOf(type),
    schema: undefined,
    show: (object) => object,
    take: (object, changed) => {
      const decoded = objectType
        ? decodeObject(objectType, changed, lenient).object
        : (changed as unknown as KubeObject);
      replaceContent(object, { ...decoded, kind: kind.kind, apiVersion: apiVersionOf(kind) });
    },
  };
}

function paramsOf(resource: ServedResource, source: ObjectSource): ParamResource {
  const { definition } = resource.registry;
  const stored = definition.type;
  return {
    namespaced: stored.namespaced,
    get: (namespace, name) => {
      const object = source.get(stored, namespace, name);
      return object && resource.fromStored(object);
    },
    list: (namespace) =>
      source
        .list(stored, namespace === "" ? undefined : namespace)
        .map((object) => resource.fromStored(object))
        .toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1)),
  };
}
