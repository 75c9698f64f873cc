import type { IncomingMessage } from "node:http";
import { badRequest, resourceNotFound } from "@kube-ts/api/status-error";
import { readBoolean } from "./query-boolean.ts";

/** What a request's method, path and query say it is, before anything is looked up. */
export type RequestInfo = ResourceRequest | PathRequest;

export interface ResourceRequest {
  readonly kind: "resource";
  /** `create`, `get`, `list`, `watch`, `update`, `patch`, `delete`, `deletecollection` or `proxy`-like names. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** The path after the subresource, of proxy requests; with its leading slash, or empty. */
  readonly rest: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface PathRequest {
  readonly kind: "path";
  /** The lowercase HTTP method. */
  readonly verb: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** A path that cannot be read: bad percent-encoding, or a segment that would climb or split the path. */
export class MalformedPathError extends Error {
  readonly code: "encoding" | "segment";

  constructor(code: "encoding" | "segment", message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** As `parseRequestInfo`. Throws BadRequest for bad percent-encoding, NotFound for segments that name nothing. */
export function requestInfoOf({ method = "GET", url = "/" }: Pick<IncomingMessage, "method" | "url">): RequestInfo {
  try {
    return parseRequestInfo(method, url);
  } catch (error) {
    if (!(error instanceof MalformedPathError)) throw error;
    throw error.code === "encoding" ? badRequest(error.message, error) : resourceNotFound();
  }
}

const namespaceSubresources = new Set(["status", "finalize"]);

const verbOfMethod: ReadonlyMap<string, string> = new Map([
  ["GET", "get"],
  ["HEAD", "get"],
  ["POST", "create"],
  ["PUT", "update"],
  ["PATCH", "patch"],
  ["DELETE", "delete"],
]);

const emptyQuery = new URLSearchParams();

/**
 * Reads a request as upstream does: `/api/v1/…` and `/apis/GROUP/VERSION/…` are resource requests, the rest
 * are plain paths. Throws `MalformedPathError`.
 */
export function parseRequestInfo(method: string, url: string): RequestInfo {
  const question = url.indexOf("?");
  const path = question < 0 ? url : url.slice(0, question);
  const query = question < 0 ? emptyQuery : new URLSearchParams(url.slice(question + 1));
  const asPath: PathRequest = { kind: "path", verb: method.toLowerCase(), path, query };

  const segments = path.split("/");
  segments.shift();
  const rooted = apiRoot(segments);
  if (!rooted) return asPath;
  const proxyAt = rooted.rest[0] === "namespaces" ? 4 : 2;
  // What follows is the backend's to read.
  const parts = rooted.rest.map((segment, index) =>
    index > proxyAt && rooted.rest[proxyAt] === "proxy" ? segment : decodeSegment(segment),
  );
  while (parts.length > 1 && parts.at(-1) === "") parts.pop();
  if (parts.length === 0 || parts[0] === "") return asPath;
  const ours = parts[proxyAt] === "proxy" ? parts.slice(0, proxyAt) : parts;
  if (ours.includes("")) throw new MalformedPathError("segment", "empty path segment");

  let verb = verbOfMethod.get(method) ?? method.toLowerCase();
  // The deprecated /watch/ prefix of the core API.
  if (parts[0] === "watch" && parts.length > 1) {
    parts.shift();
    verb = "watch";
  }
  const target = readTarget(parts);
  if (verb === "get" && target.name === "") verb = readBoolean(query, "watch") === true ? "watch" : "list";
  else if (verb === "delete" && target.name === "") verb = "deletecollection";
  const rest = target.restAt === undefined ? "" : restOfPath(rooted.rest, target.restAt);
  return {
    kind: "resource",
    verb,
    group: rooted.group,
    version: rooted.version,
    resource: target.resource,
    subresource: target.subresource,
    namespace: target.namespace,
    name: target.name,
    rest,
    path,
    query,
  };
}

interface Target {
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
  /** Index of the first segment after the subresource. */
  readonly restAt: number | undefined;
}

function readTarget(parts: readonly string[]): Target {
  const [first = "", second = "", third = ""] = parts;
  if (first === "namespaces" && second !== "") {
    const isNamespaceItself = parts.length <= 2 || (parts.length === 3 && namespaceSubresources.has(third));
    if (isNamespaceItself) {
      return { namespace: second, resource: "namespaces", name: second, subresource: third, restAt: undefined };
    }
    return {
      namespace: second,
      resource: third,
      name: parts[3] ?? "",
      subresource: parts[4] ?? "",
      restAt: parts.length > 5 ? 5 : undefined,
    };
  }
  return { namespace: "", resource: first, name: second, subresource: third, restAt: parts.length > 3 ? 3 : undefined };
}

function apiRoot(segments: readonly string[]): { group: string; version: string; rest: string[] } | undefined {
  const [root, first, second] = segments;
  if (root === "api" && segments.length > 2 && first) return { group: "", version: first, rest: segments.slice(2) };
  if (root === "apis" && segments.length > 3 && first && second) {
    return { group: first, version: second, rest: segments.slice(3) };
  }
  return undefined;
}

/** The raw path after the subresource; a `/watch/` prefix never has one. */
function restOfPath(segments: readonly string[], restAt: number): string {
  return `/${segments.slice(restAt).join("/")}`;
}

function decodeSegment(segment: string): string {
  if (!segment.includes("%")) return checkSegment(segment, segment);
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch (cause) {
    throw new MalformedPathError("encoding", `invalid percent-encoding in path segment "${segment}"`, { cause });
  }
  return checkSegment(decoded, segment);
}

function checkSegment(decoded: string, segment: string): string {
  if (decoded === "." || decoded === ".." || decoded.includes("/") || decoded.includes("\0")) {
    throw new MalformedPathError("segment", `invalid path segment "${segment}"`);
  }
  return decoded;
}
