import type { RequestListener } from "node:http";
import { errorFields } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";
import type { HealthCheckPort } from "../model/health-check-ports.ts";
import { answerJson, listenHealth } from "./health-server.ts";
import type { HealthListener } from "./health-server.ts";

interface RunningCheck {
  check: HealthCheckPort;
  readonly listeners: ReadonlyMap<string, HealthListener>;
}

/**
 * Answers on health-check node ports whether this node has ready endpoints of a Service, which tells load
 * balancers where to send traffic under policy Local.
 */
export class ServiceHealthServers implements AsyncDisposable {
  readonly #healthy: () => boolean;
  readonly #log: Logger;
  readonly #running = new Map<number, RunningCheck>();

  constructor(healthy: () => boolean, log: Logger) {
    this.#healthy = healthy;
    this.#log = log;
  }

  /**
   * Takes the complete set of checks and the addresses to listen on. A port that cannot be bound is logged and
   * tried again with the next call.
   */
  async set(checks: readonly HealthCheckPort[], hosts: readonly string[]): Promise<void> {
    const wanted = new Map(checks.map((check) => [check.nodePort, check]));
    for (const [nodePort, running] of this.#running) {
      if (!wanted.has(nodePort)) await this.#stop(nodePort, running);
    }
    for (const check of checks) await this.#ensure(check, hosts);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.set([], []);
  }

  async #ensure(check: HealthCheckPort, hosts: readonly string[]): Promise<void> {
    const running = this.#running.get(check.nodePort);
    if (running) running.check = check;
    const listeners = new Map(running?.listeners);
    for (const [host, listener] of listeners) {
      if (hosts.includes(host)) continue;
      listeners.delete(host);
      await listener[Symbol.asyncDispose]();
    }
    for (const host of hosts) {
      const listener = listeners.has(host) ? undefined : await this.#listen(check, host);
      if (listener) listeners.set(host, listener);
    }
    this.#running.set(check.nodePort, { check, listeners });
  }

  async #listen(check: HealthCheckPort, host: string): Promise<HealthListener | undefined> {
    const { nodePort, namespace, name } = check;
    try {
      return await listenHealth({ host, port: nodePort, ipv6Only: true }, this.#answer(nodePort));
    } catch (error) {
      const fields = { namespace, service: name, host, nodePort, error: errorFields(error) };
      this.#log.error("failed to start the health check of a service", fields);
      return undefined;
    }
  }

  #answer(nodePort: number): RequestListener {
    return (_request, response) => {
      const check = this.#running.get(nodePort)?.check;
      if (!check) {
        response.destroy();
        return;
      }
      const { namespace, name, readyLocalEndpoints: count } = check;
      const healthy = this.#healthy();
      const body = { service: { namespace, name }, localEndpoints: count, serviceProxyHealthy: healthy };
      const headers = { "x-load-balancing-endpoint-weight": String(count) };
      answerJson(response, count > 0 && healthy ? 200 : 503, JSON.stringify(body), headers);
    };
  }

  async #stop(nodePort: number, running: RunningCheck): Promise<void> {
    this.#running.delete(nodePort);
    for (const listener of running.listeners.values()) await listener[Symbol.asyncDispose]();
  }
}
