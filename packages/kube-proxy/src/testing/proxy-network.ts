import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createNetworkNamespace } from "@kube-ts/iptables/testing/network-namespace";
import type { NetworkNamespace } from "@kube-ts/iptables/testing/network-namespace";

/** What a server said to a call, or why there was no answer. */
export interface Answer {
  readonly name?: string;
  /** The address that the server was called from. */
  readonly client?: string;
  readonly error?: string;
}

export interface Place {
  readonly namespace: NetworkNamespace;
  /** Makes calls from here, one after the other; UDP packets always leave from the same port. */
  call(protocol: "tcp" | "udp", host: string, port: number, count?: number): Promise<readonly Answer[]>;
  /** Connects by TCP from this port of the place's own. */
  connectFrom(localPort: number, host: string, port: number): Promise<Answer>;
}

/**
 * A node with two pods and a neighbour outside, each in a network namespace of its own:
 * node 192.168.77.1 and fd77::1, neighbour .2, pods 10.244.1.2 and .3 (fd00:244::2 and ::3), which answer on
 * port 8080 with their names, `pod2` and `pod3`. Routes of the cluster IP ranges lead to the node.
 */
export interface ProxyNetwork extends AsyncDisposable {
  readonly node: Place;
  readonly outside: Place;
  readonly pod2: Place;
  readonly pod3: Place;
  /** Starts a server in the place and resolves when it answers. */
  serve(place: Place, name: string, port: number, host: string): Promise<void>;
  /** Starts a script of this package in the place; it ends with the network at the latest. */
  start(place: Place, args: readonly string[]): ChildProcess;
}

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export async function createProxyNetwork(signal: AbortSignal): Promise<ProxyNetwork> {
  const stack = new AsyncDisposableStack();
  try {
    return await buildNetwork(stack, signal);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Everything that has to end is put on the stack, also what is started later. */
async function buildNetwork(stack: AsyncDisposableStack, signal: AbortSignal): Promise<ProxyNetwork> {
  const unique = `kube-ts-${randomBytes(3).toString("hex")}`;
  const place = async (name: string): Promise<Place> => {
    const namespace = stack.use(await createNetworkNamespace(`${unique}-${name}`, signal));
    const client = startProcess(namespace, [script("./probe-client.ts")]);
    stack.defer(() => stopProcess(client));
    const ask = asker(client, signal);
    return {
      namespace,
      call: (protocol, host, port, count = 1) => ask({ protocol, host, port, count }),
      connectFrom: async (localPort, host, port) => {
        const [answer] = await ask({ protocol: "tcp", host, port, count: 1, localPort });
        return answer ?? {};
      },
    };
  };
  const node = await place("node");
  const outside = await place("outside");
  const pod2 = await place("pod2");
  const pod3 = await place("pod3");
  await node.namespace.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
  await linkOutside(node.namespace, outside.namespace);
  await linkPod(node.namespace, pod2.namespace, 2);
  await linkPod(node.namespace, pod3.namespace, 3);
  const serve = async (where: Place, name: string, port: number, host: string) => {
    const server = startProcess(where.namespace, [script("./echo-server.ts"), name, String(port), host]);
    stack.defer(() => stopProcess(server));
    await nextLine(server, signal);
  };
  await serve(pod2, "pod2", 8080, "::");
  await serve(pod3, "pod3", 8080, "::");
  const start = (where: Place, args: readonly string[]) => {
    const child = startProcess(where.namespace, args);
    stack.defer(() => stopProcess(child));
    return child;
  };
  return { node, outside, pod2, pod3, serve, start, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function linkOutside(node: NetworkNamespace, outside: NetworkNamespace): Promise<void> {
  await node.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", outside.name);
  await setUp(node, "eth0", ["192.168.77.1/24", "fd77::1/64"]);
  await setUp(outside, "eth0", ["192.168.77.2/24", "fd77::2/64"]);
  // A node without a route for an address would not even try to send to it.
  await node.run("ip", "route", "add", "default", "via", "192.168.77.2");
  await node.run("ip", "route", "add", "default", "via", "fd77::2");
  await outside.run("ip", "route", "add", "10.96.0.0/16", "via", "192.168.77.1");
  await outside.run("ip", "route", "add", "fd00:96::/64", "via", "fd77::1");
}

async function linkPod(node: NetworkNamespace, pod: NetworkNamespace, number: number): Promise<void> {
  const link = `pod${number}`;
  await node.run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", pod.name);
  await setUp(node, link, ["10.244.1.1/32", "fd00:244::1/128"]);
  await setUp(pod, "eth0", [`10.244.1.${number}/32`, `fd00:244::${number}/128`]);
  await node.run("ip", "route", "add", `10.244.1.${number}/32`, "dev", link);
  await node.run("ip", "route", "add", `fd00:244::${number}/128`, "dev", link);
  await pod.run("ip", "route", "add", "default", "via", "10.244.1.1", "dev", "eth0", "onlink");
  await pod.run("ip", "route", "add", "default", "via", "fd00:244::1", "dev", "eth0", "onlink");
}

async function setUp(namespace: NetworkNamespace, link: string, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    const noDetection = address.includes(":") ? ["nodad"] : [];
    await namespace.run("ip", "address", "add", address, "dev", link, ...noDetection);
  }
  await namespace.run("ip", "link", "set", link, "up");
}

function startProcess(namespace: NetworkNamespace, args: readonly string[]): ChildProcess {
  const command = ["netns", "exec", namespace.name, process.execPath, ...args];
  return spawn("ip", command, { stdio: ["pipe", "pipe", "ignore"] });
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

function asker(child: ChildProcess, signal: AbortSignal): (call: object) => Promise<readonly Answer[]> {
  return async (call) => {
    const answer = nextLine(child, signal);
    child.stdin?.write(`${JSON.stringify(call)}\n`);
    return JSON.parse(await answer) as readonly Answer[];
  };
}

/** The next line that the process writes; rejects when it ends instead. */
export function nextLine(child: ChildProcess, signal: AbortSignal): Promise<string> {
  if (!child.stdout) throw new Error("the process has no output");
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error("the process ended"));
    const onAbort = () => reject(signal.reason as Error);
    child.once("exit", onExit);
    signal.addEventListener("abort", onAbort, { once: true });
    lines.once("line", (line) => {
      child.off("exit", onExit);
      signal.removeEventListener("abort", onAbort);
      lines.close();
      resolve(line);
    });
  });
}
