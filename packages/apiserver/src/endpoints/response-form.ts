import { fieldErrorText, invalidField } from "@kube-ts/api/field-error";
import type { KubeObject } from "@kube-ts/api/object";
import { apiError, badRequest, notAcceptable } from "@kube-ts/api/status-error";
import { defaultColumns } from "./default-columns.ts";
import type { Exchange } from "./exchange.ts";
import {
  builtInOffer,
  builtInWatchOffer,
  customOffer,
  customWatchOffer,
  documentOffer,
  plainJson,
  withLayout,
} from "./negotiation.ts";
import type { AcceptedForm, Offer } from "./negotiation.ts";
import { partialView, plainView, tableView } from "./object-view.ts";
import type { IncludeObject, ObjectView } from "./object-view.ts";
import { partialProtobufView, protobufView } from "./protobuf-view.ts";
import type { TableColumns } from "../registry/resource-definition.ts";
import type { CachedObject } from "../storage/watch-cache.ts";
import type { ResourceRequest } from "./request-info.ts";
import type { ServedResource } from "./served-resource.ts";

/** Subresources that answer in their own way, whatever the client says that it accepts. */
const streamedSubresources = new Set(["log", "exec", "attach", "portforward", "proxy"]);

/** The form in which a request about stored objects is to be answered. Throws 406. */
export function resourceForm(exchange: Exchange, info: ResourceRequest, resource: ServedResource): AcceptedForm {
  if (streamedSubresources.has(info.subresource)) return plainJson;
  const isBuiltIn = resource.protobufType !== undefined;
  if (info.verb === "watch") return formOf(exchange, isBuiltIn ? builtInWatchOffer : customWatchOffer);
  const form = formOf(exchange, isBuiltIn ? builtInOffer : customOffer);
  const answersList = info.verb === "list" || info.verb === "deletecollection";
  if (form.view === "partial" && form.asList !== answersList) throw wrongPartial(answersList, resource);
  return withLayout(form, wishOf(exchange));
}

/** A list was asked for as a single object, or the other way round. */
function wrongPartial(isList: boolean, { type: { group }, kind }: ServedResource): Error {
  const goType = `*${group.split(".")[0] || "core"}.${kind}`;
  const message = isList
    ? `you requested PartialObjectMetadata, but the requested object is a list (${goType}List)`
    : `you requested PartialObjectMetadataList, but the requested object is not a list (${goType})`;
  return apiError({ code: 406, reason: "NotAcceptable", message });
}

/** The form of objects of a built-in kind that are made for this request. Throws 406. */
export function madeObjectForm(exchange: Exchange): AcceptedForm {
  return withLayout(formOf(exchange, builtInOffer), wishOf(exchange));
}

/** The form of an answer that is made for this request alone. Throws 406. */
export function documentForm(exchange: Exchange): AcceptedForm {
  return withLayout(formOf(exchange, documentOffer), wishOf(exchange));
}

function formOf({ request }: Exchange, offer: Offer): AcceptedForm {
  const form = offer.accept(request.headers.accept);
  if (!form) throw notAcceptable(offer.mediaTypes);
  return form;
}

function wishOf({ request, info }: Exchange): { query: URLSearchParams; userAgent: string | undefined } {
  return { query: info.query, userAgent: request.headers["user-agent"] };
}

/** How the objects of a request are shown. */
export function resourceView(
  exchange: Exchange,
  info: ResourceRequest,
  resource: ServedResource,
  form: AcceptedForm,
): ObjectView {
  if (form.view === "object") return objectView(resource, form.encoding === "protobuf");
  const { columns = defaultColumns } = resource.registry.definition;
  return otherView(exchange, info, form, columns, (object) => resource.fromStored(object.parsed()));
}

/** How objects are shown as rows or by their metadata alone; `served` makes what goes with a row. */
export function otherView<T extends KubeObject>(
  exchange: Exchange,
  info: ResourceRequest,
  form: AcceptedForm,
  columns: TableColumns<T>,
  served: (object: CachedObject) => KubeObject,
): ObjectView {
  if (form.view === "partial") {
    return form.encoding === "protobuf" ? partialProtobufView(form.viewVersion) : partialView(form.viewVersion);
  }
  const { nowMs } = exchange;
  return tableView<T>({ columns, version: form.viewVersion, includeObject: includeObject(info), nowMs, served });
}

interface ObjectViews {
  json?: ObjectView;
  protobuf?: ObjectView;
}

/** One view serves all requests, so that what is kept of objects and events is shared. */
const views = new WeakMap<ServedResource, ObjectViews>();

function objectView(resource: ServedResource, isProtobuf: boolean): ObjectView {
  const known = views.get(resource) ?? {};
  views.set(resource, known);
  const { kind, apiVersion, protobufType } = resource;
  if (isProtobuf && protobufType) {
    const served = resource.fromStored.bind(resource);
    return (known.protobuf ??= protobufView(protobufType, kind, apiVersion, (object) => served(object.parsed())));
  }
  return (known.json ??= plainView(kind, apiVersion, (object) => resource.bytesOf(object), !resource.isStoredVersion));
}

function includeObject({ query }: ResourceRequest): IncludeObject {
  const value = query.get("includeObject") || "Metadata";
  if (value === "None" || value === "Object" || value === "Metadata") return value;
  const problem = invalidField("includeObject", value, "must be 'Metadata', 'Object', 'None', or empty");
  throw badRequest(`Unable to convert to Table as requested: ${fieldErrorText(problem)}`);
}
