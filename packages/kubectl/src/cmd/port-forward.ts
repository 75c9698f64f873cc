import { createServer, type Server, type Socket } from "node:net";
import { finished } from "node:stream/promises";
import type { Pod, Service } from "@kube-ts/api/core/v1";
import { connectionTarget } from "@kube-ts/client/connection-target";
import { openPortForward, type PortForwardClient } from "@kube-ts/client/streaming/port-forward-client";
import { findPods } from "../builder/find-pods.ts";
import { CommandError, UsageError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { durationFlag, listFlag } from "../command-line/flag.ts";
import { logUpgrade } from "./remote-session.ts";
import { userAgent } from "../session/open-session.ts";
import type { Session } from "../session/session.ts";

interface PortPair {
  readonly local: number;
  readonly remote: number;
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
    const [pod] = await findPods(session, [target], flags["pod-running-timeout"]);
    if (!pod) throw new CommandError(`no pods found for ${target}`);
    const phase = pod.status?.phase ?? "";
    if (phase !== "Running")
      throw new CommandError(`unable to forward port because pod is not running. Current status=${phase}`);
    const service = /^(?:svc|services?)\//.test(target) ? await readService(session, target) : undefined;
    const pairs = ports.map((text) => parsePorts(text, pod, service));
    await forwardPorts(session, pod, pairs, flags.address);
  },
});

async function readService(session: Session, target: string): Promise<Service> {
  const { name } = await session.namespace();
  const path = `/api/v1/namespaces/${encodeURIComponent(name)}/services/${encodeURIComponent(target.split("/")[1] ?? "")}`;
  return (await (await session.api()).json({ path })) as unknown as Service;
}

/** Reads `8080`, `8080:80`, `:80`; the remote side may be a port's name. Throws a CommandError. */
export function parsePorts(text: string, pod: Pod, service: Service | undefined): PortPair {
  const parts = text.split(":");
  if (parts.length > 2) throw new CommandError(`invalid port format '${text}'`);
  const [first = "", second] = parts;
  const remoteText = second ?? first;
  const asked = portNumber(remoteText) ?? service?.spec?.ports?.find(({ name }) => name === remoteText)?.port;
  const remote = service === undefined ? (asked ?? containerPort(pod, remoteText)) : serviceTarget(service, pod, asked);
  if (remote === undefined)
    throw new CommandError(`Pod '${pod.metadata.name ?? ""}' does not have a named port '${remoteText}'`);
  const local = second !== undefined && first === "" ? 0 : (portNumber(first) ?? remote);
  return { local: second === undefined ? (asked ?? local) : local, remote };
}

function portNumber(text: string): number | undefined {
  const port = Number(text);
  return /^\d+$/.test(text) && port <= 65_535 ? port : undefined;
}

function containerPort(pod: Pod, name: string): number | undefined {
  return pod.spec?.containers.flatMap(({ ports = [] }) => ports).find((port) => port.name === name)?.containerPort;
}

function serviceTarget(service: Service, pod: Pod, port: number | undefined): number | undefined {
  const entry = service.spec?.ports?.find((each) => each.port === port);
  if (!entry)
    throw new CommandError(`Service ${service.metadata.name ?? ""} does not have a service port ${port ?? ""}`);
  if (service.spec?.clusterIP === "None") return port;
  const { targetPort = port } = entry;
  return typeof targetPort === "string" ? containerPort(pod, targetPort) : targetPort;
}

async function forwardPorts(
  session: Session,
  pod: Pod,
  pairs: readonly PortPair[],
  addresses: readonly string[],
): Promise<void> {
  const { name = "", namespace = "" } = pod.metadata;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/portforward`;
  const target = await connectionTarget(await session.config(), path, userAgent, session.signal, session.clock);
  const client = await logUpgrade(session, path, () => openPortForward(target, session.signal));
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  try {
    for (const address of addresses.flatMap((each) => (each === "localhost" ? ["127.0.0.1", "::1"] : [each]))) {
      for (const pair of pairs) {
        const server = await listen(session, client, address, pair, sockets).catch((error: unknown) => {
          session.terminal.error(
            `Unable to listen on port ${pair.local}: ${error instanceof Error ? error.message : String(error)}\n`,
          );
          return undefined;
        });
        if (server) servers.push(server);
      }
    }
    if (servers.length === 0)
      throw new CommandError(
        `unable to listen on any of the requested ports: [${pairs.map(({ local, remote }) => `{${local} ${remote}}`).join(" ")}]`,
      );
    const stopped = new Promise<void>((resolve) =>
      session.signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    await Promise.race([client.closed, stopped]);
    if (!session.signal.aborted) throw new CommandError("lost connection to pod");
  } finally {
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
    await client.close();
  }
}

async function listen(
  session: Session,
  client: PortForwardClient,
  address: string,
  { local, remote }: PortPair,
  sockets: Set<Socket>,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    void relay(session, client, socket, remote);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(local, address, resolve);
  });
  const bound = server.address();
  const port = typeof bound === "object" && bound ? bound.port : local;
  await session.terminal.write(
    `Forwarding from ${address.includes(":") ? `[${address}]` : address}:${port} -> ${remote}\n`,
  );
  return server;
}

/** Never rejects: one failed connection does not end the others. */
async function relay(session: Session, client: PortForwardClient, socket: Socket, remote: number): Promise<void> {
  socket.on("error", () => {});
  try {
    await session.terminal.write(`Handling connection for ${remote}\n`);
    const { data, error } = await client.open(remote, session.signal);
    data.on("error", () => {});
    socket.pipe(data);
    data.pipe(socket);
    const message = await error;
    if (message !== "") session.terminal.error(`error: an error occurred forwarding: ${message}\n`);
    await finished(data, { writable: false }).catch(() => {});
  } catch (error) {
    session.terminal.error(`error: error creating stream: ${error instanceof Error ? error.message : String(error)}\n`);
    socket.destroy();
  }
}
