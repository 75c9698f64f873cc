import { Socket } from "node:net";
import type { Pod } from "@kube-ts/api/core/v1";
import { acceptRemoteCommand } from "@kube-ts/client/streaming/accept-remote-command";
import type { ChannelSelection } from "@kube-ts/client/streaming/channel-set";
import type { ExecOutcome } from "@kube-ts/client/streaming/exec-outcome";
import {
  serveChannelPortForward,
  servePortForward,
  serveTunnelledPortForward,
} from "@kube-ts/client/streaming/port-forward-server";
import type { Forward } from "@kube-ts/client/streaming/port-forward-server";
import { portForwardProtocol, portForwardTunnelProtocol, remoteCommand } from "@kube-ts/client/streaming/protocols";
import { RemoteCommandServer } from "@kube-ts/client/streaming/remote-command";
import {
  acceptSpdyUpgrade,
  acceptWebSocketUpgrade,
  refuseUpgrade,
  upgradeKind,
} from "@kube-ts/client/streaming/upgrade-server";
import type { UpgradeRequest } from "@kube-ts/client/streaming/upgrade-server";
import { UpgradeError } from "@kube-ts/client/streaming/streaming-error";
import type { Logger } from "@kube-ts/std/log";
import { requestTarget } from "@kube-ts/std/request-target";
import type { ProcessStreams, Runtime } from "../../runtime/runtime.ts";
import { RequestError, containerSpec, findPod, readySandbox, runningContainer } from "../pod-source.ts";
import type { PodSource } from "../pod-source.ts";
import { parseStreamRequest } from "./stream-request.ts";
import type { StreamRequest } from "./stream-request.ts";

export interface StreamServerOptions {
  readonly runtime: Runtime;
  readonly pods: PodSource;
  /** A stream without traffic for so long is cut off. */
  readonly idleTimeoutMs: number;
  /** More at once are refused. */
  readonly maxStreams: number;
  readonly log: Logger;
}

type ExecOrAttach = Exclude<StreamRequest, { kind: "portForward" }>;

/** Serves exec, attach and port forwarding. */
export class StreamServer {
  readonly #options: StreamServerOptions;
  #open = 0;

  constructor(options: StreamServerOptions) {
    this.#options = options;
  }

  /** Answers an upgrade request, whose access was checked, and resolves when its stream has ended. Never rejects. */
  async serve(upgrade: UpgradeRequest, signal: AbortSignal): Promise<void> {
    const { log, idleTimeoutMs, maxStreams } = this.#options;
    if (this.#open >= maxStreams) {
      refuseUpgrade(upgrade.socket, 503, "too many streams");
      return;
    }
    this.#open++;
    const { socket } = upgrade;
    socket.on("error", () => socket.destroy());
    if (socket instanceof Socket) socket.setTimeout(idleTimeoutMs, () => socket.destroy());
    const onAbort = () => socket.destroy();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await this.#dispatch(upgrade, signal);
    } catch (error) {
      if (error instanceof RequestError) refuseUpgrade(socket, error.statusCode, `${error.message}\n`);
      else {
        if (!(error instanceof UpgradeError)) log.warn("stream failed", { error });
        // Before the upgrade this tells why; after it the connection is cut off.
        socket.destroy();
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#open--;
    }
  }

  async #dispatch(upgrade: UpgradeRequest, signal: AbortSignal): Promise<void> {
    const { pods, runtime } = this.#options;
    const request = parseStreamRequest(requestTarget(upgrade.request));
    if (!request) throw new RequestError(404, "404 page not found");
    if (upgradeKind(upgrade.request) === undefined) {
      throw new RequestError(400, "unable to upgrade: the request asks for neither WebSocket nor SPDY/3.1");
    }
    const pod = findPod(pods, request.pod.namespace, request.pod.name, request.pod.uid);
    if (request.kind === "portForward") {
      const sandboxId = await readySandbox(runtime, pod, signal);
      await servePorts(upgrade, request.ports, this.#forward(pod, sandboxId));
      return;
    }
    const containerId = await runningContainer(runtime, pod, request.container, signal);
    const selection = selectionFor(request, pod);
    const session = new RemoteCommandServer(await acceptRemoteCommand(upgrade, selection, signal));
    const running = AbortSignal.any([signal, session.signal]);
    await session.finish(await this.#run(request, containerId, selection, session, running));
  }

  async #run(
    request: ExecOrAttach,
    containerId: string,
    selection: ChannelSelection,
    session: RemoteCommandServer,
    signal: AbortSignal,
  ): Promise<ExecOutcome> {
    const { runtime } = this.#options;
    const { stdin, stdout, stderr, resize } = session;
    const streams: ProcessStreams = {
      ...(stdin ? { stdin } : {}),
      ...(stdout ? { stdout } : {}),
      ...(stderr ? { stderr } : {}),
      ...(resize ? { resize } : {}),
      tty: selection.tty,
    };
    try {
      if (request.kind === "attach") {
        await runtime.attach(containerId, streams, signal);
        return { kind: "success" };
      }
      const options = { command: request.command, tty: selection.tty };
      const code = await runtime.exec(containerId, options, streams, signal);
      return code === 0 ? { kind: "success" } : { kind: "exit", code };
    } catch (error) {
      const doing = request.kind === "attach" ? "attaching to container" : "executing command in container";
      return { kind: "failure", message: `error ${doing}: ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  #forward(pod: Pod, sandboxId: string): Forward {
    const { name, namespace, uid } = pod.metadata;
    return async (port, data, signal) => {
      try {
        await this.#options.runtime.portForward(sandboxId, port, data, signal);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`error forwarding port ${port} to pod ${name}_${namespace}, uid ${uid}: ${why}`, { cause });
      }
    };
  }
}

/** Attaching is to the terminal that the container has or has not, whatever the client thinks. */
function selectionFor(request: ExecOrAttach, pod: Pod): ChannelSelection {
  if (request.kind === "exec") return request.selection;
  const tty = containerSpec(pod, request.container)?.tty ?? false;
  return { ...request.selection, tty, stderr: request.selection.stderr && !tty };
}

async function servePorts(upgrade: UpgradeRequest, ports: readonly number[], forward: Forward): Promise<void> {
  if (upgradeKind(upgrade.request) === "spdy") {
    acceptSpdyUpgrade(upgrade, [portForwardProtocol], portForwardProtocol);
    await servePortForward(upgrade.socket, forward);
    return;
  }
  const accepted = [portForwardTunnelProtocol, remoteCommand.v4, remoteCommand.base64v4];
  const { socket, protocol } = await acceptWebSocketUpgrade(upgrade, accepted);
  if (protocol === portForwardTunnelProtocol) await serveTunnelledPortForward(socket, forward);
  else await serveChannelPortForward(socket, protocol, ports, forward);
}
