import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Registry } from "@kube-ts/std/metrics";
import { VolumeMetrics } from "../volumes/volume-metrics.ts";
import type { Pod, PodStatus } from "@kube-ts/api/core/v1";
import { isAbort } from "@kube-ts/std/abort";
import { systemClock } from "@kube-ts/std/clock";
import { ProbeResultStore } from "../probes/probe-results.ts";
import type { DockerRuntime } from "../runtime/docker/docker-runtime.ts";
import { type EngineFixture, startEngineFixture } from "../runtime/docker/testing/engine-fixture.ts";
import { type NetnsNetwork, createNetnsNetwork } from "../runtime/docker/testing/netns-network.ts";
import { createRuntime } from "../runtime/docker/testing/runtime-fixture.ts";
import { MemoryClaims, MemoryObjects, MemoryTokens } from "../testing/memory-objects.ts";
import { testPod } from "../testing/pod-fixtures.ts";
import { WrittenCgroups, WrittenEvents, createPodWorkers } from "../testing/pod-stack.ts";
import { mountsBelow, systemMounts } from "../volumes/mounts.ts";
import { PodVolumes } from "../volumes/pod-volumes.ts";
import { VolumePaths } from "../volumes/volume-paths.ts";
import type { PodWorkers } from "./pod-workers.ts";

const signal = new AbortController().signal;
let engine: EngineFixture;
let net: NetnsNetwork;
let runtime: DockerRuntime;
let root: string;

before(async () => {
  engine = await startEngineFixture();
  net = createNetnsNetwork(`${engine.prefix}pw`);
  runtime = createRuntime(engine, net.network);
  root = await mkdtemp(join(tmpdir(), "kubelet-"));
  await writeFile(join(root, "hosts"), "127.0.0.1 localhost\n");
});

after(async () => {
  await runtime[Symbol.asyncDispose]();
  net[Symbol.dispose]();
  await engine[Symbol.asyncDispose]();
  for (const mountPoint of await mountsBelow(systemMounts, root)) await systemMounts.unmount(mountPoint, signal);
  await rm(root, { recursive: true, force: true });
});

/** Pod workers on the real engine; restartable, as the kubelet is. */
class Node implements AsyncDisposable {
  readonly objects = new MemoryObjects();
  readonly events = new WrittenEvents();
  readonly cgroups = new WrittenCgroups();
  readonly statuses = new Map<string, PodStatus>();
  readonly deleted: string[] = [];
  readonly volumes = new PodVolumes({
    paths: new VolumePaths(root),
    metrics: new VolumeMetrics(new Registry()),
    claims: new MemoryClaims(),
    images: runtime.images,
    mounts: systemMounts,
    objects: this.objects,
    tokens: new MemoryTokens(),
    clock: systemClock,
    allocatable: () => ({ cpu: "2", memory: "1Gi" }),
  });
  workers: PodWorkers = this.#build();
  #stop = new AbortController();
  #running: Promise<void> = this.#run();

  async restart(): Promise<void> {
    await this[Symbol.asyncDispose]();
    this.#stop = new AbortController();
    this.workers = this.#build();
    this.#running = this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("stopped"));
    await this.#running;
  }

  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!(await condition())) {
      if (Date.now() > deadline) {
        const seen = { statuses: [...this.statuses.values()], events: this.events.lines };
        throw new Error(`${what}: not reached; last seen ${JSON.stringify(seen, undefined, 1)}`);
      }
      await systemClock.sleep(50, signal);
    }
  }

  async #run(): Promise<void> {
    await this.workers.run(this.#stop.signal).catch((error: unknown) => {
      if (!isAbort(error, this.#stop.signal)) throw error;
    });
  }

  #build(): PodWorkers {
    return createPodWorkers({
      root,
      runtime,
      clock: systemClock,
      objects: this.objects,
      mounts: systemMounts,
      volumes: this.volumes,
      events: this.events,
      cgroups: this.cgroups,
      probes: new ProbeResultStore(),
      services: [],
      registry: new Registry(),
      networkProblem: () => undefined,
      sourcesReady: () => true,
      admit: () => undefined,
      publish: (pod, status) => void this.statuses.set(pod.metadata.uid ?? "", status),
      onDelete: (pod) => void this.deleted.push(pod.metadata.uid ?? ""),
      onFinished: (uid) => void this.statuses.delete(uid),
    });
  }
}

function podOf(uid: string, spec: Partial<Pod["spec"]>): Pod {
  return testPod({ terminationGracePeriodSeconds: 3, ...spec }, { uid, name: `${engine.prefix}-${uid}` });
}

const stubborn = "trap '' TERM; while true; do sleep 1; done";
const polite = "trap 'exit 0' TERM; while true; do sleep 1; done";

async function output(containerId: string, ...command: string[]): Promise<string> {
  const { stdout, stderr } = await runtime.execSync(containerId.replace(/^docker:\/\//, ""), command, 10_000, signal);
  return Buffer.concat([stdout, stderr]).toString("utf8");
}

function running(node: Node, uid: string, name: string): string | undefined {
  const status = node.statuses.get(uid);
  const container = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].find(
    (one) => one.name === name,
  );
  return container?.state?.running ? container.containerID : undefined;
}

test("a pod with everything: init, sidecar, volumes, environment; it survives a restart and leaves nothing", async () => {
  await using node = new Node();
  node.objects.putConfigMap("default", "settings", { mode: "fast" });
  node.objects.putSecret("default", "creds", { token: "s3cret" });
  const image = engine.image;
  const pod = podOf("everything", {
    volumes: [
      { name: "shared", emptyDir: {} },
      { name: "ram", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
      { name: "cfg", configMap: { name: "settings" } },
      { name: "sec", secret: { secretName: "creds", defaultMode: 0o400 } },
    ],
    initContainers: [
      {
        name: "init",
        image,
        command: ["sh", "-c", "echo made > /shared/file"],
        volumeMounts: [{ name: "shared", mountPath: "/shared" }],
      },
      { name: "side", image, restartPolicy: "Always", command: ["sh", "-c", polite] },
    ],
    containers: [
      {
        name: "app",
        image,
        command: ["sh", "-c", polite],
        env: [
          { name: "MODE", valueFrom: { configMapKeyRef: { name: "settings", key: "mode" } } },
          { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        ],
        volumeMounts: [
          { name: "shared", mountPath: "/shared" },
          { name: "ram", mountPath: "/ram" },
          { name: "cfg", mountPath: "/cfg" },
          { name: "sec", mountPath: "/sec", readOnly: true },
          { name: "cfg", mountPath: "/one/mode", subPath: "mode" },
        ],
      },
    ],
  });
  node.workers.update(pod, false);
  await node.until("the pod runs", () => node.statuses.get("everything")?.phase === "Running");
  await node.until("the app runs", () => running(node, "everything", "app") !== undefined);
  const app = running(node, "everything", "app") ?? "";
  const ip = node.statuses.get("everything")?.podIP ?? "";
  assert.equal(
    await output(app, "cat", "/shared/file", "/cfg/mode", "/sec/token", "/one/mode"),
    "made\nfasts3cretfast",
  );
  assert.equal(await output(app, "sh", "-c", "echo $MODE $IP"), `fast ${ip}\n`);
  assert.match(await output(app, "cat", "/etc/hosts"), new RegExp(`^${ip}\\t${pod.metadata.name}$`, "m"));
  assert.match(await output(app, "cat", "/etc/resolv.conf"), /nameserver 10\.96\.0\.10/);
  assert.match(await output(app, "sh", "-c", "cat /dev/zero > /ram/x"), /No space left/);
  node.objects.putConfigMap("default", "settings", { mode: "slow" });
  node.workers.get("everything")?.refresh();
  await node.until("the update arrives", async () => (await output(app, "cat", "/cfg/mode")) === "slow");

  const stored = node.statuses.get("everything") ?? {};
  await node.restart();
  node.workers.update({ ...pod, status: stored }, false);
  await node.until(
    "the restarted kubelet has looked",
    () => (node.workers.get("everything")?.observed.containers.length ?? 0) === 3,
  );
  // What reaches the volume tells that the restarted kubelet has carried out a plan for the pod.
  node.objects.putConfigMap("default", "settings", { mode: "late" });
  node.workers.get("everything")?.refresh();
  await node.until("the next update arrives", async () => (await output(app, "cat", "/cfg/mode")) === "late");
  assert.equal(running(node, "everything", "app"), app);

  const deleted = {
    ...pod,
    metadata: { ...pod.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 3 },
  };
  node.workers.update({ ...deleted, status: stored }, false);
  await node.until("the object is deleted", () => node.deleted.includes("everything"));
  assert.deepEqual(
    (await mountsBelow(systemMounts, root)).filter((path) => path.includes("everything")),
    [],
  );
  node.workers.remove("everything");
  await node.until("the worker ends", () => node.workers.get("everything") === undefined);
  assert.deepEqual(await node.volumes.present(), []);
  assert.equal((await runtime.listContainers({}, signal)).length, 0);
  assert.equal((await runtime.listPodSandboxes({}, signal)).length, 0);
  assert.deepEqual(net.reserved(), []);
});

test("containers that are killed or removed come back, and a stubborn one is killed after its grace", async () => {
  await using node = new Node();
  const pod = podOf("stubborn", {
    containers: [{ name: "app", image: engine.image, command: ["sh", "-c", stubborn] }],
  });
  node.workers.update(pod, false);
  await node.until("the app runs", () => running(node, "stubborn", "app") !== undefined);
  const first = running(node, "stubborn", "app") ?? "";
  await engine.docker.getContainer(first.replace("docker://", "")).kill();
  await node.until("it is restarted", () => {
    const now = running(node, "stubborn", "app");
    return now !== undefined && now !== first;
  });
  assert.equal(node.statuses.get("stubborn")?.containerStatuses?.[0]?.restartCount, 1);
  const second = running(node, "stubborn", "app") ?? "";
  await engine.docker.getContainer(second.replace("docker://", "")).remove({ force: true });
  await node.until("it comes back", () => {
    const now = running(node, "stubborn", "app");
    return now !== undefined && now !== second;
  });
  const startMs = Date.now();
  node.workers.remove("stubborn");
  await node.until("the worker ends", () => node.workers.get("stubborn") === undefined);
  assert.ok(Date.now() - startMs >= 2_500, "it was given its grace");
  assert.equal((await runtime.listContainers({}, signal)).length, 0);
});

test("last words, out of memory, and a command that does not exist", async () => {
  await using node = new Node();
  const image = engine.image;
  const pod = podOf("endings", {
    restartPolicy: "Never",
    containers: [
      { name: "words", image, command: ["sh", "-c", "echo bye > /dev/termination-log; exit 3"] },
      {
        name: "greedy",
        image,
        command: ["sh", "-c", "x=a; while true; do x=$x$x; done"],
        resources: { limits: { memory: "16Mi" } },
      },
    ],
  });
  node.workers.update(pod, false);
  const lost = podOf("lost", { containers: [{ name: "app", image, command: ["/no/such/command"] }] });
  node.workers.update(lost, false);
  await node.until("the pod fails", () => node.statuses.get("endings")?.phase === "Failed");
  const ended = (name: string) => node.statuses.get("endings")?.containerStatuses?.find((one) => one.name === name);
  const words = ended("words");
  assert.equal(words?.state?.terminated?.exitCode, 3);
  assert.equal(words?.state?.terminated?.message, "bye\n");
  await node.until(
    "the engine tells why the other one ended",
    () => ended("greedy")?.state?.terminated?.reason === "OOMKilled",
  );
  await node.until(
    "the lost one is held back",
    () => node.statuses.get("lost")?.containerStatuses?.[0]?.state?.waiting?.reason === "CrashLoopBackOff",
  );
  assert.match(node.statuses.get("lost")?.containerStatuses?.[0]?.lastState?.terminated?.message ?? "", /no such file/);
  for (const uid of ["endings", "lost"]) node.workers.remove(uid);
  await node.until("the workers end", () => node.workers.list().length === 0);
});

test("pods that nobody asks for are ended with their hooks", async () => {
  await using node = new Node();
  const marker = join(root, "marker");
  const pod = podOf("orphan", {
    volumes: [{ name: "host", hostPath: { path: root } }],
    containers: [
      {
        name: "app",
        image: engine.image,
        command: ["sh", "-c", polite],
        volumeMounts: [{ name: "host", mountPath: "/host" }],
        lifecycle: { preStop: { exec: { command: ["sh", "-c", "echo stopped > /host/marker"] } } },
      },
    ],
  });
  node.workers.update(pod, false);
  await node.until("the app runs", () => running(node, "orphan", "app") !== undefined);
  await node.restart();
  await node.until("nothing is left", async () => (await runtime.listPodSandboxes({}, signal)).length === 0);
  assert.equal(await readFile(marker, "utf8"), "stopped\n");
  await node.until("the worker ends", () => node.workers.list().length === 0);
});
