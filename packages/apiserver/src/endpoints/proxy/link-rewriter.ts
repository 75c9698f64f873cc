/** How links in answers lead back through the proxy. */
export interface LinkRules {
  /** The path of the proxied root, such as `/api/v1/namespaces/a/pods/b/proxy`; without a trailing slash. */
  readonly prefix: string;
  /** Hosts, with their ports, that mean the proxied server itself. */
  readonly hosts: ReadonlySet<string>;
}

const absoluteUrl = /^(?:[a-z][a-z0-9+.-]*:)?\/\/([^/?#]*)(.*)$/is;
/** What browsers leave out of URLs. */
// eslint-disable-next-line no-control-regex -- these are what must not be in a link
const ignored = /[\u0000-\u0020]/;

/**
 * The link as a client of the proxy has to follow it: absolute paths get the prefix unless they have it already, also
 * those of URLs that name the proxied server. Relative links and other servers' stay as they are.
 */
export function rewriteLink(link: string, { prefix, hosts }: LinkRules): string {
  const trimmed = link.trim();
  if (trimmed === "" || ignored.test(trimmed)) return link;
  const absolute = absoluteUrl.exec(trimmed);
  if (absolute) {
    if (!hosts.has(absolute[1]?.toLowerCase() ?? "")) return link;
    const rest = absolute[2] ?? "";
    return prefixed(rest.startsWith("/") ? rest : `/${rest}`, prefix);
  }
  return trimmed.startsWith("/") ? prefixed(trimmed, prefix) : link;
}

function prefixed(path: string, prefix: string): string {
  if (path.startsWith(prefix) && /^($|[/?#])/.test(path.slice(prefix.length))) return path;
  return `${prefix}${path}`;
}
