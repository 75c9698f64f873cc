import type { IncomingMessage } from "node:http";

/** The path as it was sent, which permissions and routes must agree on, and the query. */
export interface RequestTarget {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Nothing is decoded or normalized in the path: what is spelled differently is another path. */
export function requestTarget(request: Pick<IncomingMessage, "url">): RequestTarget {
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  return { path, query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)) };
}

/** The decoded segments of a path after its first, which must be `first`; undefined for another path. */
export function pathSegments(path: string, first: string): readonly string[] | undefined {
  const [empty, head, ...rest] = path.split("/");
  if (empty !== "" || head !== first) return undefined;
  try {
    return rest.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
