import { CommandError } from "../../command-line/command-error.ts";

export interface FilterFlags {
  readonly "accept-hosts": string;
  readonly "accept-paths": string;
  readonly "reject-methods": string;
  readonly "reject-paths": string;
}

/** Decides by method, path and `Host` header whether a request is passed on. */
export class RequestFilter {
  readonly #acceptHosts: readonly RegExp[];
  readonly #acceptPaths: readonly RegExp[];
  readonly #rejectMethods: readonly RegExp[];
  readonly #rejectPaths: readonly RegExp[];

  /** Each flag is a list of regular expressions, apart by commas. Throws a CommandError for a malformed one. */
  constructor(flags: FilterFlags) {
    this.#acceptHosts = expressions(flags["accept-hosts"]);
    this.#acceptPaths = expressions(flags["accept-paths"]);
    this.#rejectMethods = expressions(flags["reject-methods"]);
    this.#rejectPaths = expressions(flags["reject-paths"]);
  }

  /** `path` is what the server will see, without escapes. */
  accepts(method: string, path: string, host: string): boolean {
    if (matches(this.#rejectPaths, path) || matches(this.#rejectMethods, method)) return false;
    return matches(this.#acceptPaths, path) && matches(this.#acceptHosts, withoutPort(host));
  }
}

function expressions(list: string): RegExp[] {
  return list.split(",").map((text) => {
    try {
      return new RegExp(text);
    } catch (cause) {
      throw new CommandError(`Error compiling re: error parsing regexp: ${JSON.stringify(text)}`, { cause });
    }
  });
}

function matches(patterns: readonly RegExp[], text: string): boolean {
  return patterns.some((pattern) => pattern.test(text));
}

function withoutPort(host: string): string {
  return host.replace(/^\[(.*)\]:\d*$|:\d*$/, "$1");
}

/**
 * The path of a request without escapes and without `.`, `..` and empty segments: what decides must see what the server
 * sees. Undefined for escapes that are none.
 */
export function plainPath(url: string): string | undefined {
  const end = url.search(/[?#]/);
  try {
    const decoded = decodeURIComponent(end < 0 ? url : url.slice(0, end));
    const segments: string[] = [];
    for (const segment of decoded.split("/")) {
      if (segment === "..") segments.pop();
      else if (segment !== "" && segment !== ".") segments.push(segment);
    }
    return `/${segments.join("/")}${decoded.endsWith("/") && segments.length > 0 ? "/" : ""}`;
  } catch {
    return undefined;
  }
}
