import { request } from "node:https";
import { withTimeout } from "@kube-ts/std/abort";
import type { ComponentHealth, ComponentProbe } from "../endpoints/component-status.ts";
import type { Store } from "../storage/store.ts";

const probeTimeoutMs = 20_000;
const maxAnswerBytes = 10 * 1024;

/** The components that upstream asks: those on this machine at their usual ports, and the store. */
export function componentProbes(store: Store): readonly ComponentProbe[] {
  return [
    { name: "controller-manager", check: (signal) => probeHealthz(10257, signal) },
    { name: "scheduler", check: (signal) => probeHealthz(10259, signal) },
    { name: "etcd-0", check: (signal) => probeStore(store, signal) },
  ];
}

async function probeStore(store: Store, signal: AbortSignal): Promise<ComponentHealth> {
  try {
    await store.checkHealth(withTimeout(signal, probeTimeoutMs));
    return { isHealthy: true, message: "ok" };
  } catch (error) {
    return { isHealthy: false, message: textOf(error) };
  }
}

/** Asks a daemon on this machine; its serving certificate is its own, so that it is not checked. */
function probeHealthz(port: number, signal: AbortSignal): Promise<ComponentHealth> {
  const url = `https://127.0.0.1:${port}/healthz`;
  return new Promise((resolve) => {
    const failed = (problem: unknown) => resolve({ isHealthy: false, message: `Get "${url}": ${textOf(problem)}` });
    const options = { rejectUnauthorized: false, agent: false, signal: withTimeout(signal, probeTimeoutMs) };
    const outgoing = request(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece.slice(0, Math.max(0, maxAnswerBytes - text.length));
      });
      response.on("error", failed);
      response.on("end", () => {
        const code = response.statusCode ?? 0;
        const isHealthy = code >= 200 && code < 400;
        resolve({ isHealthy, message: isHealthy ? text : `HTTP probe failed with statuscode: ${code}` });
      });
    });
    outgoing.on("error", failed);
    outgoing.end();
  });
}

/** Go's words for what most often goes wrong. */
function textOf(error: unknown): string {
  const { code, address, port } = error as { code?: string; address?: string; port?: number };
  if (code === "ECONNREFUSED") return `dial tcp ${address}:${port}: connect: connection refused`;
  return error instanceof Error ? error.message : String(error);
}
