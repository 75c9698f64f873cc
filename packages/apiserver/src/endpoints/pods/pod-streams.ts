import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { pods } from "@kube-ts/api/resource-types";
import { badRequest, internal, notFound } from "@kube-ts/api/status-error";
import type { ObjectSource } from "../../registry/object-source.ts";
import { readBoolean } from "../list-query.ts";
import type { KubeletConnections } from "../nodes/kubelet-connection.ts";
import { connectionError, kubeletError } from "../nodes/kubelet-connection.ts";
import type { ResourceRequest } from "../request-info.ts";
import type { Subresource } from "../subresource.ts";
import type { UpgradeExchange, UpgradeHandler } from "../upgrade.ts";
import { chooseContainer, nodeOf } from "./pod-target.ts";

type StreamKind = "exec" | "attach" | "portforward";

const optionKinds: Readonly<Record<StreamKind, string>> = {
  exec: "PodExecOptions",
  attach: "PodAttachOptions",
  portforward: "PodPortForwardOptions",
};

/** `pods/exec`, `pods/attach` or `pods/portforward`: tunnels to the kubelet that runs the pod. */
export function podStream(
  kind: StreamKind,
  connections: KubeletConnections,
  source: ObjectSource,
): Subresource & UpgradeHandler {
  return {
    group: "",
    path: `pods/${kind}`,
    verbs: ["create", "get"],
    kind: optionKinds[kind],
    handle: () => Promise.reject(badRequest("Upgrade request required")),
    upgrade: async (exchange) => {
      const { info, signal } = exchange;
      const pod = await source.getLatest(pods, info.namespace, info.name, signal);
      if (!pod) throw notFound({ group: "", resource: "pods" }, info.name);
      const path = kubeletPath(kind, pod, info);
      const node = await nodeOf(pod, source, signal);
      if (!node) throw badRequest(`pod ${info.name} does not have a host assigned`);
      await tunnel(exchange, node, path, connections);
    },
  };
}

function kubeletPath(kind: StreamKind, pod: Pod, info: ResourceRequest): string {
  const { namespace = "", name = "", uid = "" } = pod.metadata;
  if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") {
    throw badRequest(
      `cannot ${kind} ${kind === "exec" ? "in" : "to"} a container in a completed pod; current phase is ${pod.status.phase}`,
    );
  }
  const forwarded = new URLSearchParams();
  if (kind === "portforward") {
    for (const port of info.query.getAll("ports")) forwarded.append("port", port);
    return `/portForward/${namespace}/${name}/${uid}?${forwarded}`;
  }
  const container = chooseContainer(pod, info.query.get("container") ?? "");
  const flags = { stdin: "input", stdout: "output", stderr: "error", tty: "tty" } as const;
  for (const [name, forwardedName] of Object.entries(flags)) {
    if (readBoolean(info.query, name)) forwarded.set(forwardedName, "1");
  }
  for (const argument of info.query.getAll("command")) forwarded.append("command", argument);
  return `/${kind}/${namespace}/${name}/${uid}/${container}?${forwarded}`;
}

/** Headers that belong to the hop to this server, or are its client's secrets. */
const hopHeaders = new Set(["host", "authorization", "cookie", "content-length", "transfer-encoding"]);

async function tunnel(
  exchange: UpgradeExchange,
  node: Node,
  path: string,
  connections: KubeletConnections,
): Promise<void> {
  const { request, socket, head, signal } = exchange;
  const headers: Record<string, string | string[]> = {};
  for (const name in request.headers) {
    const value = request.headers[name];
    if (value !== undefined && !hopHeaders.has(name) && !name.startsWith("impersonate-")) headers[name] = value;
  }
  const protocols = headers["sec-websocket-protocol"];
  if (typeof protocols === "string") headers["sec-websocket-protocol"] = withoutToken(protocols);
  const outgoing = connections.open(node, { method: request.method ?? "GET", path, headers, signal });
  outgoing.end();
  const answer = await awaitAnswer(outgoing, signal).catch((error: unknown) => {
    throw connectionError(node.metadata.name ?? "", error);
  });
  if (answer.kind === "refused") throw await kubeletError(answer.response);
  if (answer.response.statusCode !== 101) {
    answer.socket.destroy();
    throw internal(new Error("the kubelet did not switch protocols"));
  }
  socket.write(responseHead(answer.response));
  if (answer.head.length > 0) socket.write(answer.head);
  if (head.length > 0) answer.socket.write(head);
  relayBoth(socket, answer.socket, signal);
}

type Answer =
  | { readonly kind: "switched"; readonly response: IncomingMessage; readonly socket: Duplex; readonly head: Buffer }
  | { readonly kind: "refused"; readonly response: IncomingMessage };

async function awaitAnswer(request: ClientRequest, signal: AbortSignal): Promise<Answer> {
  const waiting = new AbortController();
  const limited = AbortSignal.any([signal, waiting.signal]);
  try {
    return await Promise.race([
      once(request, "upgrade", { signal: limited }).then(([response, socket, head]): Answer => ({
        kind: "switched",
        response,
        socket,
        head,
      })),
      once(request, "response", { signal: limited }).then(([response]): Answer => ({ kind: "refused", response })),
    ]);
  } finally {
    waiting.abort();
  }
}

function responseHead(response: IncomingMessage): string {
  let text = "HTTP/1.1 101 Switching Protocols\r\n";
  const { rawHeaders } = response;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) text += `${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`;
  return `${text}\r\n`;
}

/** Copies both ways until either side ends; then both are closed. */
function relayBoth(client: Duplex, backend: Duplex, signal: AbortSignal): void {
  const close = () => {
    client.destroy();
    backend.destroy();
    signal.removeEventListener("abort", close);
  };
  signal.addEventListener("abort", close, { once: true });
  for (const side of [client, backend]) side.on("error", close).on("close", close);
  client.pipe(backend);
  backend.pipe(client);
}

/** A bearer token that came as a WebSocket subprotocol stays here. */
function withoutToken(protocols: string): string {
  return protocols
    .split(",")
    .map((protocol) => protocol.trim())
    .filter((protocol) => !protocol.startsWith("base64url.bearer.authorization.k8s.io."))
    .join(", ");
}
