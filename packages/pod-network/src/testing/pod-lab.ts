import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Node } from "@kube-ts/api/core/v1";
import { createNetworkNamespace } from "@kube-ts/iptables/testing/network-namespace";
import type { NetworkNamespace } from "@kube-ts/iptables/testing/network-namespace";
import { systemClock } from "@kube-ts/std/clock";
import { cniConfigFile } from "../plan/cni-config.ts";

export interface LabOptions {
  /** Of each node: the segment that it is on, counted from 1. Segments are joined by a router without routes to pods. */
  readonly segments: readonly number[];
  readonly families: readonly ("IPv4" | "IPv6")[];
  /** Flags of all agents besides those that find the API server and the node. */
  readonly flags: readonly string[];
}

/** Something with addresses that answers datagrams. */
export interface LabHost {
  readonly name: string;
  readonly namespace: NetworkNamespace;
  readonly addresses: readonly string[];
}

export type LabPod = LabHost;

export interface LabNode extends LabHost {
  readonly podCidrs: readonly string[];
  readonly cniDirectory: string;
  /** Starts the node's agent. */
  startAgent(): ChildProcess;
  /** Resolves when the agent has written the network configuration, else rejects. */
  podNetworkWritten(): Promise<void>;
  /** Connects a pod as the kubelet does, by the configuration that the agent wrote. */
  addPod(): Promise<LabPod>;
}

/** A write that an agent made, as the fake API server saw it. */
export interface SeenWrite {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** A cluster of nodes in network namespaces, with agents and a fake API server that tells them of each other. */
export interface PodLab extends AsyncDisposable {
  /** The router between the segments, which has an address on each; for pods it is outside of the cluster. */
  readonly router: LabHost;
  readonly nodes: readonly LabNode[];
  readonly writes: readonly SeenWrite[];
  /** Tells the agents that these nodes exist. */
  tell(nodes: readonly LabNode[]): void;
}

const apiPort = 8001;
const probePort = 9000;
const pluginDirectory = "/usr/lib/cni";
const fakeApi = fileURLToPath(import.meta.resolve("@kube-ts/client/testing/fake-api"));
const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export async function createPodLab(options: LabOptions, signal: AbortSignal): Promise<PodLab> {
  const stack = new AsyncDisposableStack();
  try {
    return await buildLab(options, stack, signal);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function buildLab(options: LabOptions, stack: AsyncDisposableStack, signal: AbortSignal): Promise<PodLab> {
  const unique = `podlab-${randomBytes(3).toString("hex")}`;
  const directory = await mkdtemp(join(tmpdir(), "pod-lab-"));
  stack.defer(() => rm(directory, { recursive: true }));
  const router = stack.use(await createNetworkNamespace(`${unique}-router`, signal));
  await router.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
  for (const segment of new Set(options.segments)) {
    await router.run("ip", "link", "add", `seg${segment}`, "type", "bridge");
    for (const address of segmentAddresses(options, segment, 254)) await addAddress(router, `seg${segment}`, address);
    await router.run("ip", "link", "set", `seg${segment}`, "up");
  }
  const routerAddresses = segmentAddresses(options, options.segments[0] ?? 1, 254).map(withoutPrefix);
  await serveProbes(stack, router, routerAddresses);
  const context = { options, stack, signal, unique, directory, router };
  const nodes: LabNode[] = [];
  for (const [index, segment] of options.segments.entries()) nodes.push(await buildNode(context, index + 1, segment));
  const api = startProcess(router, [fakeApi, String(apiPort), "::"]);
  stack.defer(() => stopProcess(api));
  const writes: SeenWrite[] = [];
  await new Promise<void>((resolve, reject) => {
    api.once("exit", () => reject(new Error("the fake API server ended")));
    if (!api.stdout) throw new Error("the fake API server has no output");
    createInterface({ input: api.stdout }).on("line", (line) => {
      if (line === "ready") resolve();
      else writes.push(JSON.parse(line) as SeenWrite);
    });
  });
  const tell = (known: readonly LabNode[]) =>
    void api.stdin?.write(`${JSON.stringify({ nodes: known.map(nodeObject) })}\n`);
  const routerHost = { name: "router", namespace: router, addresses: routerAddresses };
  return { router: routerHost, nodes, writes, tell, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

interface LabContext {
  readonly options: LabOptions;
  readonly stack: AsyncDisposableStack;
  readonly signal: AbortSignal;
  readonly unique: string;
  readonly directory: string;
  readonly router: NetworkNamespace;
}

async function buildNode(context: LabContext, number: number, segment: number): Promise<LabNode> {
  const { options, stack, signal, unique, router } = context;
  const name = `n${number}`;
  const namespace = stack.use(await createNetworkNamespace(`${unique}-${name}`, signal));
  await router.run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", namespace.name);
  await router.run("ip", "link", "set", name, "master", `seg${segment}`, "up");
  const addresses = segmentAddresses(options, segment, number);
  for (const address of addresses) await addAddress(namespace, "eth0", address);
  await namespace.run("ip", "link", "set", "eth0", "up");
  const gateways = segmentAddresses(options, segment, 254).map(withoutPrefix);
  for (const gateway of gateways) await namespace.run("ip", "route", "add", "default", "via", gateway);
  // As the container engine leaves it.
  for (const tool of ["iptables", "ip6tables"]) await namespace.run(tool, "-P", "FORWARD", "DROP");
  await serveProbes(stack, namespace, addresses.map(withoutPrefix));
  const cniDirectory = join(context.directory, name);
  await mkdir(cniDirectory);
  const kubeconfig = join(cniDirectory, "kubeconfig");
  await writeFile(kubeconfig, kubeconfigText(gateways[0] ?? ""));
  const flags = [
    script("../main.ts"),
    `--kubeconfig=${kubeconfig}`,
    `--hostname-override=${name}`,
    `--cni-conf-dir=${cniDirectory}`,
    "--sync-period=500ms",
    ...options.flags,
  ];
  let pods = 0;
  return {
    name,
    namespace,
    addresses: addresses.map(withoutPrefix),
    podCidrs: options.families.map((family) =>
      family === "IPv4" ? `10.244.${number}.0/24` : `fd00:244:0:${number}::/64`,
    ),
    cniDirectory,
    startAgent: () => {
      const agent = startProcess(namespace, flags);
      stack.defer(() => stopProcess(agent));
      return agent;
    },
    podNetworkWritten: () => access(join(cniDirectory, cniConfigFile)),
    addPod: () => {
      pods += 1;
      return addPod(context, namespace, cniDirectory, `${name}p${pods}`);
    },
  };
}

async function addPod(
  { stack, signal, unique }: LabContext,
  node: NetworkNamespace,
  cniDirectory: string,
  name: string,
): Promise<LabPod> {
  const namespace = stack.use(await createNetworkNamespace(`${unique}-${name}`, signal));
  const text = await readFile(join(cniDirectory, cniConfigFile), "utf8");
  const list = JSON.parse(text) as { name: string; cniVersion: string; plugins: Record<string, unknown>[] };
  const [bridge] = list.plugins;
  const ipam = { ...(bridge?.["ipam"] as object), dataDir: join(cniDirectory, "addresses") };
  const input = JSON.stringify({ ...bridge, ipam, name: list.name, cniVersion: list.cniVersion });
  const env = {
    CNI_COMMAND: "ADD",
    CNI_CONTAINERID: name,
    CNI_NETNS: `/run/netns/${namespace.name}`,
    CNI_IFNAME: "eth0",
    CNI_PATH: pluginDirectory,
  };
  const variables = Object.entries(env).map(([variable, value]) => `${variable}=${value}`);
  const run = { command: "env", args: [...variables, join(pluginDirectory, "bridge")], input, packageName: "" };
  const result = await node.runner({ ...run, timeoutMs: 30_000, maxOutputBytes: 1_000_000 }, signal);
  if (result.exitCode !== 0) throw new Error(`bridge plugin: ${result.stdout} ${result.stderr}`);
  const { ips } = JSON.parse(result.stdout) as { ips: { address: string }[] };
  const addresses = ips.map(({ address }) => withoutPrefix(address));
  await serveProbes(stack, namespace, addresses);
  return { name, namespace, addresses };
}

/** Answers probes in the namespace until the lab ends. */
async function serveProbes(
  stack: AsyncDisposableStack,
  namespace: NetworkNamespace,
  addresses: readonly string[],
): Promise<void> {
  const args = ["netns", "exec", namespace.name, "perl", script("./udp-probe.pl"), "serve", String(probePort)];
  const server = spawn("ip", [...args, ...addresses], { stdio: ["ignore", "pipe", "inherit"] });
  stack.defer(() => stopProcess(server));
  await once(server.stdout, "data");
}

/**
 * Sends one packet of so many bytes, headers included, that must not be cut on the way; answers the address that it
 * came from as the receiver saw it. Rejects when there is no answer.
 */
export async function probe(from: LabHost, to: string, bytes = 100): Promise<string> {
  const args = [script("./udp-probe.pl"), "ask", to, String(probePort), String(bytes)];
  return (await from.namespace.run("perl", ...args)).trim();
}

function nodeObject(node: LabNode): Node {
  return {
    metadata: { name: node.name, uid: node.name, resourceVersion: "1" },
    spec: { podCIDR: node.podCidrs[0], podCIDRs: [...node.podCidrs] },
    status: { addresses: node.addresses.map((address) => ({ type: "InternalIP", address })) },
  };
}

function segmentAddresses({ families }: LabOptions, segment: number, number: number): readonly string[] {
  return families.map((family) =>
    family === "IPv4" ? `192.168.${segment}.${number}/24` : `fd77:0:0:${segment}::${number}/64`,
  );
}

async function addAddress(namespace: NetworkNamespace, link: string, address: string): Promise<void> {
  const noDetection = address.includes(":") ? ["nodad"] : [];
  await namespace.run("ip", "address", "add", address, "dev", link, ...noDetection);
}

function kubeconfigText(host: string): string {
  const server = `http://${host.includes(":") ? `[${host}]` : host}:${apiPort}`;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server } }],
    contexts: [{ name: "c", context: { cluster: "c" } }],
    "current-context": "c",
  });
}

const withoutPrefix = (address: string) => address.slice(0, address.indexOf("/"));

function startProcess(namespace: NetworkNamespace, args: readonly string[]): ChildProcess {
  const command = ["netns", "exec", namespace.name, process.execPath, "--disable-warning=ExperimentalWarning", ...args];
  return spawn("ip", command, { stdio: ["pipe", "pipe", process.env["POD_LAB_LOG"] ? "inherit" : "ignore"] });
}

/** Ends it at once, as a crash would. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

/** Waits until the check passes; throws what it threw last when that takes too long. */
export async function eventually(check: () => Promise<void>, signal: AbortSignal, timeoutMs = 20_000): Promise<void> {
  const deadlineMs = systemClock.monotonicMs() + timeoutMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (systemClock.monotonicMs() > deadlineMs) throw error;
    }
    await systemClock.sleep(100, signal);
  }
}
