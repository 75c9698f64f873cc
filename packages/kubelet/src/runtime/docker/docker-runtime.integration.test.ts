import assert from "node:assert/strict";
import { existsSync, lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, duplexPair } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { CgroupFilesystem } from "../../cgroups/cgroup-filesystem.ts";
import { cgroupHierarchy, processCgroups } from "../../cgroups/hierarchy.ts";
import type { ContainerConfig } from "../config.ts";
import type { PodIdentity, RuntimeEvent } from "../runtime.ts";
import { runtimeErrorCode } from "../runtime-error.ts";
import type { DockerRuntime } from "./docker-runtime.ts";
import { startEngineFixture } from "./testing/engine-fixture.ts";
import type { EngineFixture } from "./testing/engine-fixture.ts";
import { createNetnsNetwork } from "./testing/netns-network.ts";
import type { NetnsNetwork } from "./testing/netns-network.ts";
import { containerFor, createRuntime, podNamed, sandboxFor, until, untilExited } from "./testing/runtime-fixture.ts";

const signal = AbortSignal.timeout(300_000);
const directory = mkdtempSync(join(tmpdir(), "kube-ts-runtime-"));
let engine: EngineFixture;
let net: NetnsNetwork;
let runtime: DockerRuntime;
let pod: PodIdentity;
let sandbox: string;

before(async () => {
  engine = await startEngineFixture();
  net = createNetnsNetwork(`${engine.prefix}rt`);
  runtime = createRuntime(engine, net.network);
  pod = podNamed(engine, "shared");
  sandbox = await runtime.runPodSandbox(sandboxFor(pod, { logDirectory: join(directory, "logs") }), signal);
});

after(async () => {
  await runtime[Symbol.asyncDispose]();
  net[Symbol.dispose]();
  await engine[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs a container to its end and answers its status and output. */
async function run(command: readonly string[], changes: Parameters<typeof containerFor>[3] = {}) {
  const id = await start(command, changes);
  const status = await untilExited(runtime, id, signal);
  const output = await logText(id);
  await runtime.removeContainer(id, signal);
  return { status, output };
}

async function start(command: readonly string[], changes: Parameters<typeof containerFor>[3] = {}): Promise<string> {
  const name = `c${counter++}`;
  const config: ContainerConfig = containerFor(pod, engine.image, command, { name, ...changes });
  const id = await runtime.createContainer(sandbox, config, signal);
  await runtime.startContainer(id, signal);
  return id;
}
let counter = 0;

async function logText(id: string, options = {}): Promise<string> {
  let all = "";
  for await (const line of runtime.logs(id, { follow: false, ...options }, signal)) all += line.content.toString();
  return all;
}

test("a sandbox runs by a runtime of the engine's, its containers by the same, and by no other name", async () => {
  const pod = podNamed(engine, "handled");
  await assert.rejects(
    runtime.runPodSandbox(sandboxFor(pod, { runtimeHandler: "nope" }), signal),
    /no runtime for "nope" is configured/,
  );
  assert.ok((await runtime.status(signal)).features.handlers.includes("runc"));
  const sandboxId = await runtime.runPodSandbox(sandboxFor(pod, { runtimeHandler: "runc" }), signal);
  const id = await runtime.createContainer(sandboxId, containerFor(pod, engine.image, ["sleep", "1"]), signal);
  const handlers = await Promise.all(
    [sandboxId, id].map(async (each) => (await engine.docker.getContainer(each).inspect()).HostConfig.Runtime),
  );
  assert.deepEqual(handlers, ["runc", "runc"]);
  await runtime.removePodSandbox(sandboxId, signal);
});

test("version and status", async () => {
  const version = await runtime.version(signal);
  assert.equal(version.runtimeName, "docker");
  assert.match(version.runtimeVersion, /^\d+\.\d+/);
  const status = await runtime.status(signal);
  assert.deepEqual(
    status.conditions.map(({ type, status: value }) => [type, value]),
    [
      ["RuntimeReady", true],
      ["NetworkReady", true],
    ],
  );
});

test("a sandbox has an address and tells who it is", async () => {
  const status = await runtime.podSandboxStatus(sandbox, signal);
  assert.ok(status);
  assert.equal(status.state, "ready");
  assert.deepEqual(status.pod, pod);
  assert.deepEqual(status.annotations, { "example.com/note": "sandbox" });
  assert.ok(status.ips[0]?.startsWith(net.subnet), status.ips.join());
  const listed = await runtime.listPodSandboxes({ labels: { "io.kubernetes.pod.uid": pod.uid } }, signal);
  assert.deepEqual(
    listed.map(({ id, state, attempt }) => ({ id, state, attempt })),
    [{ id: sandbox, state: "ready", attempt: 0 }],
  );
});

test("a container runs in its sandbox's namespaces with the given name resolution", async () => {
  const script = "ip -o -4 addr show eth0; hostname; cat /etc/resolv.conf";
  const { status, output } = await run(["sh", "-c", script]);
  const [address] = (await runtime.podSandboxStatus(sandbox, signal))?.ips ?? [];
  assert.equal(status.exitCode, 0);
  assert.match(output, new RegExp(`inet ${address}/`));
  assert.match(output, new RegExp(`\n${pod.name}\n`));
  assert.match(output, /nameserver 10\.96\.0\.10\nsearch default\.svc\.cluster\.local\noptions ndots:5\n/);
});

test("command, arguments, environment, directory, user and groups", async () => {
  const { output } = await run(["sh", "-c"], {
    args: ["echo $GREETING; pwd; id -u; id -g; id -G"],
    env: [{ name: "GREETING", value: "hello=there" }],
    workingDir: "/tmp",
    security: { runAsUser: 1000, runAsGroup: 1001, supplementalGroups: [2000, 2001] },
  });
  assert.equal(output, "hello=there\n/tmp\n1000\n1001\n1001 2000 2001\n");
});

test("mounts, read-only file systems and capabilities", async () => {
  const file = join(directory, "mounted");
  writeFileSync(file, "from the host\n");
  const mount = { containerPath: "/etc/mounted", hostPath: file, readOnly: true, propagation: "private" } as const;
  const script =
    "cat /etc/mounted; echo x > /etc/mounted || echo ro-mount; echo x > /file || echo ro-root; grep CapEff /proc/self/status";
  const { output } = await run(["sh", "-c", `exec 2>/dev/null; ${script}`], {
    mounts: [mount],
    security: { readonlyRootFilesystem: true, capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } },
  });
  assert.match(output, /^from the host\nro-mount\nro-root\nCapEff:\s*0000000000000400\n$/);
  const missing = { ...mount, hostPath: join(directory, "missing") };
  await assert.rejects(start(["true"], { mounts: [missing] }), (error: unknown) => {
    assert.equal(runtimeErrorCode(error), "InvalidArgument");
    return true;
  });
});

test("a privileged container gets what the machine can grant", async () => {
  const { status, output } = await run(["sh", "-c", "grep -E 'CapEff|Seccomp:' /proc/self/status"], {
    security: { privileged: true },
  });
  assert.equal(status.exitCode, 0);
  const set = (text: string) => BigInt(`0x${/Cap(?:Bnd|Eff):\s*(\w+)/.exec(text)?.[1]}`);
  const known = (1n << 38n) - 1n;
  const bounding = set(readFileSync("/proc/self/status", "utf8").replace(/CapEff.*/, ""));
  assert.equal(set(output) & known, bounding & known);
  assert.match(output, /Seccomp:\s*0\n/);
});

test("resources reach the kernel and can be changed", async () => {
  const id = await start(["sleep", "600"], {
    resources: {
      cpuShares: 204,
      cpuQuotaUs: 20_000,
      cpuPeriodUs: 100_000,
      memoryLimitBytes: 32 << 20,
      oomScoreAdj: -500,
    },
  });
  const running = await runtime.containerStatus(id, signal);
  assert.equal(running?.state, "running");
  assert.equal(running.resources.memoryLimitBytes, 32 << 20);
  assert.equal(running.resources.cpuQuotaUs, 20_000);
  await runtime.updateContainerResources(id, { memoryLimitBytes: 64 << 20, cpuShares: 512 }, signal);
  const updated = await runtime.containerStatus(id, signal);
  assert.equal(updated?.resources.memoryLimitBytes, 64 << 20);
  assert.equal(updated.resources.cpuShares, 512);
  await runtime.removeContainer(id, signal);
});

test("exit codes, the out-of-memory killer and commands that cannot start", async () => {
  assert.deepEqual(pick((await run(["sh", "-c", "exit 3"])).status), { exitCode: 3, reason: "Error" });
  assert.deepEqual(pick((await run(["true"])).status), { exitCode: 0, reason: "Completed" });
  const greedy = await run(["sh", "-c", "x=1234567890; while true; do x=$x$x; done"], {
    resources: { memoryLimitBytes: 16 << 20 },
  });
  assert.equal(greedy.status.reason, "OOMKilled");
  const id = await runtime.createContainer(sandbox, containerFor(pod, engine.image, ["/nonexistent"]), signal);
  await assert.rejects(runtime.startContainer(id, signal), /no such file or directory/);
  const failed = await runtime.containerStatus(id, signal);
  assert.deepEqual(pick(failed), { exitCode: 127, reason: "ContainerCannotRun" });
  await runtime.removeContainer(id, signal);
});

function pick(status: { readonly exitCode: number; readonly reason: string } | undefined) {
  return { exitCode: status?.exitCode, reason: status?.reason };
}

test("stopping waits for the grace and no longer; it and removing may be repeated", async () => {
  const polite = await start(["sh", "-c", "trap 'exit 5' TERM; while true; do sleep 0.1; done"]);
  await runtime.stopContainer(polite, 30, signal);
  assert.equal((await runtime.containerStatus(polite, signal))?.exitCode, 5);
  const stubborn = await start(["sh", "-c", "trap '' TERM; while true; do sleep 0.1; done"]);
  await runtime.stopContainer(stubborn, 1, signal);
  assert.equal((await runtime.containerStatus(stubborn, signal))?.exitCode, 137);
  for (const id of [polite, stubborn]) {
    await runtime.stopContainer(id, 1, signal);
    for (let round = 0; round < 2; round++) await runtime.removeContainer(id, signal);
    await runtime.stopContainer(id, 1, signal);
    assert.equal(await runtime.containerStatus(id, signal), undefined);
  }
});

test("a created container with the same name is replaced, one that ran is not", async () => {
  const config = containerFor(pod, engine.image, ["true"], { name: "twice" });
  const first = await runtime.createContainer(sandbox, config, signal);
  const second = await runtime.createContainer(sandbox, config, signal);
  assert.notEqual(first, second);
  await runtime.startContainer(second, signal);
  await untilExited(runtime, second, signal);
  await assert.rejects(runtime.createContainer(sandbox, config, signal), (error: unknown) => {
    assert.equal(runtimeErrorCode(error), "Conflict");
    return true;
  });
  await runtime.removeContainer(second, signal);
});

test("commands run beside the main process", async () => {
  const id = await start(["sleep", "600"]);
  const result = await runtime.execSync(id, ["sh", "-c", "echo out; echo err >&2; exit 4"], 10_000, signal);
  assert.deepEqual(
    { out: result.stdout.toString(), err: result.stderr.toString(), code: result.exitCode },
    { out: "out\n", err: "err\n", code: 4 },
  );
  await assert.rejects(runtime.execSync(id, ["sleep", "321"], 300, signal), (error: unknown) => {
    assert.equal(runtimeErrorCode(error), "DeadlineExceeded");
    return true;
  });
  // The command that was too slow does not go on.
  await until(async () => {
    const processes = await engine.docker.getContainer(id).top();
    return processes.Processes.some((fields: string[]) => fields.at(-1)?.includes("321")) ? undefined : true;
  });

  const stdout = new PassThrough();
  const output = text(stdout);
  const input = "line\n".repeat(50_000);
  const streams = { stdin: Readable.from([Buffer.from(input)]), stdout, tty: false };
  assert.equal(await runtime.exec(id, { command: ["cat"], tty: false }, streams, signal), 0);
  stdout.end();
  assert.equal(await output, input);

  await assert.rejects(
    runtime.exec(id, { command: ["/missing"], tty: false }, { stdout, tty: false }, signal).then((code) => {
      assert.notEqual(code, 0);
      throw new Error(`exit ${code}`);
    }),
  );
  await runtime.removeContainer(id, signal);
});

test("a terminal has one output and a size", async () => {
  const id = await start(["sleep", "600"]);
  const stdout = new PassThrough();
  const output = text(stdout);
  const stdin = new PassThrough();
  const sizes = (async function* () {
    yield { width: 123, height: 45 };
  })();
  const running = runtime.exec(id, { command: ["sh"], tty: true }, { stdin, stdout, tty: true, resize: sizes }, signal);
  stdin.write("echo to-stderr >&2; sleep 1; /bin/busybox stty size; exit\n");
  assert.equal(await running, 0);
  stdout.end();
  const shown = await output;
  assert.match(shown, /to-stderr\r\n/);
  assert.match(shown, /45 123\r\n/);
  await runtime.removeContainer(id, signal);
});

test("attaching reaches the main process, exactly", async () => {
  const id = await start(["cat"], { stdin: true, stdinOnce: true });
  const stdout = new PassThrough();
  const output = text(stdout);
  await runtime.attach(id, { stdin: Readable.from([Buffer.from("typed\n")]), stdout, tty: false }, signal);
  stdout.end();
  assert.equal(await output, "typed\n");
  assert.equal((await untilExited(runtime, id, signal)).exitCode, 0);
  await runtime.removeContainer(id, signal);
});

test("ports are reached on the pod's loopback", async () => {
  const id = await start(["sh", "-c", "echo served > /tmp/page; httpd -f -h /tmp -p 127.0.0.1:8085"]);
  const request = "GET /page HTTP/1.0\r\n\r\n";
  const ask = async (): Promise<string> => {
    const [near, far] = duplexPair();
    const forwarding = runtime.portForward(sandbox, 8085, far, signal).then(() => far.end());
    near.end(request);
    const [answer] = await Promise.all([text(near), forwarding]);
    return answer;
  };
  const first = await until(() => ask().catch(() => undefined));
  assert.match(first, /^HTTP\/1\.[01] 200 OK\r\n[^]*\r\n\r\nserved\n$/);
  const many = await Promise.all(Array.from({ length: 20 }, ask));
  for (const answer of many) assert.match(answer, /served\n$/);
  await assert.rejects(runtime.portForward(sandbox, 9999, new PassThrough(), signal), (error: unknown) => {
    assert.equal(runtimeErrorCode(error), "NetworkFailed");
    assert.match(String(error), /ECONNREFUSED 127\.0\.0\.1:9999/);
    return true;
  });
  await runtime.removeContainer(id, signal);
});

test("output is read while it is written, and linked where the caller wants it", async () => {
  const script = "echo one; echo two >&2; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo three";
  const id = await start(["sh", "-c", script], { logPath: "app/0.log" });
  const link = (await runtime.containerStatus(id, signal))?.logPath ?? "";
  assert.equal(link, join(directory, "logs/app/0.log"));
  assert.match(readlinkSync(link), new RegExp(`${id}-json\\.log$`));
  const lines: string[] = [];
  for await (const line of runtime.logs(id, { follow: true }, signal)) {
    lines.push(`${line.stream} ${line.content.toString().trim()}`);
    if (lines.length === 2) await runtime.execSync(id, ["sh", "-c", "echo > /tmp/go"], 5_000, signal);
  }
  assert.deepEqual([...lines].sort(), ["stderr two", "stdout one", "stdout three"]);
  assert.equal(await logText(id, { tailLines: 1 }), "three\n");
  await runtime.removeContainer(id, signal);
  assert.throws(() => lstatSync(link), { code: "ENOENT" });
});

test("usage is counted", async () => {
  const id = await start(["sh", "-c", "while true; do :; done"]);
  const stats = await until(async () => {
    const [found] = await runtime.listContainerStats({ id }, signal);
    return found?.cpu.usageNanoCores === undefined ? undefined : found;
  });
  assert.ok(stats.cpu.usageCoreNanoSeconds > 0 && (stats.cpu.usageNanoCores ?? 0) > 0);
  assert.ok(stats.memory.usageBytes > 0);
  const [pods] = await runtime.listPodSandboxStats({ id: sandbox }, signal);
  assert.deepEqual(
    pods?.interfaces.map((each) => each.name),
    ["eth0"],
  );
  await runtime.removeContainer(id, signal);
});

test("changes are told as they happen, and a dead pause container makes the sandbox not ready", async () => {
  const own = podNamed(engine, "events");
  const stop = new AbortController();
  const seen: RuntimeEvent[] = [];
  const watching = (async () => {
    for await (const event of runtime.events(AbortSignal.any([signal, stop.signal]))) {
      if (event.type === "resync" || event.pod.uid === own.uid) seen.push(event);
    }
  })();
  await until(async () => (seen.length > 0 ? true : undefined));
  const id = await runtime.runPodSandbox(sandboxFor(own), signal);
  const container = await runtime.createContainer(id, containerFor(own, engine.image, ["sleep", "600"]), signal);
  await runtime.startContainer(container, signal);
  await engine.docker.getContainer(id).kill();
  await until(async () => ((await runtime.podSandboxStatus(id, signal))?.state === "notready" ? true : undefined));
  assert.equal((await runtime.podSandboxStatus(id, signal))?.ips.length, 0);
  for (let round = 0; round < 2; round++) {
    await runtime.stopPodSandbox(id, signal);
    await runtime.removePodSandbox(id, signal);
  }
  assert.equal(await runtime.podSandboxStatus(id, signal), undefined);
  assert.equal(await runtime.containerStatus(container, signal), undefined);
  await until(async () => (seen.at(-1)?.type === "sandbox" && seen.length >= 9 ? true : undefined));
  stop.abort();
  await watching;
  const changes = seen.map((event) => (event.type === "resync" ? "resync" : `${event.type} ${event.change}`));
  assert.deepEqual(changes, [
    "resync",
    "sandbox created",
    "sandbox started",
    "container created",
    "container started",
    "sandbox exited",
    "container exited",
    "container removed",
    "sandbox removed",
  ]);
});

test("host network, shared processes and sysctls", async () => {
  const own = podNamed(engine, "host");
  const config = sandboxFor(own, { namespaces: { network: "node", pid: "pod", ipc: "node" } });
  const { dns: _none, ...withoutDns } = config;
  const id = await runtime.runPodSandbox(withoutDns, signal);
  const status = await runtime.podSandboxStatus(id, signal);
  assert.deepEqual(
    [status?.state, status?.hostNetwork, status?.hostIpc, status?.sharePid, status?.ips.length],
    ["ready", true, true, true, 0],
  );
  const shared = containerFor(own, engine.image, ["sh", "-c", "cat /proc/1/cmdline; ip -o link"], {
    security: { pid: "pod" },
  });
  const container = await runtime.createContainer(id, shared, signal);
  await runtime.startContainer(container, signal);
  await untilExited(runtime, container, signal);
  const output = await logText(container);
  assert.match(output, /sleep.*2147483647/);
  await runtime.removePodSandbox(id, signal);

  const tuned = podNamed(engine, "sysctl");
  const tunedId = await runtime.runPodSandbox(
    sandboxFor(tuned, { sysctls: { "net.ipv4.ip_unprivileged_port_start": "81" } }),
    signal,
  );
  const reader = await runtime.createContainer(
    tunedId,
    containerFor(tuned, engine.image, ["cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start"]),
    signal,
  );
  await runtime.startContainer(reader, signal);
  await untilExited(runtime, reader, signal);
  assert.equal(await logText(reader), "81\n");
  await runtime.removePodSandbox(tunedId, signal);
});

test("pods live in the cgroup that they are given", async () => {
  const hierarchy = cgroupHierarchy(readFileSync("/proc/self/mountinfo", "utf8"));
  const store = new CgroupFilesystem(hierarchy, "cgroupfs", systemClock, silentLogger);
  const name = [engine.prefix, "podcgroup"];
  for (const each of [name.slice(0, 1), name]) {
    await store.apply(each, { cpuShares: 512, cpuPeriodUs: 100_000, memoryLimitBytes: 256 << 20 }, signal);
  }
  const own = podNamed(engine, "cgroup");
  const id = await runtime.runPodSandbox(sandboxFor(own, { cgroupParent: store.path(name) }), signal);
  const container = await runtime.createContainer(id, containerFor(own, engine.image, ["sleep", "600"]), signal);
  await runtime.startContainer(container, signal);
  const { State } = await engine.docker.getContainer(container).inspect();
  const paths = processCgroups(readFileSync(`/proc/${State.Pid}/cgroup`, "utf8"));
  assert.equal(paths.get(hierarchy.version === 2 ? "" : "memory"), `${store.path(name)}/${container}`);
  const [stats] = await runtime.listPodSandboxStats({ id }, signal);
  assert.ok((stats?.memory.usageBytes ?? 0) > 0);
  assert.ok((stats?.memory.availableBytes ?? Infinity) < 256 << 20);
  await runtime.removePodSandbox(id, signal);
  await store.remove(name.slice(0, 1), signal);
  // Whichever trees the engine has put it in.
  const roots = hierarchy.version === 2 ? [hierarchy.root] : [...hierarchy.controllers.values()];
  assert.deepEqual(
    roots.filter((root) => existsSync(join(root, engine.prefix))),
    [],
  );
});

test("another kubelet finds everything as it was left, and gives back what was lost", async () => {
  const own = podNamed(engine, "restart");
  const id = await runtime.runPodSandbox(sandboxFor(own), signal);
  const container = await runtime.createContainer(id, containerFor(own, engine.image, ["sleep", "600"]), signal);
  await runtime.startContainer(container, signal);
  const before = [await runtime.podSandboxStatus(id, signal), await runtime.containerStatus(container, signal)];
  const reserved = net.reserved().length;
  await using next = createRuntime(engine, net.reopen());
  assert.deepEqual([await next.podSandboxStatus(id, signal), await next.containerStatus(container, signal)], before);
  for (const each of [container, id]) await engine.docker.getContainer(each).remove({ force: true });
  for await (const event of next.events(signal)) {
    assert.equal(event.type, "resync");
    break;
  }
  assert.equal(net.reserved().length, reserved - 1);
});

test("a killed engine is survived", async () => {
  const own = podNamed(engine, "survivor");
  const id = await runtime.runPodSandbox(sandboxFor(own), signal);
  const container = await runtime.createContainer(id, containerFor(own, engine.image, ["sleep", "600"]), signal);
  await runtime.startContainer(container, signal);
  const stop = new AbortController();
  let resyncs = 0;
  const watching = (async () => {
    for await (const event of runtime.events(stop.signal)) if (event.type === "resync") resyncs++;
  })();
  await until(async () => (resyncs === 1 ? true : undefined));
  await engine.restart();
  await until(async () => (resyncs >= 2 ? true : undefined));
  stop.abort();
  await watching;
  assert.equal((await runtime.status(signal)).conditions[0]?.status, true);
  const status = await runtime.podSandboxStatus(id, signal);
  const running = await runtime.containerStatus(container, signal);
  // What becomes of the processes is the engine's setting; what is said of them must be true.
  assert.equal(status?.state === "ready", running?.state === "running");
  await runtime.removePodSandbox(id, signal);
  assert.equal(await runtime.containerStatus(container, signal), undefined);
});
