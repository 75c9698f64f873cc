import { rmSync, statSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { createServer } from "@kube-ts/std/node-http";
import { CommandError } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { booleanFlag, durationFlag, integerFlag, stringFlag } from "../command-line/flag.ts";
import { logWarning } from "../session/log-warning.ts";
import type { Session } from "../session/session.ts";
import { answerText, redirect } from "./proxy/answer.ts";
import { Forwarder } from "./proxy/forward-request.ts";
import { plainPath, RequestFilter } from "./proxy/request-filter.ts";
import { serveFile } from "./proxy/static-files.ts";

const flags = {
  "accept-hosts": stringFlag("Regular expressions for the hosts that are accepted.", {
    default: String.raw`^localhost$,^127\.0\.0\.1$,^\[::1\]$`,
  }),
  "accept-paths": stringFlag("Regular expressions for the paths that are accepted.", { default: "^.*" }),
  address: stringFlag("The address to serve on.", { default: "127.0.0.1" }),
  "api-prefix": stringFlag("The path below which the API is served.", { default: "/" }),
  "append-server-path": booleanFlag("Put the path of the server's address before that of each request."),
  "disable-filter": booleanFlag("Accept all requests, which is dangerous: any web page could then use the proxy."),
  keepalive: durationFlag("How often an idle connection is probed; never where this is 0."),
  port: integerFlag("The port to serve on; 0 for any that is free.", { short: "p", default: 8001 }),
  "reject-methods": stringFlag("Regular expressions for the methods that are rejected.", { default: "^$" }),
  "reject-paths": stringFlag("Regular expressions for the paths that are rejected, accepted or not.", {
    default: "^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach",
  }),
  "unix-socket": stringFlag("The Unix socket to serve on.", { short: "u" }),
  www: stringFlag("Serve the files of this directory too.", { short: "w" }),
  "www-prefix": stringFlag("The path below which files are served.", { short: "P", default: "/static/" }),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage: "[--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]",
  description: "Serve the API of the Kubernetes API server on this machine, as the kubeconfig's user.",
  examples: "  # Serve the whole API on any free port\n  kubectl proxy --port=0",
  flags,
  run: async (session, { flags: values, changed }) => {
    if (changed("unix-socket") && changed("port")) {
      throw new CommandError("cannot set --unix-socket and --port at the same time");
    }
    if (values["disable-filter"]) {
      const outside = values["unix-socket"] === "";
      if (outside) {
        logWarning(session, "Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious");
      }
    }
    const filter = values["disable-filter"] ? undefined : new RequestFilter(values);
    if (values.www !== "") checkDirectory(session, values.www);
    await session.config();
    await serve(session, values, filter);
  },
});

function checkDirectory(session: Session, directory: string): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (!found) {
    logWarning(
      session,
      `Failed to stat static file directory ${directory}: stat ${directory}: no such file or directory`,
    );
  } else if (!found.isDirectory()) logWarning(session, `Static file directory ${directory} is not a directory`);
}

async function serve(session: Session, values: Values, filter: RequestFilter | undefined): Promise<void> {
  const routes = new Routes(session, values, filter);
  const server = createServer({ keepAlive: values.keepalive > 0, keepAliveInitialDelay: values.keepalive });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    routes.answer(request, response).catch(() => response.destroy());
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    routes.upgrade(request, socket, head).catch(() => socket.destroy());
  });
  const socketPath = values["unix-socket"];
  try {
    await listen(server, values);
    const address = server.address();
    const place =
      typeof address === "object" && address
        ? `${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`
        : socketPath;
    await session.terminal.write(`Starting to serve on ${place}\n`);
    await new Promise<void>((resolve) => {
      if (session.signal.aborted) resolve();
      session.signal.addEventListener("abort", () => resolve(), { once: true });
    });
  } finally {
    server.close();
    server.closeAllConnections();
    if (socketPath !== "") rmSync(socketPath, { force: true });
  }
}

async function listen(server: Server, values: Values): Promise<void> {
  const { "unix-socket": path, port, address } = values;
  // A socket that nobody serves is in the way of the next who does.
  if (path !== "" && statSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const place = path === "" ? `tcp ${address}:${port}` : `unix ${path}`;
      const reason = cause.code === "EADDRINUSE" ? "bind: address already in use" : cause.message;
      reject(new CommandError(`listen ${place}: ${reason}`, { cause }));
    });
    if (path === "") server.listen(port, address, resolve);
    else server.listen(path, resolve);
  });
}

/** Which requests are for files, which for the API, and which for nobody. */
class Routes {
  readonly #filter: RequestFilter | undefined;
  readonly #forwarder: Forwarder;
  readonly #apiPrefix: string;
  readonly #www: string;
  readonly #wwwPrefix: string;

  constructor(session: Session, values: Values, filter: RequestFilter | undefined) {
    this.#filter = filter;
    this.#forwarder = new Forwarder(session, values["append-server-path"]);
    this.#apiPrefix = withSlashes(values["api-prefix"]);
    this.#www = values.www;
    this.#wwwPrefix = withSlashes(values["www-prefix"]);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = "/" } = request;
    const path = plainPath(url);
    if (path === undefined) return answerText(response, 400, "400 Bad Request");
    if (!this.#accepts(request, path)) return answerText(response, 403, "Forbidden");
    const cleaned = cleanPath(url);
    if (cleaned !== undefined) return redirect(response, 307, cleaned);
    if (this.#www !== "") {
      if (`${path}/` === this.#wwwPrefix) return redirect(response, 307, this.#wwwPrefix);
      if (path.startsWith(this.#wwwPrefix)) {
        return serveFile(this.#www, path.slice(this.#wwwPrefix.length), request, response);
      }
    }
    if (`${path}/` === this.#apiPrefix) return redirect(response, 307, this.#apiPrefix);
    if (!path.startsWith(this.#apiPrefix)) return answerText(response, 404, "404 page not found");
    return this.#forwarder.forward(this.#apiUrl(url), request, response);
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { url = "/" } = request;
    const path = plainPath(url);
    const served = path?.startsWith(this.#apiPrefix) === true && cleanPath(url) === undefined;
    if (path === undefined || !served || !this.#accepts(request, path)) {
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    return this.#forwarder.upgrade(this.#apiUrl(url), request, socket, head);
  }

  #apiUrl(url: string): string {
    return url.slice(this.#apiPrefix.length - 1);
  }

  #accepts(request: IncomingMessage, path: string): boolean {
    return this.#filter?.accepts(request.method ?? "GET", path, request.headers.host ?? "") ?? true;
  }
}

function withSlashes(prefix: string): string {
  return `/${prefix}/`.replace(/\/{2,}/g, "/");
}

/** The address to use instead of one whose path goes in detours; undefined where it goes straight. */
function cleanPath(url: string): string | undefined {
  const end = url.indexOf("?");
  const path = end < 0 ? url : url.slice(0, end);
  if (path.startsWith("/") && !/\/\/|\/\.{1,2}(?:\/|$)/.test(path)) return undefined;
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const slash = /\/(?:\.{1,2})?$/.test(path) && segments.length > 0 ? "/" : "";
  return `/${segments.join("/")}${slash}${end < 0 ? "" : url.slice(end)}`;
}
