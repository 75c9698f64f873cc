import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import type { IncomingMessage } from "node:http";
import type { Pod } from "@kube-ts/api/core/v1";
import { apiError } from "@kube-ts/api/status-error";
import { refuseSwitch } from "@kube-ts/client/streaming/refuse-switch";
import type { ObjectSource } from "../../registry/object-source.ts";
import { readObject } from "../get-endpoint.ts";
import { readInteger } from "../list-query.ts";
import { readBoolean } from "../query-boolean.ts";
import type { KubeletConnections } from "../nodes/kubelet-connection.ts";
import { connectionError, kubeletError } from "../nodes/kubelet-connection.ts";
import type { ResourceContext } from "../resource-context.ts";
import { sendText, writeHead } from "../respond.ts";
import type { Subresource } from "../subresource.ts";
import { chooseContainer, nodeOf } from "./pod-target.ts";

/** `pods/log`: the output of a container, read through the kubelet that runs it. */
export function podLog(connections: KubeletConnections, source: ObjectSource): Subresource {
  return {
    group: "",
    path: "pods/log",
    verbs: ["get"],
    kind: "Pod",
    handle: async (context) => {
      const pod = (await readObject(context, "")).parsed() as Pod;
      const query = logQuery(context);
      const container = chooseContainer(pod, context.info.query.get("container") ?? "");
      const node = await nodeOf(pod, source, context.exchange.signal);
      if (!node) {
        sendText(context.exchange, 200, "");
        return;
      }
      const { namespace = "", name = "" } = pod.metadata;
      const path = `/containerLogs/${namespace}/${name}/${container}${query}`;
      const { signal } = context.exchange;
      const request = connections.open(node, { method: "GET", path, headers: {}, signal });
      refuseSwitch(request);
      request.end();
      const [response] = (await once(request, "response", { signal }).catch((error: unknown) => {
        throw connectionError(node.metadata.name ?? "", error);
      })) as [IncomingMessage];
      if (response.statusCode !== 200) throw await kubeletError(response);
      await relay(context, response);
    },
  };
}

async function relay({ exchange }: ResourceContext, source: IncomingMessage): Promise<void> {
  const { response } = exchange;
  writeHead(exchange, 200, { "Content-Type": "text/plain", "Cache-Control": "no-cache, private" });
  response.flushHeaders();
  // A client that stops following, or a kubelet that goes away, ends the answer: there is no one to tell.
  await pipeline(source, response).catch(() => undefined);
}

/** The options of the request, checked, as the kubelet takes them. */
function logQuery({ info }: ResourceContext): string {
  const { query } = info;
  const invalid = (detail: string) =>
    apiError({ code: 422, reason: "Invalid", message: `PodLogOptions "${info.name}" is invalid: ${detail}` });
  const forwarded = new URLSearchParams();
  for (const name of ["follow", "previous", "timestamps"]) if (readBoolean(query, name)) forwarded.set(name, "true");
  const checkAtLeast = (name: string, least: number) => {
    const value = readInteger(query, name);
    if (value === undefined) return;
    if (value < least)
      throw invalid(`${name}: Invalid value: ${value}: must be greater than ${least === 0 ? "or equal to 0" : "0"}`);
    forwarded.set(name, String(value));
  };
  checkAtLeast("tailLines", 0);
  checkAtLeast("limitBytes", 1);
  checkAtLeast("sinceSeconds", 1);
  const sinceTime = query.get("sinceTime");
  if (sinceTime) {
    if (query.has("sinceSeconds"))
      throw invalid("sinceSeconds: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified");
    forwarded.set("sinceTime", sinceTime);
  }
  const stream = query.get("stream");
  if (stream) {
    if (stream !== "All" && stream !== "Stdout" && stream !== "Stderr") {
      throw invalid(`stream: Unsupported value: "${stream}": supported values: "All", "Stderr", "Stdout"`);
    }
    forwarded.set("stream", stream);
  }
  const text = forwarded.toString();
  return text === "" ? "" : `?${text}`;
}
