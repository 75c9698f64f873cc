import type { IncomingMessage } from "node:http";

/** The path as it was sent, which permissions and routes must agree on, and the query. */
export interface RequestTarget {
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * What a request is for. Nothing is decoded or normalized in the path: what is spelled differently is another path. Never
 * throws, whatever was sent: `URL` does for `//`, for example, and strangers may send that.
 */
export function requestTarget({ url = "/" }: Pick<IncomingMessage, "url">): RequestTarget {
  // The form with a scheme and a host is for proxies; servers take it, too.
  const target = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  return { path: path === "" ? "/" : path, query: new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1)) };
}
