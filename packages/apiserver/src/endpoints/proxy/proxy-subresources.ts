import type { Random } from "@kube-ts/std/random";
import type { ObjectSource } from "../../registry/object-source.ts";
import type { ReadyEndpoints } from "../../service-routing/ready-endpoints.ts";
import type { KubeletConnections } from "../nodes/kubelet-connection.ts";
import type { ResourceRequest } from "../request-info.ts";
import { writeHead } from "../respond.ts";
import type { Subresource } from "../subresource.ts";
import type { UpgradeHandler } from "../upgrade.ts";
import type { Backend } from "./backend.ts";
import { nodeBackend, podBackend, serviceBackend } from "./locations.ts";
import { type ProxyRoute, proxyRequest, proxyUpgrade } from "./proxy-request.ts";

type Locate = (info: ResourceRequest, signal: AbortSignal) => Promise<Backend>;

/** `pods/proxy`, `services/proxy` and `nodes/proxy`. */
export function proxySubresources(
  source: ObjectSource,
  ready: ReadyEndpoints,
  connections: KubeletConnections,
  random: Random,
): (Subresource & UpgradeHandler)[] {
  return [
    proxySubresource("pods", "PodProxyOptions", (info, signal) => podBackend(info, source, signal)),
    proxySubresource("services", "ServiceProxyOptions", (info, signal) =>
      serviceBackend(info, source, ready, random, signal),
    ),
    proxySubresource("nodes", "NodeProxyOptions", (info, signal) => nodeBackend(info, source, connections, signal)),
  ];
}

function proxySubresource(resource: string, kind: string, locate: Locate): Subresource & UpgradeHandler {
  return {
    group: "",
    path: `${resource}/proxy`,
    verbs: ["create", "delete", "get", "patch", "update"],
    anyMethod: true,
    kind,
    handle: async ({ exchange, info }) => {
      const { request, signal } = exchange;
      const path = pathBehind(info);
      const query = queryOf(request.url ?? "");
      // Relative links in the root's document only work below a slash.
      const isRead = request.method === "GET" || request.method === "HEAD";
      const backend = await locate(info, signal);
      if (path === "" && isRead) {
        writeHead(exchange, 301, { Location: `${info.path}/${query}`, "Content-Length": 0 });
        exchange.response.end();
        return;
      }
      await proxyRequest(exchange, routeTo(backend, info, path, query, request.headers.host));
    },
    upgrade: async (exchange) => {
      const { request, info, signal } = exchange;
      const backend = await locate(info, signal);
      const route = routeTo(backend, info, pathBehind(info), queryOf(request.url ?? ""), request.headers.host);
      await proxyUpgrade(exchange, route);
    },
  };
}

function routeTo(
  backend: Backend,
  info: ResourceRequest,
  path: string,
  query: string,
  clientHost: string | undefined,
): ProxyRoute {
  const prefix = info.path.slice(0, info.path.length - path.length);
  const hosts = new Set([backend.host.toLowerCase(), ...(clientHost === undefined ? [] : [clientHost.toLowerCase()])]);
  return { backend, path: `${path || "/"}${query}`, clientPath: info.path, links: { prefix, hosts } };
}

/** The escaped path at the backend; empty for the proxy's own path without a slash behind it. */
function pathBehind({ rest, path }: ResourceRequest): string {
  if (rest !== "") return rest;
  return path.endsWith("/") ? "/" : "";
}

/** With its question mark; as it came. */
function queryOf(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at);
}
