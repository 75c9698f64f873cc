import { ApiError, apiError, methodNotSupported, resourceNotFound } from "@kube-ts/api/status-error";
import type { AdmissionChain } from "../admission/admission.ts";
import type { Authorizer } from "../auth/authorizer.ts";
import type { ResourceDefinition } from "../registry/resource-definition.ts";
import { type Deprecation, deprecationOf } from "./api-lifecycle.ts";
import { admitConnection } from "./connection-admission.ts";
import { serveCreate } from "./create-endpoint.ts";
import { serveDelete, serveDeleteCollection } from "./delete-endpoint.ts";
import { createOnly, storedVerbs } from "./discovery.ts";
import type { Exchange } from "./exchange.ts";
import { warn } from "./exchange.ts";
import { serveGet } from "./get-endpoint.ts";
import { PiecePool } from "./list-body.ts";
import { serveList } from "./list-endpoint.ts";
import { parseListQuery } from "./list-query.ts";
import type { IndexedCatalog, LiveCatalog } from "./live-catalog.ts";
import { servePatch } from "./patch-endpoint.ts";
import type { ResourceRequest } from "./request-info.ts";
import { isInScope } from "./request-scope.ts";
import type { ResourceContext } from "./resource-context.ts";
import { documentForm, madeObjectForm, resourceForm, resourceView } from "./response-form.ts";
import { serveScale } from "./scale-endpoint.ts";
import type { ServedResource } from "./served-resource.ts";
import type { Subresource, VirtualResource } from "./subresource.ts";
import { serveUpdate } from "./update-endpoint.ts";
import { serveWatch } from "./watch-endpoint.ts";
import type { WatchLimits } from "./watch-endpoint.ts";

export interface RouterParts {
  readonly catalog: LiveCatalog;
  readonly admission: AdmissionChain;
  /** Asked when a request turns out to do more than its verb says; absent: everything is allowed. */
  readonly authorizer?: Authorizer;
  readonly watchLimits: WatchLimits;
  /** The server behind this one that answers for a group-version; asked before anything here. */
  readonly behind?: (group: string, version: string) => { serve(exchange: Exchange): Promise<void> } | undefined;
}

type Handler = (context: ResourceContext) => Promise<void>;

/** Sends each resource request to the code that answers it. */
export class ApiRouter {
  readonly #catalog: LiveCatalog;
  readonly #admission: AdmissionChain;
  readonly #authorizer: Authorizer | undefined;
  readonly #pieces = new PiecePool();
  readonly #watchLimits: WatchLimits;
  readonly #behind: RouterParts["behind"];

  constructor({ catalog, admission, authorizer, watchLimits, behind }: RouterParts) {
    this.#behind = behind;
    this.#catalog = catalog;
    this.#admission = admission;
    this.#authorizer = authorizer;
    this.#watchLimits = watchLimits;
  }

  /** Whether the request keeps its connection busy for long, and so has no deadline. */
  isLongRunning(info: ResourceRequest): boolean {
    return info.verb === "watch" || longRunningSubresources.has(info.subresource);
  }

  /** The resource that a request names, or undefined. */
  find(info: ResourceRequest): ServedResource | undefined {
    return this.#catalog.current.resource(`${info.group}/${info.version}/${info.resource}`);
  }

  /** Answers a resource request. Throws NotFound for what is not served, and 405 and 406 as upstream does. */
  async route(exchange: Exchange, info: ResourceRequest): Promise<void> {
    const behind = this.#behind?.(info.group, info.version);
    if (behind) {
      // Whatever takes long from here on does so elsewhere.
      if (info.verb === "watch") exchange.place?.begun();
      return behind.serve(exchange);
    }
    const key = `${info.group}/${info.version}/${info.resource}`;
    const catalog = this.#catalog.current;
    const virtual = catalog.virtual(key);
    if (virtual) return this.#routeVirtual(exchange, info, virtual);
    const resource = catalog.resource(key);
    if (!resource || !isInScope(resource.type, info)) throw resourceNotFound();
    if (resource.deprecation) tellDeprecation(exchange, resource.deprecation);
    const form = resourceForm(exchange, info, resource);
    const view = resourceView(exchange, info, resource, form);
    const scoped = resource.type.namespaced ? info : { ...info, namespace: "" };
    const parts = { admission: this.#admission, authorizer: this.#authorizer };
    const context: ResourceContext = { exchange, info: scoped, resource, form, view, ...parts };
    const handler = this.#handlerOf(context, catalog);
    if (!handler) throw notServed(info, resource.registry.definition);
    return handler(context);
  }

  async #routeVirtual(exchange: Exchange, info: ResourceRequest, virtual: VirtualResource): Promise<void> {
    if (info.subresource !== "" || !(virtual.verbs ?? createOnly).includes(info.verb)) {
      throw methodNotSupported({ group: info.group, resource: info.resource }, info.verb);
    }
    if (virtual.namespaced !== (info.namespace !== "")) throw resourceNotFound();
    const deprecation = deprecationOf(virtual);
    if (deprecation) tellDeprecation(exchange, deprecation);
    const form = info.verb === "create" ? documentForm(exchange) : madeObjectForm(exchange);
    await virtual.handle({ exchange, info, form, admission: this.#admission });
  }

  #handlerOf(context: ResourceContext, catalog: IndexedCatalog): Handler | undefined {
    const { info, resource } = context;
    const { definition } = resource.registry;
    if (info.subresource === "") {
      if (!(definition.verbs ?? storedVerbs).includes(info.verb)) return undefined;
      if (takesName[info.verb] === (info.name === "")) throw methodNotAllowed();
      return this.#objectHandler(info.verb);
    }
    if (info.subresource === "scale" && definition.scale) return scaleHandlers[info.verb];
    if (info.subresource === "status" ? definition.status : hasPart(definition, info.subresource)) {
      return partHandlers[info.verb];
    }
    const subresource = catalog.subresource(`${info.group}/${info.resource}/${info.subresource}`);
    if (!subresource || subresource.versions?.includes(info.version) === false) throw resourceNotFound();
    const isServed = subresource.anyMethod ?? subresource.verbs.includes(info.verb);
    if (!isServed) return undefined;
    return subresource.anyMethod
      ? (connecting) => this.#connect(connecting, catalog, subresource)
      : (plain) => subresource.handle(plain);
  }

  async #connect(context: ResourceContext, catalog: IndexedCatalog, subresource: Subresource): Promise<void> {
    const { exchange, info } = context;
    const { user, signal, audit } = exchange;
    const connection = { info, user, signal, audit, warn: (message: string) => warn(exchange, message) };
    await admitConnection(this.#admission, catalog, connection);
    await subresource.handle(context);
  }

  #objectHandler(verb: string): Handler | undefined {
    switch (verb) {
      case "list":
        return ({ exchange, info, resource, form, view }) =>
          serveList(exchange, resource, parseListQuery(info, resource.selectableFields), form, view, this.#pieces);
      case "watch":
        return ({ exchange, info, resource, form, view }) => {
          const query = parseListQuery(info, resource.selectableFields);
          return serveWatch(exchange, resource, query, form, view, this.#watchLimits);
        };
      case "get":
        return serveGet;
      case "create":
        return serveCreate;
      case "update":
        return serveUpdate;
      case "patch":
        return servePatch;
      case "delete":
        return serveDelete;
      case "deletecollection":
        return serveDeleteCollection;
      default:
        return undefined;
    }
  }
}

/** Whether the path of a verb has to name an object, for those whose method does not tell. */
const takesName: Readonly<Record<string, boolean>> = { create: false, update: true, patch: true };

function methodNotAllowed(): Error {
  const message = "the server does not allow this method on the requested resource";
  return apiError({ code: 405, reason: "MethodNotAllowed", message, details: {} });
}

const partHandlers: Readonly<Record<string, Handler>> = { get: serveGet, update: serveUpdate, patch: servePatch };
const scaleHandlers: Readonly<Record<string, Handler>> = { get: serveScale, update: serveScale, patch: serveScale };
const longRunningSubresources = new Set(["log", "exec", "attach", "portforward", "proxy"]);

function hasPart({ parts }: ResourceDefinition, subresource: string): boolean {
  return parts !== undefined && Object.hasOwn(parts, subresource);
}

function tellDeprecation(exchange: Exchange, { warning, removedRelease }: Deprecation): void {
  warn(exchange, warning);
  exchange.audit?.annotate("k8s.io/deprecated", "true");
  if (removedRelease !== "") exchange.audit?.annotate("k8s.io/removed-release", removedRelease);
}

function notServed({ group, resource, verb, subresource }: ResourceRequest, definition: ResourceDefinition): Error {
  const error = methodNotSupported({ group, resource }, verb);
  const refusal = subresource === "" ? definition.verbRefusals?.[verb] : undefined;
  return refusal === undefined ? error : new ApiError({ ...error.status, message: refusal });
}
