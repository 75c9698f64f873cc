import { refuseUpgrade } from "@kube-ts/client/streaming/upgrade-server";
import type { UpgradeRequest } from "@kube-ts/client/streaming/upgrade-server";
import { requestTarget } from "@kube-ts/std/request-target";
import { checkAccess } from "./access.ts";
import type { KubeletServerOptions } from "./kubelet-server.ts";
import { countRequest } from "./metrics/http-metrics.ts";
import { StreamServer } from "./streams/stream-server.ts";

const maxStreams = 1024;

/** The server's requests that become streams, from those who may make them. */
export class StreamUpgrades {
  readonly #options: KubeletServerOptions;
  readonly #streams: StreamServer;

  constructor(options: KubeletServerOptions) {
    const { runtime, pods, streamIdleTimeoutMs: idleTimeoutMs, log } = options;
    this.#options = options;
    this.#streams = new StreamServer({ runtime, pods, idleTimeoutMs, maxStreams, log });
  }

  /** Resolves when the stream has ended; never rejects. */
  async serve({ request, socket, head }: UpgradeRequest, signal: AbortSignal): Promise<void> {
    const done = countRequest(this.#options, request, requestTarget(request).path);
    try {
      await this.#admit({ request, socket, head }, signal);
    } finally {
      done();
    }
  }

  async #admit({ request, socket, head }: UpgradeRequest, signal: AbortSignal): Promise<void> {
    const { access, nodeName, log, debuggingHandlers } = this.#options;
    const refusal = await checkAccess(access, request, nodeName, log);
    if (refusal) refuseUpgrade(socket, refusal.status, `${refusal.message}\n`);
    else if (!debuggingHandlers) refuseUpgrade(socket, 405, "Debug endpoints are disabled.\n");
    else await this.#streams.serve({ request, socket, head }, signal);
  }
}
