import type { Node, Pod } from "@kube-ts/api/core/v1";
import { pods } from "@kube-ts/api/resource-types";
import { badRequest, notFound } from "@kube-ts/api/status-error";
import { relayUpgrade } from "@kube-ts/client/streaming/relay-upgrade";
import { UpgradeError } from "@kube-ts/client/streaming/streaming-error";
import type { ObjectSource } from "../../registry/object-source.ts";
import { readBoolean } from "../query-boolean.ts";
import type { KubeletConnections } from "../nodes/kubelet-connection.ts";
import { connectionError, kubeletRefusal } from "../nodes/kubelet-connection.ts";
import { forwardedUpgradeHeaders } from "../proxy/proxy-headers.ts";
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
    creates: true,
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

async function tunnel(
  { request, socket, head, signal }: UpgradeExchange,
  node: Node,
  path: string,
  connections: KubeletConnections,
): Promise<void> {
  const from = { clientAddress: request.socket.remoteAddress, uri: (request.url ?? "").split("?", 1)[0] ?? "" };
  const headers = forwardedUpgradeHeaders(
    request.headersDistinct,
    from,
    (name) => name === "cookie" || name === "host",
  );
  const outgoing = connections.open(node, { method: request.method ?? "GET", path, headers, signal });
  try {
    await relayUpgrade({ request, socket, head }, outgoing, signal);
  } catch (error) {
    if (!(error instanceof UpgradeError)) throw error;
    if (error.statusCode !== undefined) throw kubeletRefusal(error.statusCode, error.body);
    throw connectionError(node.metadata.name ?? "", error.cause ?? error);
  }
}
