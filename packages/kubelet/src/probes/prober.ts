import type { Container, Probe } from "@kube-ts/api/core/v1";
import type { IntOrString } from "@kube-ts/api/meta/v1";
import type { Runtime } from "../runtime/runtime.ts";
import { probeExec } from "./exec-probe.ts";
import { probeGrpc } from "./grpc-probe.ts";
import { probeHttp } from "./http-probe.ts";
import type { ProbeAnswer } from "./probe-answer.ts";
import { joinHostPort } from "./probe-answer.ts";
import { probeTcp } from "./tcp-probe.ts";

/** Sends one probe. Throws when it cannot be sent, as opposed to being answered badly. */
export type Prober = (target: ProbeTarget, signal: AbortSignal) => Promise<ProbeAnswer>;

export interface ProbeTarget {
  readonly probe: Probe;
  readonly container: Container;
  readonly containerId: string;
  readonly podIp: string;
}

/** A prober over the network and the container runtime. `userAgent` names the kubelet to HTTP and gRPC servers. */
export function createProber(runtime: Pick<Runtime, "execSync">, userAgent: string): Prober {
  return async ({ probe, container, containerId, podIp }, signal) => {
    const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
    if (probe.exec) return probeExec(runtime, containerId, probe.exec.command ?? [], timeoutMs, signal);
    if (probe.httpGet) {
      const { host, port, path = "/", scheme = "HTTP", httpHeaders = [] } = probe.httpGet;
      const address = joinHostPort(host || podIp, resolvePort(port, container));
      const url = new URL(`${scheme.toLowerCase()}://${address}${path.startsWith("/") ? "" : "/"}${path}`);
      return probeHttp({ url, headers: httpHeaders, userAgent, timeoutMs }, signal);
    }
    if (probe.tcpSocket) {
      const { host, port } = probe.tcpSocket;
      return probeTcp(host || podIp, resolvePort(port, container), timeoutMs, signal);
    }
    if (probe.grpc) {
      const { port, service = "" } = probe.grpc;
      return probeGrpc({ host: podIp, port, service, userAgent, timeoutMs }, signal);
    }
    throw new Error("missing probe handler");
  };
}

/** The number of a port that is given as such or by a name among the container's ports. */
export function resolvePort(port: IntOrString, container: Container): number {
  if (typeof port === "number") return validPort(port);
  const named = container.ports?.find((candidate) => candidate.name === port)?.containerPort;
  if (named === undefined && !/^\d+$/.test(port)) throw new Error(`port ${port} not found`);
  return validPort(named ?? Number(port));
}

function validPort(port: number): number {
  if (port <= 0 || port > 65_535) throw new Error(`invalid port number: ${port}`);
  return port;
}
