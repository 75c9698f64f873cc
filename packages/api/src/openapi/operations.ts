import { protobufMediaType } from "../protobuf/envelope.ts";
import { type ObjectType, type ValueType, typeById } from "../schema-registry.ts";
import type { Docs } from "./schemas.ts";

/** A resource or subresource that the documents are to describe, as discovery lists it. */
export interface OpenApiResource {
  readonly group: string;
  readonly version: string;
  /** Lowercase plural, as in URLs. */
  readonly plural: string;
  /** The kind of the resource, also for its subresources: operations are named after it. */
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresource?: string;
  /** What requests and responses carry; the type itself, or the name of one of the caller's own schemas. */
  readonly type: ObjectType | string;
  /** The kind of `type` where it is not that of the resource, such as `autoscaling/v1 Scale`. */
  readonly bodyKind?: GroupVersionKindName;
  /** Media types of patches that are accepted. */
  readonly patchTypes?: readonly string[];
  /** For subresources such as exec and log: the type of their query parameters. They answer with text. */
  readonly optionsType?: ObjectType;
  /** HTTP methods that connect to a pod, service or node instead of reading and writing objects. */
  readonly connect?: readonly HttpMethod[];
  /** Whether they also connect on every path below. */
  readonly connectsBelow?: boolean;
}

export interface GroupVersionKindName {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export type HttpMethod = "get" | "post" | "put" | "patch" | "delete" | "head";

/** One operation, independent of the dialect. */
export interface ApiOperation {
  readonly path: string;
  readonly method: HttpMethod;
  readonly operationId: string;
  readonly tag: string;
  readonly description: string;
  /** What `x-kubernetes-action` says. */
  readonly action: string;
  readonly gvk: GroupVersionKindName;
  readonly pathParameters: readonly Parameter[];
  readonly queryParameters: readonly Parameter[];
  /** The type or schema name of the request body. */
  readonly body?: ObjectType | string;
  readonly bodyRequired: boolean;
  /** Media types of the request body. */
  readonly consumes: readonly string[];
  readonly response: ObjectType | string | "text";
  /** Status codes of success. */
  readonly codes: readonly number[];
}

export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly type: "string" | "boolean" | "integer";
}

const anyType = ["*/*"];
const defaultPatchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
];

/** Media types of the objects that an operation answers with; lists can be watched. */
export function producedTypes({ action, response }: ApiOperation): string[] {
  if (action === "connect") return anyType;
  const encodings = ["application/json", "application/yaml"];
  if (response === "text") return ["text/plain", ...encodings, protobufMediaType];
  if (typeof response === "object") encodings.push(protobufMediaType);
  if (action !== "list") return encodings;
  return [...encodings, ...encodings.filter((type) => !type.endsWith("yaml")).map((type) => `${type};stream=watch`)];
}

/** The operations on a resource, in the order of paths. */
export function operationsOf(resource: OpenApiResource, docs: Docs): ApiOperation[] {
  return new OperationBuilder(resource, docs).build();
}

class OperationBuilder {
  readonly #resource: OpenApiResource;
  readonly #docs: Docs;
  readonly #operations: ApiOperation[] = [];

  constructor(resource: OpenApiResource, docs: Docs) {
    this.#resource = resource;
    this.#docs = docs;
  }

  build(): ApiOperation[] {
    const { subresource, namespaced, verbs } = this.#resource;
    const collection = this.#path(namespaced);
    const item = `${collection}/{name}${subresource === undefined ? "" : `/${subresource}`}`;
    if (this.#resource.connect) {
      this.#connect(item, "");
      if (this.#resource.connectsBelow) this.#connect(`${item}/{path}`, "WithPath");
    } else {
      if (subresource === undefined) this.#collection(collection);
      this.#item(item);
      if (namespaced && subresource === undefined && verbs.includes("list")) this.#listEverywhere();
    }
    return this.#operations;
  }

  #collection(path: string): void {
    const { type, verbs, plural } = this.#resource;
    if (verbs.includes("list")) {
      this.#add({
        path,
        method: "get",
        verb: "list",
        action: "list",
        description: `list objects of ${plural}`,
        options: "ListOptions",
        response: listType(type),
      });
    }
    if (verbs.includes("create")) this.#create(path);
    if (verbs.includes("deletecollection")) {
      this.#add({
        path,
        method: "delete",
        verb: "delete",
        infix: "Collection",
        action: "deletecollection",
        description: `delete all matching objects of ${plural}`,
        options: "ListOptions",
        moreOptions: "DeleteOptions",
        body: deleteOptions(),
        response: status(),
      });
    }
  }

  #item(path: string): void {
    const { type, verbs, subresource, kind, optionsType, patchTypes } = this.#resource;
    const what = subresource === undefined ? `the specified ${kind}` : `the ${subresource} of the specified ${kind}`;
    if (verbs.includes("get")) {
      this.#add({
        path,
        method: "get",
        verb: "read",
        action: "get",
        description: `read ${what}`,
        query: optionsType ? this.#typeParameters(optionsType) : [],
        response: optionsType ? "text" : type,
      });
    }
    if (subresource !== undefined && verbs.includes("create")) this.#create(path);
    if (verbs.includes("update")) {
      this.#add({
        path,
        method: "put",
        verb: "replace",
        action: "put",
        description: `replace ${what}`,
        options: "UpdateOptions",
        body: type,
        bodyRequired: true,
        codes: [200, 201],
      });
    }
    if (verbs.includes("patch")) {
      this.#add({
        path,
        method: "patch",
        verb: "patch",
        action: "patch",
        description: `partially update ${what}`,
        options: "PatchOptions",
        body: typeById("meta/v1.Patch"),
        bodyRequired: true,
        consumes: patchTypes ?? defaultPatchTypes,
        codes: [200, 201],
      });
    }
    if (subresource === undefined && verbs.includes("delete")) {
      this.#add({
        path,
        method: "delete",
        verb: "delete",
        action: "delete",
        description: `delete ${what}`,
        options: "DeleteOptions",
        body: deleteOptions(),
        response: status(),
        codes: [200, 202],
      });
    }
  }

  #create(path: string): void {
    const { subresource, kind, type } = this.#resource;
    const what = subresource === undefined ? `a ${kind}` : `the ${subresource} of a ${kind}`;
    this.#add({
      path,
      method: "post",
      verb: "create",
      action: "post",
      description: `create ${what}`,
      options: "CreateOptions",
      body: type,
      bodyRequired: true,
      codes: [200, 201, 202],
    });
  }

  #listEverywhere(): void {
    const { plural, type } = this.#resource;
    this.#add({
      path: this.#path(false),
      method: "get",
      verb: "list",
      suffix: "ForAllNamespaces",
      action: "list",
      description: `list objects of ${plural} in all namespaces`,
      options: "ListOptions",
      response: listType(type),
      everywhere: true,
    });
  }

  #connect(path: string, suffix: string): void {
    const { connect = [], subresource, group, version, kind, optionsType } = this.#resource;
    // The kind of such an operation is that of its options.
    const gvk = { group, version, kind: optionsType?.name ?? kind };
    const query = optionsType ? this.#typeParameters(optionsType) : [];
    for (const method of connect) {
      this.#add({
        path,
        method,
        verb: "connect",
        infix: capitalize(method),
        suffix,
        action: "connect",
        description: `connect ${method.toUpperCase()} requests to the ${subresource} of ${kind}`,
        query,
        gvk,
        response: "text",
      });
    }
  }

  #add(draft: Draft): void {
    const { group, version, kind, namespaced, subresource, type, bodyKind } = this.#resource;
    const scope = namespaced && !draft.everywhere ? "Namespaced" : "";
    const sub = subresource === undefined ? "" : subresource.split("/").map(capitalize).join("");
    const name = `${groupName(group)}${capitalize(version)}${draft.infix ?? ""}${scope}${kind}${sub}${draft.suffix ?? ""}`;
    const options = [draft.options, draft.moreOptions].filter((option) => option !== undefined);
    const query = options.flatMap((option) => this.#typeParameters(typeById(`meta/v1.${option}`)));
    this.#operations.push({
      path: draft.path,
      method: draft.method,
      operationId: `${draft.verb}${name}`,
      tag: `${uncapitalize(groupName(group))}_${version}`,
      description: draft.description,
      action: draft.action,
      gvk: draft.gvk ?? bodyKind ?? { group, version, kind },
      pathParameters: this.#pathParameters(draft.path),
      queryParameters: uniqueByName([...(draft.query ?? []), ...query, pretty]),
      ...(draft.body !== undefined && { body: draft.body }),
      bodyRequired: draft.bodyRequired ?? false,
      consumes: draft.consumes ?? anyType,
      response: draft.response ?? type,
      codes: draft.codes ?? [200],
    });
  }

  #path(inNamespace: boolean): string {
    const { group, version, plural } = this.#resource;
    const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    return `${root}${inNamespace ? "/namespaces/{namespace}" : ""}/${plural}`;
  }

  #pathParameters(path: string): Parameter[] {
    const { kind } = this.#resource;
    const parameters: Parameter[] = [];
    if (path.includes("{name}")) parameters.push({ name: "name", description: `name of the ${kind}`, type: "string" });
    if (path.includes("{namespace}")) {
      parameters.push({ name: "namespace", description: "namespace to which the object belongs", type: "string" });
    }
    if (path.includes("{path}")) parameters.push({ name: "path", description: "path to the resource", type: "string" });
    return parameters;
  }

  /** The scalar fields of an options type as query parameters. */
  #typeParameters(type: ObjectType): Parameter[] {
    const docs = this.#docs.get(type.source.directory)?.[type.name]?.fields ?? {};
    const parameters: Parameter[] = [];
    for (const field of type.fields.values()) {
      if (field.name === "kind" || field.name === "apiVersion") continue;
      const kind = parameterType(field.type);
      if (kind) parameters.push({ name: field.name, description: docs[field.name] ?? "", type: kind });
    }
    return parameters.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}

interface Draft {
  readonly path: string;
  readonly method: HttpMethod;
  readonly verb: string;
  readonly infix?: string;
  readonly suffix?: string;
  readonly action: string;
  readonly description: string;
  readonly options?: string;
  readonly moreOptions?: string;
  readonly query?: readonly Parameter[];
  readonly body?: ObjectType | string;
  readonly bodyRequired?: boolean;
  readonly consumes?: readonly string[];
  /** Where it is not that of the resource or its body. */
  readonly gvk?: GroupVersionKindName;
  readonly response?: ObjectType | string;
  readonly codes?: readonly number[];
  /** Spans all namespaces although the resource is namespaced. */
  readonly everywhere?: boolean;
}

const pretty: Parameter = {
  name: "pretty",
  description: "If true, the answer is indented for people to read.",
  type: "string",
};

function deleteOptions(): ObjectType {
  return typeById("meta/v1.DeleteOptions");
}

function status(): ObjectType {
  return typeById("meta/v1.Status");
}

function listType(type: ObjectType | string): ObjectType | string {
  return typeof type === "string" ? `${type}List` : typeById(`${type.id}List`);
}

function parameterType(type: ValueType): Parameter["type"] | undefined {
  switch (type.kind) {
    case "string":
      return "string";
    case "bool":
      return "boolean";
    case "int32":
    case "int64":
      return "integer";
    case "list":
      return parameterType(type.items);
    case "time":
      return "string";
    default:
      return undefined;
  }
}

function uniqueByName(parameters: readonly Parameter[]): Parameter[] {
  return [...new Map(parameters.map((parameter) => [parameter.name, parameter])).values()];
}

/** `rbac.authorization.k8s.io` → `RbacAuthorization`, the core group → `Core`. */
function groupName(group: string): string {
  if (group === "") return "Core";
  return group
    .replace(/\.k8s\.io$/, "")
    .split(".")
    .map(capitalize)
    .join("");
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function uncapitalize(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
