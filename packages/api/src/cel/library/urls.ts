import { fn, method, type CelLibrary } from "../declarations.ts";
import { CelEvaluationError } from "../evaluation-error.ts";
import { goQuote } from "../../go-quote.ts";
import { boolType, listOf, mapOf, opaque, stringType, type CelType } from "../types.ts";
import { ArrayList, CelOpaque, EntryMap, type Value } from "../values.ts";

const urlType: CelType = opaque("kubernetes.URL");

interface UrlParts {
  readonly scheme: string;
  readonly userInfo: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

class CelUrl extends CelOpaque {
  override readonly type = urlType;
  readonly text: string;
  readonly parts: UrlParts;

  constructor(text: string, parts: UrlParts) {
    super();
    this.text = text;
    this.parts = parts;
  }

  override equals(other: CelOpaque): boolean {
    return other instanceof CelUrl && this.text === other.text;
  }
}

/** What a request may name: a scheme with what follows, or a path. A text is what is wrong. */
function parse(text: string): UrlParts | string {
  if (text === "") return 'parse "": empty url';
  const wrong = (why: string): string => `parse ${goQuote(text)}: ${why}`;
  if (/\p{Cc}/u.test(text.replaceAll(/[\u0080-\u009f]/g, "")))
    return wrong("net/url: invalid control character in URL");
  const hash = text.indexOf("#");
  const whole = hash < 0 ? text : text.slice(0, hash);
  const fragment = hash < 0 ? "" : text.slice(hash + 1);
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(whole)?.[1] ?? "";
  if (scheme === "" && whole.startsWith(":")) return wrong("missing protocol scheme");
  if (scheme === "" && !whole.startsWith("/")) return wrong("invalid URI for request");
  const rest = scheme === "" ? whole : whole.slice(scheme.length + 1);
  const mark = rest.indexOf("?");
  const beforeQuery = mark < 0 ? rest : rest.slice(0, mark);
  const query = mark < 0 ? "" : rest.slice(mark + 1);
  if (scheme !== "" && !beforeQuery.startsWith("/")) {
    return beforeQuery === "" || whole !== text ? wrong("invalid URI for request") : wrong("invalid URI for request");
  }
  return parseHierarchy(beforeQuery, scheme, { query, fragment }, wrong);
}

function parseHierarchy(
  text: string,
  scheme: string,
  { query, fragment }: { query: string; fragment: string },
  wrong: (why: string) => string,
): UrlParts | string {
  let authority = "";
  let path = text;
  if (text.startsWith("//") && (scheme !== "" || !text.startsWith("///"))) {
    const slash = text.indexOf("/", 2);
    authority = slash < 0 ? text.slice(2) : text.slice(2, slash);
    path = slash < 0 ? "" : text.slice(slash);
  }
  const at = authority.lastIndexOf("@");
  const host = authority.slice(at + 1);
  const userInfo = at < 0 ? "" : authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._~!$&'()*+,;=:%@]*$/.test(userInfo)) return wrong("net/url: invalid userinfo");
  const problem = hostError(host);
  if (problem !== undefined) return wrong(problem);
  const escape = /%(?![0-9A-Fa-f]{2})[^]{0,2}/.exec(path);
  if (escape) return wrong(`invalid URL escape ${goQuote(escape[0])}`);
  return { scheme: scheme.toLowerCase(), userInfo, host, path, query, fragment };
}

function hostError(host: string): string | undefined {
  if (host.startsWith("[")) {
    const close = host.lastIndexOf("]");
    if (close < 0) return "missing ']' in host";
    const rest = host.slice(close + 1);
    return /^(?::[0-9]*)?$/.test(rest) ? undefined : `invalid port ${goQuote(rest)} after host`;
  }
  const colon = host.lastIndexOf(":");
  if (colon >= 0 && !/^:[0-9]*$/.test(host.slice(colon)))
    return `invalid port ${goQuote(host.slice(colon))} after host`;
  const bad = /[ "<>\\^`{|}]/.exec(host);
  return bad ? `invalid character ${goQuote(bad[0])} in host name` : undefined;
}

function toUrl(text: string): CelUrl {
  const parts = parse(text);
  if (typeof parts === "string")
    throw new CelEvaluationError(`URL parse error during conversion from string: ${parts}`);
  return new CelUrl(text, parts);
}

/** The host without port and brackets. */
function hostname({ parts: { host } }: CelUrl): string {
  if (host.startsWith("[")) return host.slice(1, host.indexOf("]"));
  const colon = host.indexOf(":");
  return colon < 0 ? host : host.slice(0, colon);
}

function port({ parts: { host } }: CelUrl): string {
  return /:([0-9]*)$/.exec(host.startsWith("[") ? host.slice(host.indexOf("]") + 1) : host)?.[1] ?? "";
}

/** What a path may hold unescaped. */
function escapedPath({ parts: { path } }: CelUrl): string {
  return path.replaceAll(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%[\]]/gu, (char) => encodeURIComponent(char));
}

function unescapeQuery(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

function queryMap({ parts: { query } }: CelUrl): EntryMap {
  const values = new Map<string, Value[]>();
  for (const pair of query.split("&")) {
    if (pair === "" || pair.includes(";")) continue;
    const equals = pair.indexOf("=");
    const key = unescapeQuery(equals < 0 ? pair : pair.slice(0, equals));
    const value = unescapeQuery(equals < 0 ? "" : pair.slice(equals + 1));
    if (key === undefined || value === undefined) continue;
    const known = values.get(key);
    if (known) known.push(value);
    else values.set(key, [value]);
  }
  return EntryMap.of(Array.from(values, ([key, list]) => [key, new ArrayList(list)] as const));
}

/** URLs as a request may name them. */
export const urlsLibrary: CelLibrary = {
  overloads: [
    fn("url", "string_to_url", [stringType], urlType, toUrl),
    fn("isURL", "is_url_string", [stringType], boolType, (text: string) => typeof parse(text) !== "string"),
    method("getScheme", "url_get_scheme", [urlType], stringType, (url: CelUrl) => url.parts.scheme),
    method("getHost", "url_get_host", [urlType], stringType, (url: CelUrl) => url.parts.host),
    method("getHostname", "url_get_hostname", [urlType], stringType, hostname),
    method("getPort", "url_get_port", [urlType], stringType, port),
    method("getEscapedPath", "url_get_escaped_path", [urlType], stringType, escapedPath),
    method("getQuery", "url_get_query", [urlType], mapOf(stringType, listOf(stringType)), queryMap),
  ],
};

/** What is wrong with a URI of the format `uri`; none when it is valid. */
export function uriErrors(text: string): string[] {
  const parts = parse(text);
  return typeof parts === "string" ? [parts] : [];
}
