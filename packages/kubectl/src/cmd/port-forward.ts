import { type AddressInfo, createServer, isIPv6, type Server, type Socket } from "node:net";
import { finished } from "node:stream/promises";
import type { Pod, Service } from "@kube-ts/api/core/v1";
import { connectionTarget } from "@kube-ts/client/connection-target";
import { openPortForward, type PortForwardClient } from "@kube-ts/client/streaming/port-forward-client";
import { UpgradeError } from "@kube-ts/client/streaming/streaming-error";
import { findPod } from "../builder/find-pods.ts";
import { CommandError, UsageError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { durationFlag, listFlag } from "../command-line/flag.ts";
import { type ForwardedPort, forwardedPorts, type ListenAddress, listenAddresses } from "./forwarded-ports.ts";
import { logUpgrade } from "./remote-session.ts";
import { userAgent } from "../session/open-session.ts";
import type { Session } from "../session/session.ts";

/** What all connections of one command share. */
interface Forwarding {
  readonly session: Session;
  readonly client: PortForwardClient;
  readonly servers: Server[];
  readonly sockets: Set<Socket>;
  readonly stop: AbortController;
}

export const command = defineCommand({
  usage: "TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]",
  description: "Forward one or more local ports to a pod.",
  examples:
    "  # Listen on port 8888 locally, forwarding to 5000 in the pod\n  kubectl port-forward pod/mypod 8888:5000",
  flags: {
    address: listFlag("Addresses to listen on (comma separated). Only accepts IP addresses or localhost as a value.", {
      default: ["localhost"],
    }),
    "pod-running-timeout": durationFlag("The length of time to wait until at least one pod is running", {
      default: 60_000,
    }),
  },
  run: async (session, { flags, positional }) => {
    const [target, ...ports] = positional;
    if (target === undefined || ports.length === 0) {
      throw new UsageError("TYPE/NAME and list of ports are required for port-forward");
    }
    const pod = await findPod(session, [target], flags["pod-running-timeout"]);
    const service = /^(?:svc|services?)\//.test(target) ? await readService(session, target) : undefined;
    const forwarded = forwardedPorts(ports, pod, service);
    const phase = pod.status?.phase ?? "";
    if (phase !== "Running")
      throw new CommandError(`unable to forward port because pod is not running. Current status=${phase}`);
    await forwardPorts(session, pod, forwarded, listenAddresses(flags.address));
  },
});

async function readService(session: Session, target: string): Promise<Service> {
  const { name } = await session.namespace();
  const path = `/api/v1/namespaces/${encodeURIComponent(name)}/services/${encodeURIComponent(target.split("/")[1] ?? "")}`;
  return (await (await session.api()).json({ path })) as unknown as Service;
}

async function forwardPorts(
  session: Session,
  pod: Pod,
  ports: readonly ForwardedPort[],
  addresses: readonly ListenAddress[],
): Promise<void> {
  const { name = "", namespace = "" } = pod.metadata;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/portforward`;
  const target = await connectionTarget(await session.config(), path, userAgent, session.signal, session.clock);
  const client = await logUpgrade(session, path, () => openPortForward(target, session.signal)).catch(
    (cause: unknown) => {
      if (!(cause instanceof UpgradeError)) throw cause;
      throw new CommandError(`error upgrading connection: ${cause.message}`, { cause });
    },
  );
  const stop = new AbortController();
  const forwarding: Forwarding = { session, client, servers: [], sockets: new Set(), stop };
  try {
    let listened = 0;
    for (const port of ports) {
      try {
        await listenOnAll(forwarding, port, addresses);
        listened += 1;
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        session.terminal.error(`Unable to listen on port ${port.local}: ${error.message}\n`);
      }
    }
    if (listened === 0) {
      const asked = ports.map(({ local, remote }) => `{${local} ${remote}}`).join(" ");
      throw new CommandError(`unable to listen on any of the requested ports: [${asked}]`);
    }
    const ended = AbortSignal.any([session.signal, stop.signal]);
    await Promise.race([client.closed, new Promise((resolve) => ended.addEventListener("abort", resolve))]);
    if (!session.signal.aborted) throw new CommandError("lost connection to pod");
  } finally {
    for (const server of forwarding.servers) server.close();
    for (const socket of forwarding.sockets) socket.destroy();
    await client.close();
  }
}

/** Listens on all addresses; the first decides which port it is. Throws a CommandError when that is not enough of them. */
async function listenOnAll(
  forwarding: Forwarding,
  { local, remote }: ForwardedPort,
  addresses: readonly ListenAddress[],
): Promise<void> {
  const failures: string[] = [];
  const counts = { optional: 0, missing: 0, refused: 0 };
  let bound = local;
  for (const { address, isOptional } of addresses) {
    try {
      bound = await listen(forwarding, address, { local: bound, remote });
      if (isOptional) counts.optional += 1;
    } catch (error) {
      failures.push(`unable to create listener: Error ${listenProblem(error, address, bound)}`);
      counts[isOptional ? "missing" : "refused"] += 1;
    }
  }
  if (counts.refused > 0 || (counts.missing > 0 && counts.optional === 0)) {
    throw new CommandError(`Listeners failed to create with the following errors: [${failures.join(" ")}]`);
  }
}

const listenProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "cannot assign requested address",
  EACCES: "permission denied",
};

function listenProblem(error: unknown, address: string, port: number): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const [network, host] = isIPv6(address) ? ["tcp6", `[${address}]`] : ["tcp4", address];
  return `listen ${network} ${host}:${port}: bind: ${listenProblems[code] ?? message}`;
}

/** Answers the port that is listened on. */
async function listen(forwarding: Forwarding, address: string, { local, remote }: ForwardedPort): Promise<number> {
  let port = local;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    forwarding.sockets.add(socket);
    socket.on("close", () => forwarding.sockets.delete(socket));
    void relay(forwarding, socket, { local: port, remote });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(local, address, resolve);
  });
  forwarding.servers.push(server);
  port = (server.address() as AddressInfo).port;
  const host = isIPv6(address) ? `[${address}]` : address;
  await forwarding.session.terminal.write(`Forwarding from ${host}:${port} -> ${remote}\n`);
  return port;
}

/** Never rejects. A connection that the pod refuses ends them all, as users of other kubectls know it. */
async function relay(forwarding: Forwarding, socket: Socket, { local, remote }: ForwardedPort): Promise<void> {
  const { session, client, stop } = forwarding;
  socket.on("error", () => {});
  try {
    await session.terminal.write(`Handling connection for ${local}\n`);
    const { data, error } = await client.open(remote, session.signal);
    data.on("error", () => {});
    socket.pipe(data);
    data.pipe(socket);
    const message = await error;
    if (message !== "") {
      session.requests.failure(`an error occurred forwarding ${local} -> ${remote}: ${message}`);
      return stop.abort();
    }
    await finished(data, { writable: false }).catch(() => {});
  } catch (error) {
    socket.destroy();
    if (session.signal.aborted || stop.signal.aborted) return;
    const reason = error instanceof Error ? error.message : String(error);
    session.requests.failure(`error creating error stream for port ${local} -> ${remote}: ${reason}`);
  }
}
