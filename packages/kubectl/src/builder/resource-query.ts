import { goQuote } from "@kube-ts/api/go-quote";
import { ApiError } from "@kube-ts/api/status-error";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import type { Api, ApiRequest, JsonObject, Query } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import type { ApiResource } from "./discovery.ts";
import { readManifests } from "./manifests.ts";
import { type LocatedObject, locate, nameOf, namespaceOf, type ObjectReference } from "./object-reference.ts";
import { parseResourceArguments } from "./resource-arguments.ts";
import { apiVersionOf, pathOf, type ResourceMapper } from "./resource-mapper.ts";

/** What a command line selects, before anything is fetched. */
export type Target =
  | { readonly kind: "object"; readonly reference: ObjectReference; readonly source?: string }
  | { readonly kind: "list"; readonly resource: ApiResource; readonly namespace: string };

export interface QueryFlags {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly kustomize?: string;
  readonly validate?: string;
  readonly selector?: string;
  readonly "field-selector"?: string;
  readonly "all-namespaces"?: boolean;
  readonly all?: boolean;
  readonly "chunk-size"?: number;
}

export interface QueryOptions {
  /** What is said when nothing at all is named. */
  readonly missing?: string;
  /** Whether types without names and without a selector mean all objects; refused otherwise. */
  readonly allByDefault?: boolean;
}

const noResources = "You must provide one or more resources by argument or filename.";
const exampleArguments = `Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

/**
 * Sorts out what arguments and flags select. Throws a CommandError; with `broken`, what is wrong with one of several
 * files goes there.
 */
export async function resolveTargets(
  session: Session,
  args: readonly string[],
  flags: QueryFlags,
  options: QueryOptions = {},
  broken?: unknown[],
): Promise<Target[]> {
  const files = flags.filename ?? [];
  const fromFiles = files.length > 0 || (flags.kustomize ?? "") !== "";
  if (fromFiles && args.length > 0) {
    throw new CommandError(
      `when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well`,
    );
  }
  if (fromFiles) return manifestTargets(session, flags, broken);
  const parsed = parseResourceArguments(args);
  if (parsed.kind === "none") throw new CommandError(options.missing ?? `${noResources}\n${exampleArguments}`);
  const mapper = await session.mapper();
  const namespace = flags["all-namespaces"] ? "" : (await session.namespace()).name;
  const place = (resource: ApiResource, name: string): Target => {
    if (flags["all-namespaces"] && resource.namespaced)
      throw new CommandError("a resource cannot be retrieved by name across all namespaces");
    return { kind: "object", reference: { resource, namespace: resource.namespaced ? namespace : "", name } };
  };
  if (parsed.kind === "pairs") {
    if (flags.selector)
      throw new CommandError("selectors and the all flag cannot be used when passing resource/name arguments");
    const targets: Target[] = [];
    for (const { type, name } of parsed.pairs) targets.push(place(await mapper.resolve(type), name));
    return targets;
  }
  const resources = await expandTypes(mapper, parsed.types, parsed.names.length === 0);
  if (parsed.names.length > 0) {
    if (flags.selector || flags["field-selector"])
      throw new CommandError("name cannot be provided when a selector is specified");
    if (flags.all) throw new CommandError("name cannot be provided when a selector is specified");
    return resources.flatMap((resource) => parsed.names.map((name) => place(resource, name)));
  }
  if (!options.allByDefault && !flags.all && !flags.selector && !flags["field-selector"]) {
    throw new CommandError("resource(s) were provided, but no name was specified");
  }
  return resources.map((resource) => ({ kind: "list", resource, namespace: resource.namespaced ? namespace : "" }));
}

async function expandTypes(
  mapper: ResourceMapper,
  types: readonly string[],
  categories: boolean,
): Promise<ApiResource[]> {
  const resources: ApiResource[] = [];
  for (const type of types) {
    const direct = mapper.findKnown(type);
    const members = categories && !direct ? mapper.category(type) : undefined;
    if (members) resources.push(...members.filter((member) => member.verbs.includes("list")));
    else resources.push(direct ?? (await mapper.resolve(type)));
  }
  return resources;
}

async function manifestTargets(session: Session, flags: QueryFlags, broken?: unknown[]): Promise<Target[]> {
  const located = await locateManifests(session, flags, broken);
  return located.map((reference) => ({
    kind: "object",
    reference,
    ...(reference.source !== undefined && { source: reference.source }),
  }));
}

/**
 * The objects of the files that the flags name, with where they live. Throws a CommandError; with `broken`, what is wrong
 * with one file or object goes there, and the others are answered.
 */
export async function locateManifests(
  session: Session,
  flags: QueryFlags,
  broken?: unknown[],
): Promise<LocatedObject[]> {
  const { filename = [], recursive = false, kustomize = "", validate } = flags;
  const manifests = await readManifests(session, { filename, recursive, kustomize, validate }, broken);
  const mapper = await session.mapper();
  const namespace = await session.namespace();
  const located: LocatedObject[] = [];
  for (const manifest of manifests) {
    try {
      located.push(await locate(manifest, mapper, namespace));
    } catch (error) {
      if (!broken || !(error instanceof CommandError)) throw error;
      broken.push(error);
    }
  }
  return located;
}

/** One object as it is now. Rejects with an ApiError. */
export async function getObject(
  api: Api,
  reference: ObjectReference,
  request: Partial<ApiRequest> = {},
): Promise<JsonObject> {
  const { resource, namespace, name } = reference;
  return api.json({ ...request, path: pathOf(resource, namespace, name) }).catch(async (error: unknown) => {
    throw await orMissingNamespace(api, namespace, error);
  });
}

/** That an object is missing is better said of its namespace, where that is missing too. */
export async function orMissingNamespace(api: Api, namespace: string, error: unknown): Promise<unknown> {
  if (!(error instanceof ApiError) || error.reason !== "NotFound" || namespace === "") return error;
  try {
    await api.json({ path: `/api/v1/namespaces/${encodeURIComponent(namespace)}` });
    return error;
  } catch (reason) {
    return reason instanceof ApiError && reason.reason === "NotFound" ? reason : error;
  }
}

export function selectionQuery(flags: QueryFlags): Query {
  return {
    labelSelector: flags.selector || undefined,
    fieldSelector: flags["field-selector"] || undefined,
  };
}

/** A whole collection, page by page; the pages are handed out as they come. */
export async function* listPages(
  api: Api,
  target: Target & { kind: "list" },
  flags: QueryFlags,
  request: Partial<ApiRequest> = {},
): AsyncGenerator<JsonObject> {
  let continueToken: string | undefined;
  const limit = flags["chunk-size"] ?? 500;
  do {
    const page = await api
      .json({
        ...request,
        path: pathOf(target.resource, target.namespace),
        query: {
          ...request.query,
          ...selectionQuery(flags),
          ...(limit > 0 && { limit }),
          continue: continueToken,
        },
      })
      .catch((error: unknown) => {
        throw explainBadSelector(error, target.resource, flags);
      });
    yield page;
    const token = isRecord(page["metadata"]) ? page["metadata"]["continue"] : undefined;
    continueToken = typeof token === "string" && token !== "" ? token : undefined;
  } while (continueToken !== undefined);
}

/** All objects that the targets stand for, fetched. Those that fail are collected in `failures`. */
export async function fetchAll(
  session: Session,
  targets: readonly Target[],
  flags: QueryFlags,
  failures: unknown[],
): Promise<LocatedObject[]> {
  const api = await session.api();
  const found: LocatedObject[] = [];
  for (const target of targets) {
    try {
      if (target.kind === "object") {
        const object = await getObject(api, target.reference);
        found.push({ ...target.reference, object, ...(target.source !== undefined && { source: target.source }) });
        continue;
      }
      for await (const page of listPages(api, target, flags)) found.push(...itemsOf(page, target.resource));
    } catch (error) {
      failures.push(error);
    }
  }
  return found;
}

/** The objects that arguments and flags select, as they are now; a failed request goes to `failures`. Throws a CommandError. */
export async function findObjects(
  session: Session,
  args: readonly string[],
  flags: QueryFlags,
  failures: unknown[],
  options: QueryOptions = {},
): Promise<LocatedObject[]> {
  const broken: unknown[] = [];
  const found = await fetchAll(session, await resolveTargets(session, args, flags, options, broken), flags, failures);
  failures.push(...broken);
  return found;
}

/** As `findObjects`, but what a file says is taken as it is: the object need not be there. */
export async function namedObjects(
  session: Session,
  args: readonly string[],
  flags: QueryFlags,
  failures: unknown[],
): Promise<LocatedObject[]> {
  const fromFiles = (flags.filename ?? []).length > 0 || (flags.kustomize ?? "") !== "";
  if (!fromFiles || args.length > 0) return findObjects(session, args, flags, failures);
  return locateManifests(session, flags, failures);
}

/** The objects of a list, each with its kind, which servers leave out. */
export function itemsOf(list: JsonObject, resource: ApiResource): LocatedObject[] {
  const items = Array.isArray(list["items"]) ? list["items"] : [];
  return items.filter(isRecord).map((item) => {
    const object: JsonObject = { apiVersion: apiVersionOf(resource), kind: resource.kind, ...item };
    return { resource, namespace: namespaceOf(object), name: nameOf(object), object };
  });
}

function explainBadSelector(error: unknown, resource: ApiResource, flags: QueryFlags): unknown {
  if (!(error instanceof ApiError) || (error.reason !== "BadRequest" && error.reason !== "NotFound")) return error;
  const selector = flags.selector ?? "";
  const fieldSelector = flags["field-selector"] ?? "";
  if (selector === "" && fieldSelector === "") return error;
  const name = `${resource.group}/${resource.version}, Resource=${resource.plural}`;
  const message = `Unable to find ${goQuote(name)} that match label selector ${goQuote(selector)}, field selector ${goQuote(fieldSelector)}: ${error.message}`;
  return new ApiError({ ...error.status, message });
}
