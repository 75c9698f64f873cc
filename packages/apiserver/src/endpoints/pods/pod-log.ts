import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import type { IncomingMessage } from "node:http";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { pods } from "@kube-ts/api/resource-types";
import { forbiddenField, invalidField, notSupportedField } from "@kube-ts/api/field-error";
import type { FieldError } from "@kube-ts/api/field-error";
import { invalid, methodNotSupported, notFound } from "@kube-ts/api/status-error";
import { refuseSwitch } from "@kube-ts/client/streaming/refuse-switch";
import type { ObjectSource } from "../../registry/object-source.ts";
import { readObject } from "../get-endpoint.ts";
import { readInteger } from "../list-query.ts";
import { readBoolean } from "../query-boolean.ts";
import type { KubeletConnections } from "../nodes/kubelet-connection.ts";
import { connectionError, kubeletError } from "../nodes/kubelet-connection.ts";
import type { ResourceRequest } from "../request-info.ts";
import type { ResourceContext } from "../resource-context.ts";
import { writeHead } from "../respond.ts";
import type { Subresource } from "../subresource.ts";
import type { UpgradeHandler } from "../upgrade.ts";
import { sendMessages } from "./message-stream.ts";
import { chooseContainer, nodeOf } from "./pod-target.ts";

/**
 * `pods/log`: the output of a container, read through the kubelet that runs it. A client may ask for it in the messages
 * of a WebSocket.
 */
export function podLog(connections: KubeletConnections, source: ObjectSource): Subresource & UpgradeHandler {
  const open = async (pod: Pod, info: ResourceRequest, signal: AbortSignal): Promise<IncomingMessage | undefined> => {
    const query = logQuery(info);
    const container = chooseContainer(pod, info.query.get("container") ?? "");
    const node = await nodeOf(pod, source, signal);
    return node && openLog(connections, node, pod, `${container}${query}`, signal);
  };
  return {
    group: "",
    path: "pods/log",
    verbs: ["get"],
    kind: "Pod",
    reads: true,
    handle: async (context) => {
      const pod = (await readObject(context, "")).parsed() as Pod;
      const log = await open(pod, context.info, context.exchange.signal);
      if (log) await relay(context, log);
      else sendNothing(context);
    },
    upgrade: async (exchange) => {
      const { info, socket } = exchange;
      if (info.verb !== "get") throw methodNotSupported({ group: "", resource: "pods" }, info.verb);
      const gone = new AbortController();
      socket.once("close", () => gone.abort(new Error("the client went away")));
      const signal = AbortSignal.any([exchange.signal, gone.signal]);
      const pod = await source.getLatest(pods, info.namespace, info.name, signal);
      if (!pod) throw notFound({ group: "", resource: "pods" }, info.name);
      await sendMessages(exchange, await open(pod, info, signal));
    },
  };
}

async function openLog(
  connections: KubeletConnections,
  node: Node,
  { metadata: { namespace = "", name = "" } }: Pod,
  containerAndQuery: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const path = `/containerLogs/${namespace}/${name}/${containerAndQuery}`;
  const request = connections.open(node, { method: "GET", path, headers: {}, signal });
  refuseSwitch(request);
  request.end();
  const [response] = (await once(request, "response", { signal }).catch((error: unknown) => {
    throw connectionError(node.metadata.name ?? "", error);
  })) as [IncomingMessage];
  if (response.statusCode !== 200) throw await kubeletError(response);
  return response;
}

/** A pod without a node has no log. */
function sendNothing({ exchange }: ResourceContext): void {
  writeHead(exchange, 204, { "Cache-Control": "no-cache, private" });
  exchange.response.end();
}

async function relay({ exchange }: ResourceContext, source: IncomingMessage): Promise<void> {
  const { response } = exchange;
  writeHead(exchange, 200, { "Content-Type": "text/plain", "Cache-Control": "no-cache, private" });
  response.flushHeaders();
  // A client that stops following, or a kubelet that goes away, ends the answer: there is no one to tell.
  await pipeline(source, response).catch(() => undefined);
}

/** The options of the request, checked, as the kubelet takes them. */
function logQuery(info: ResourceRequest): string {
  const { query } = info;
  const refused = (error: FieldError) => invalid({ group: "", kind: "PodLogOptions" }, info.name, [error]);
  const forwarded = new URLSearchParams();
  for (const name of ["follow", "previous", "timestamps"]) if (readBoolean(query, name)) forwarded.set(name, "true");
  const checkAtLeast = (name: string, least: number) => {
    const value = readInteger(query, name);
    if (value === undefined) return;
    if (value < least)
      throw refused(invalidField(name, value, `must be greater than ${least === 0 ? "or equal to 0" : "0"}`));
    forwarded.set(name, String(value));
  };
  checkAtLeast("tailLines", 0);
  checkAtLeast("limitBytes", 1);
  checkAtLeast("sinceSeconds", 1);
  const sinceTime = query.get("sinceTime");
  if (sinceTime) {
    if (query.has("sinceSeconds"))
      throw refused(forbiddenField("sinceSeconds", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
    forwarded.set("sinceTime", sinceTime);
  }
  const stream = query.get("stream");
  if (stream) {
    if (stream !== "All" && stream !== "Stdout" && stream !== "Stderr") {
      throw refused(notSupportedField("stream", stream, ["All", "Stderr", "Stdout"]));
    }
    forwarded.set("stream", stream);
  }
  const text = forwarded.toString();
  return text === "" ? "" : `?${text}`;
}
