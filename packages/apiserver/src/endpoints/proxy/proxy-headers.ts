import { plainAddress } from "@kube-ts/std/bind-address";

/** Headers by lower-case name, each with all of its values. */
export type HeaderValues = Readonly<NodeJS.Dict<readonly string[]>>;

/** Those of one connection only (RFC 9110, section 7.6.1). */
const hopByHop = new Set([
  "connection",
  "proxy-connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** A client cannot take these away by naming them in `Connection`: they say where a request ends, and for whom it is. */
const essential = new Set(["host", "content-length"]);

/** Credentials are for this server, who a request acts as is its decision, and `100 Continue` it has answered itself. */
const own = new Set(["authorization", "expect"]);
const ownPrefixes = ["impersonate-", "x-remote-"];

/** A bearer token that came as a WebSocket subprotocol. */
const tokenProtocol = "base64url.bearer.authorization.k8s.io.";

const cors = new Set([
  "access-control-allow-origin",
  "access-control-allow-methods",
  "access-control-allow-headers",
  "access-control-allow-credentials",
]);

export interface ForwardedFrom {
  /** The address of the client's connection. */
  readonly clientAddress: string | undefined;
  /** Where the client sees what is asked for: the escaped path. */
  readonly uri: string;
}

/** Headers of a request that is passed on. `secretHeaders` are further names, in lower case, that stay here. */
export function forwardedRequestHeaders(
  headers: HeaderValues,
  from: ForwardedFrom,
  secretHeaders: (name: string) => boolean = () => false,
): Record<string, string | string[]> {
  const named = connectionNames(headers);
  const result: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(headers)) {
    if (!values || hopByHop.has(name) || own.has(name) || secretHeaders(name)) continue;
    if (named.has(name) && !essential.has(name)) continue;
    if (ownPrefixes.some((prefix) => name.startsWith(prefix))) continue;
    result[name] = plain(values);
  }
  if (from.clientAddress !== undefined) {
    result["x-forwarded-for"] = [...(headers["x-forwarded-for"] ?? []), plainAddress(from.clientAddress)].join(", ");
  }
  result["x-forwarded-uri"] = from.uri;
  return result;
}

/** As `forwardedRequestHeaders`, of a request to switch protocols. */
export function forwardedUpgradeHeaders(
  headers: HeaderValues,
  from: ForwardedFrom,
  secretHeaders?: (name: string) => boolean,
): Record<string, string | string[]> {
  const result = forwardedRequestHeaders(headers, from, secretHeaders);
  // The bytes that follow belong to the new protocol: a body is not passed on.
  delete result["content-length"];
  result["connection"] = "Upgrade";
  result["upgrade"] = plain(headers["upgrade"] ?? []);
  const protocols = (headers["sec-websocket-protocol"] ?? []).flatMap((value) => value.split(","));
  const kept = protocols.map((name) => name.trim()).filter((name) => name !== "" && !name.startsWith(tokenProtocol));
  if (kept.length > 0) result["sec-websocket-protocol"] = kept.join(", ");
  else delete result["sec-websocket-protocol"];
  return result;
}

/** Headers of an answer that is passed on, as names and values in turn; `dropped` has further names, in lower case. */
export function forwardedResponseHeaders(
  rawHeaders: readonly string[],
  dropped: ReadonlySet<string> = new Set(),
): Record<string, string | string[]> {
  const collected = new Map<string, { name: string; values: string[] }>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    const entry = collected.get(name.toLowerCase()) ?? { name, values: [] };
    entry.values.push(rawHeaders[at + 1] ?? "");
    collected.set(name.toLowerCase(), entry);
  }
  const named = new Set(listed(collected.get("connection")?.values ?? []));
  const result: Record<string, string | string[]> = {};
  for (const [key, { name, values }] of collected) {
    if (hopByHop.has(key) || cors.has(key) || named.has(key) || dropped.has(key)) continue;
    result[name] = plain(values);
  }
  return result;
}

function connectionNames(headers: HeaderValues): ReadonlySet<string> {
  return new Set(listed(headers["connection"] ?? []));
}

function listed(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(",")).map((name) => name.trim().toLowerCase());
}

function plain(values: readonly string[]): string | string[] {
  const [first = "", ...more] = values;
  return more.length === 0 ? first : [...values];
}
