import assert from "node:assert/strict";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { RuntimeError } from "../runtime/runtime-error.ts";
import { testContainer, testPod } from "../testing/pod-fixtures.ts";
import { PodHarness } from "../testing/pod-harness.ts";

function deleted(pod: Pod, graceSeconds = 30): Pod {
  const deletionTimestamp = "2026-01-01T00:00:30Z";
  return { ...pod, metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: graceSeconds } };
}

async function running(h: PodHarness, pod: Pod = testPod()): Promise<Pod> {
  h.workers.update(pod, false);
  h.start();
  await h.until("the pod runs", () => h.phase() === "Running");
  return pod;
}

test("a pod runs, is deleted, and leaves nothing", async () => {
  await using h = await PodHarness.create();
  const pod = await running(h);
  assert.deepEqual(h.runtime.journal, ["runPodSandbox web", "createContainer app", "startContainer app"]);
  await h.until("the events", () => h.events.lines.length === 2);
  assert.deepEqual(h.events.lines, ["Created Container created", "Started Container started"]);
  const status = h.statuses.get("uid-1");
  assert.equal(status?.podIP, h.runtime.sandboxes()[0]?.ips[0]);
  assert.equal(status?.conditions?.find(({ type }) => type === "Ready")?.status, "True");
  h.workers.update(deleted(pod), false);
  await h.until("the object is deleted", () => h.deleted.length === 1);
  assert.equal(h.phase(), "Failed");
  assert.equal(h.runtime.containers().length, 1, "its logs stay until the object is gone");
  assert.deepEqual([...h.cgroups.present], []);
  h.workers.remove("uid-1");
  await h.until("the worker ends", () => h.workers.list().length === 0);
  assert.deepEqual([h.runtime.containers(), h.runtime.sandboxes()], [[], []]);
  assert.deepEqual(await h.volumes.present(), []);
});

test("a killed container comes back, at once and then ever later", async () => {
  await using h = await PodHarness.create();
  await running(h);
  const kill = () => h.runtime.kill(h.runtime.container("app")?.id ?? "");
  kill();
  const restarted = () =>
    h.containerStatus("app")?.restartCount === 1 && h.runtime.container("app")?.state === "running";
  await h.until("the first restart", restarted);
  kill();
  await h.until("the back-off", () => h.containerStatus("app")?.state?.waiting?.reason === "CrashLoopBackOff");
  assert.equal(h.phase(), "Running");
  await h.pass(9_000);
  assert.equal(h.containerStatus("app")?.restartCount, 1);
  await h.pass(1_000);
  await h.until("the second restart", () => h.containerStatus("app")?.restartCount === 2);
  assert.equal(h.containerStatus("app")?.lastState?.terminated?.exitCode, 137);
  assert.equal(h.events.lines.filter((line) => line.startsWith("BackOff")).length, 1);
  await h.until("one ended instance is kept", () => h.runtime.containers().length === 2);
});

test("a removed container comes back, counted", async () => {
  await using h = await PodHarness.create();
  await running(h);
  await h.runtime.removeContainer(h.runtime.container("app")?.id ?? "", new AbortController().signal);
  await h.until("it is back", () => h.containerStatus("app")?.restartCount === 1);
  await h.until("it runs", () => h.containerStatus("app")?.state?.running !== undefined);
});

test("init containers, sidecars and app containers start in order", async () => {
  await using h = await PodHarness.create();
  h.runtime.programs.set("one", { exitAfterMs: 2_000 });
  h.runtime.programs.set("two", { exitAfterMs: 2_000 });
  const side = testContainer("side", { restartPolicy: "Always" });
  const pod = testPod({ initContainers: [testContainer("one"), side, testContainer("two")] });
  h.workers.update(pod, false);
  h.start();
  await h.until("one runs", () => h.containerStatus("one")?.state?.running !== undefined);
  assert.equal(h.phase(), "Pending");
  assert.equal(h.runtime.container("side"), undefined);
  await h.pass(2_000);
  await h.until("two runs", () => h.runtime.container("two")?.state === "running");
  assert.equal(h.runtime.container("side")?.state, "running");
  await h.pass(2_000);
  await h.until("the pod runs", () => h.phase() === "Running");
  h.workers.update(deleted(pod), false);
  await h.until("the object is deleted", () => h.deleted.length === 1);
  const exits = h.runtime.journal.filter((line) => line.startsWith("exit ")).map((line) => line.split(" ")[1]);
  assert.deepEqual(exits, ["one", "two", "app", "side"]);
});

test("the preStop hook comes before the stop signal, inside the grace period", async () => {
  await using h = await PodHarness.create();
  h.runtime.programs.set("app", { termDelayMs: Number.POSITIVE_INFINITY });
  const lifecycle = { preStop: { sleep: { seconds: 4 } } };
  const pod = await running(h, testPod({ containers: [testContainer("app", { lifecycle })] }));
  h.workers.update(deleted(pod, 10), false);
  await h.pass(3_000);
  assert.ok(!h.runtime.journal.some((line) => line.startsWith("stopContainer")));
  await h.pass(1_000);
  await h.until("the stop signal", () => h.runtime.journal.includes("stopContainer app 6"));
  await h.pass(5_000);
  assert.equal(h.runtime.container("app")?.state, "running");
  await h.pass(1_000);
  await h.until("the kill", () => h.runtime.container("app")?.exitCode === 137);
  await h.until("the object is deleted", () => h.deleted.length === 1);
});

test("a shorter grace period takes effect while the container is being stopped", async () => {
  await using h = await PodHarness.create();
  h.runtime.programs.set("app", { termDelayMs: Number.POSITIVE_INFINITY });
  const pod = await running(h);
  h.workers.update(deleted(pod, 300), false);
  await h.until("the first stop", () => h.runtime.journal.includes("stopContainer app 300"));
  h.workers.update(deleted(pod, 5), false);
  await h.until("the second stop", () => h.runtime.journal.includes("stopContainer app 5"));
  await h.pass(5_000);
  await h.until("the object is deleted", () => h.deleted.length === 1);
  assert.equal(h.events.lines.filter((line) => line.startsWith("Killing")).length, 1);
});

test("a pod that is deleted while its image is pulled does not start", async () => {
  await using h = await PodHarness.create();
  const { promise, resolve } = Promise.withResolvers<void>();
  const pull = h.runtime.images.pull.bind(h.runtime.images);
  h.runtime.images.pull = async (reference) => {
    await promise;
    return pull(reference);
  };
  const pod = testPod();
  h.workers.update(pod, false);
  h.start();
  await h.until("the sandbox", () => h.runtime.sandboxes().length === 1);
  h.workers.update(deleted(pod), false);
  await h.settle();
  resolve();
  await h.until("the object is deleted", () => h.deleted.length === 1);
  assert.equal(h.runtime.containers().length, 0);
});

test("a restarted kubelet restarts nothing and goes on from where it was", async () => {
  await using h = await PodHarness.create();
  h.runtime.programs.set("init", { exitAfterMs: 100 });
  const readinessProbe = { exec: { command: ["true"] } };
  const pod = testPod({
    initContainers: [testContainer("init")],
    containers: [testContainer("app", { readinessProbe })],
  });
  h.workers.update(pod, false);
  h.start();
  await h.until("init runs", () => h.runtime.container("init")?.state === "running");
  await h.pass(1_000);
  await h.until("the pod runs", () => h.phase() === "Running");
  h.probes.set("readiness", h.runtime.container("app")?.id ?? "", "success");
  h.workers.planAll();
  await h.until("it is ready", () => h.containerStatus("app")?.ready === true);
  const before = h.runtime.containers().map(({ id }) => id);
  const stored = h.statuses.get("uid-1");
  h.probes.forget("readiness", h.runtime.container("app")?.id ?? "");
  await h.restart();
  h.workers.update({ ...pod, status: stored ?? {} }, false);
  await h.pass(30_000);
  assert.deepEqual(
    h.runtime.containers().map(({ id }) => id),
    before,
  );
  assert.deepEqual(h.statuses.get("uid-1"), stored, "the status does not change either");
  assert.equal(h.containerStatus("app")?.ready, true);
});

test("a kubelet that dies between create and start tries again", async () => {
  await using h = await PodHarness.create();
  const start = h.runtime.startContainer.bind(h.runtime);
  h.runtime.startContainer = (_id, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
  h.workers.update(testPod(), false);
  h.start();
  await h.until("the container is created", () => h.runtime.container("app")?.state === "created");
  h.runtime.startContainer = start;
  await h.restart();
  h.workers.update(testPod(), false);
  await h.until("the pod runs", () => h.phase() === "Running");
  assert.equal(h.runtime.containers().length, 1);
  assert.equal(h.containerStatus("app")?.restartCount, 0);
});

test("a dead sandbox is replaced with everything in it", async () => {
  await using h = await PodHarness.create();
  await running(h);
  h.runtime.killSandbox(h.runtime.sandboxes()[0]?.id ?? "");
  await h.until("a new sandbox", () => h.runtime.sandboxes().some(({ attempt }) => attempt === 1));
  await h.until("the container runs in it", () => {
    const container = h.runtime.container("app");
    return container?.state === "running" && container.podSandboxId === h.runtime.sandboxes().at(-1)?.id;
  });
  assert.ok(h.events.lines.some((line) => line.startsWith("SandboxChanged")));
  await h.until("the restart is counted", () => h.containerStatus("app")?.restartCount === 1);
});

test("failed sandboxes, creations and pulls are retried and say why", async () => {
  await using h = await PodHarness.create();
  h.runtime.failNext("runPodSandbox", new RuntimeError("NetworkFailed", "no addresses left"));
  h.runtime.failNext("createContainer", new RuntimeError("Internal", "disk full"));
  h.runtime.images.missing.add("demo:v1");
  h.workers.update(testPod(), false);
  h.start();
  await h.until("the sandbox failed", () =>
    h.events.lines.includes("FailedCreatePodSandBox Failed to create pod sandbox: no addresses left"),
  );
  await h.pass(3_000);
  await h.until("the pull failed", () => h.containerStatus("app")?.state?.waiting?.reason === "ErrImagePull");
  assert.ok(h.events.lines.includes("Failed Error: ErrImagePull"));
  h.runtime.images.missing.clear();
  await h.pass(3_000);
  await h.until(
    "the creation failed",
    () => h.containerStatus("app")?.state?.waiting?.reason === "CreateContainerError",
  );
  assert.equal(h.containerStatus("app")?.state?.waiting?.message, "disk full");
  await h.pass(10_000);
  await h.until("the pod runs", () => h.phase() === "Running");
});

test("a missing config map holds the container back until it appears", async () => {
  await using h = await PodHarness.create();
  const env = [{ name: "X", valueFrom: { configMapKeyRef: { name: "settings", key: "x" } } }];
  h.workers.update(testPod({ containers: [testContainer("app", { env })] }), false);
  h.start();
  await h.until(
    "the container waits",
    () => h.containerStatus("app")?.state?.waiting?.reason === "CreateContainerConfigError",
  );
  assert.equal(h.containerStatus("app")?.state?.waiting?.message, 'configmap "settings" not found');
  h.objects.putConfigMap("default", "settings", { x: "1" });
  h.workers.get("uid-1")?.refresh();
  await h.until("the pod runs", () => h.phase() === "Running");
});

test("variables come from files that init containers have written", async () => {
  await using h = await PodHarness.create();
  const fileKeyRef = { volumeName: "work", path: "sub/env", key: "X" };
  const env = [
    { name: "X", valueFrom: { fileKeyRef } },
    { name: "Y", valueFrom: { fileKeyRef: { ...fileKeyRef, path: "none", optional: true } } },
  ];
  const volumes = [{ name: "work", emptyDir: {} }];
  const initContainers = [testContainer("init", { volumeMounts: [{ name: "work", mountPath: "/work" }] })];
  h.runtime.programs.set("init", { exitAfterMs: 0 });
  h.workers.update(testPod({ volumes, initContainers, containers: [testContainer("app", { env })] }), false);
  h.start();
  const waiting = () => h.containerStatus("app")?.state?.waiting;
  await h.until("the container waits", () => waiting()?.reason === "CreateContainerConfigError");
  assert.equal(waiting()?.message, "couldn't parse env file");
  const directory = (await readdir(h.root, { recursive: true })).find((path) => path.endsWith("~empty-dir/work"));
  await mkdir(join(h.root, directory ?? "", "sub"));
  await writeFile(join(h.root, directory ?? "", "sub", "env"), "X='from the file'\n");
  h.workers.get("uid-1")?.refresh();
  await h.until("the pod runs", () => h.phase() === "Running");
  const variables = h.runtime.configOf("app")?.env.filter(({ name }) => name === "X" || name === "Y");
  assert.deepEqual(variables, [{ name: "X", value: "from the file" }]);
});

test("a volume that cannot be had holds the pod back", async () => {
  await using h = await PodHarness.create();
  const volumeMounts = [{ name: "cfg", mountPath: "/cfg" }];
  const volumes = [{ name: "cfg", configMap: { name: "settings" } }];
  h.workers.update(testPod({ containers: [testContainer("app", { volumeMounts })], volumes }), false);
  h.start();
  const text = 'FailedMount MountVolume.SetUp failed for volume "cfg" : configmap "settings" not found';
  await h.until("the volume failed", () => h.events.lines.includes(text));
  assert.equal(h.runtime.sandboxes().length, 0);
  h.objects.putConfigMap("default", "settings", { x: "1" });
  await h.pass(3_000);
  await h.until("the pod runs", () => h.phase() === "Running");
  const mount = h.runtime.container("app")?.mounts.find(({ containerPath }) => containerPath === "/cfg");
  assert.equal(await readFile(`${mount?.hostPath}/x`, "utf8"), "1");
  h.objects.putConfigMap("default", "settings", { x: "2" });
  h.workers.get("uid-1")?.refresh();
  await h.settle();
  const deadline = Date.now() + 30_000;
  while ((await readFile(`${mount?.hostPath}/x`, "utf8")) !== "2") {
    assert.ok(Date.now() < deadline, "the update does not reach the file");
    await h.settle();
  }
});

test("a failing postStart hook stops the container and the restart is held back", async () => {
  await using h = await PodHarness.create();
  h.runtime.execAnswers.set("fail", () => ({ stdout: Buffer.from("no"), stderr: Buffer.alloc(0), exitCode: 1 }));
  const lifecycle = { postStart: { exec: { command: ["fail"] } } };
  h.workers.update(testPod({ containers: [testContainer("app", { lifecycle })] }), false);
  h.start();
  await h.until("the hook failed", () => h.events.lines.includes("FailedPostStartHook PostStartHook failed"));
  await h.until("the reason shows", () => h.containerStatus("app")?.state?.waiting?.reason === "PostStartHookError");
  assert.equal(
    h.containerStatus("app")?.state?.waiting?.message,
    'Exec lifecycle hook ([fail]) for Container "app" in Pod "web_default(uid-1)" failed - ' +
      "error: command 'fail' exited with 1: no, message: \"no\"",
  );
  await h.until("the container is stopped", () => h.runtime.container("app")?.state === "exited");
});

test("a container's end may start all of the pod's containers anew, in the same sandbox", async () => {
  await using h = await PodHarness.create();
  const rule = { action: "RestartAllContainers" as const, exitCodes: { operator: "In" as const, values: [42] } };
  const spec = {
    restartPolicy: "Never" as const,
    initContainers: [testContainer("init")],
    containers: [
      testContainer("app", { restartPolicy: "Never", restartPolicyRules: [rule] }),
      testContainer("other", { lifecycle: { preStop: { exec: { command: ["bye"] } } } }),
    ],
  };
  h.runtime.programs.set("init", { exitAfterMs: 0, exitCode: 0 });
  await running(h, testPod(spec));
  const { id = "", podSandboxId: sandbox } = h.runtime.container("app") ?? {};
  h.runtime.kill(id, 42);
  await h.until("all run again", () =>
    ["init", "app", "other"].every((name) => h.containerStatus(name)?.restartCount === 1),
  );
  await h.until("the pod runs", () => h.phase() === "Running");
  assert.equal(h.runtime.container("app")?.podSandboxId, sandbox);
  assert.ok(!h.runtime.journal.includes("exec other bye"));
  assert.deepEqual(h.containerStatus("app")?.lastState?.terminated?.exitCode, 42);
  const restarting = () => h.statuses.get("uid-1")?.conditions?.find(({ type }) => type === "AllContainersRestarting");
  await h.until("the condition tells", () => restarting()?.status === "False");
});

test("liveness failures restart the container", async () => {
  await using h = await PodHarness.create();
  const livenessProbe = { exec: { command: ["check"] } };
  await running(h, testPod({ restartPolicy: "OnFailure", containers: [testContainer("app", { livenessProbe })] }));
  h.runtime.programs.set("app", { termExitCode: 0 });
  const first = h.runtime.container("app")?.id ?? "";
  h.probes.set("liveness", first, "failure");
  h.workers.planAll();
  await h.until("it runs again", () => h.containerStatus("app")?.restartCount === 1);
  assert.ok(h.events.lines.includes("Killing Container app failed liveness probe, will be restarted"));
});

test("a pod that succeeds gives its resources back and keeps its container", async () => {
  await using h = await PodHarness.create();
  h.runtime.programs.set("app", { exitAfterMs: 1_000 });
  await running(h, testPod({ restartPolicy: "Never" }));
  await h.pass(1_000);
  await h.until("it succeeds", () => h.phase() === "Succeeded");
  await h.until("its cgroup goes", () => h.cgroups.present.size === 0);
  await h.until("its sandbox ends", () => h.runtime.sandboxes()[0]?.state === "notready");
  assert.equal(h.runtime.containers().length, 1);
  assert.equal(h.deleted.length, 0);
});

test("last words come from the file", async () => {
  await using h = await PodHarness.create();
  await running(h, testPod({ restartPolicy: "Never" }));
  const mount = h.runtime
    .container("app")
    ?.mounts.find(({ containerPath }) => containerPath === "/dev/termination-log");
  await writeFile(mount?.hostPath ?? "", "goodbye");
  h.runtime.kill(h.runtime.container("app")?.id ?? "", 3);
  await h.until("it fails", () => h.phase() === "Failed");
  assert.equal(h.containerStatus("app")?.state?.terminated?.message, "goodbye");
  await h.until("its files go", () => h.cgroups.present.size === 0);
  h.workers.get("uid-1")?.lookAgain();
  await h.pass(11_000);
  assert.equal(h.containerStatus("app")?.state?.terminated?.message, "goodbye", "and are remembered without it");
});

test("last words come from the output when the policy says so", async () => {
  await using h = await PodHarness.create();
  h.runtime.programs.set("app", { exitAfterMs: 500, exitCode: 2, output: "first\nlast\n" });
  const container = testContainer("app", { terminationMessagePolicy: "FallbackToLogsOnError" });
  await running(h, testPod({ restartPolicy: "Never", containers: [container] }));
  await h.pass(1_000);
  await h.until("it fails", () => h.phase() === "Failed");
  assert.equal(h.containerStatus("app")?.state?.terminated?.message, "first\nlast\n");
});

test("pods that nobody asks for are ended, but not before every source has spoken", async () => {
  await using h = await PodHarness.create();
  h.sourcesReady = false;
  await running(h);
  await h.restart();
  await h.pass(20_000);
  assert.equal(h.runtime.container("app")?.state, "running");
  h.sourcesReady = true;
  await h.pass(11_000);
  await h.until("nothing is left", () => h.runtime.sandboxes().length === 0 && h.workers.list().length === 0);
  assert.deepEqual(await h.volumes.present(), []);
});

test("a pod that is refused fails and starts nothing", async () => {
  await using h = await PodHarness.create();
  h.refuse = () => ({ reason: "OutOfcpu", message: "Node didn't have enough resource: cpu" });
  h.workers.update(testPod(), false);
  h.start();
  await h.until("it fails", () => h.phase() === "Failed");
  await h.pass(5_000);
  assert.equal(h.statuses.get("uid-1")?.reason, "OutOfcpu");
  assert.deepEqual(h.runtime.journal, []);
  assert.ok(h.events.lines.includes("OutOfcpu Node didn't have enough resource: cpu"));
});

test("an evicted pod fails and is not restarted", async () => {
  await using h = await PodHarness.create();
  await running(h);
  const outcome = {
    reason: "Evicted",
    message: "The node was low on resource: memory.",
    disruption: "TerminationByKubelet",
  };
  h.workers.get("uid-1")?.evict(outcome, 1);
  await h.until("it fails", () => h.phase() === "Failed");
  assert.equal(h.statuses.get("uid-1")?.reason, "Evicted");
  assert.equal(h.runtime.container("app")?.state, "exited");
});

test("a runtime that is away changes nothing and is looked at again", async () => {
  await using h = await PodHarness.create();
  await running(h);
  for (let round = 0; round < 3; round += 1) {
    h.runtime.failNext("listContainers", new RuntimeError("Unavailable", "engine is down"));
  }
  const before = h.statuses.get("uid-1");
  h.workers.get("uid-1")?.lookAgain();
  await h.pass(4_000);
  assert.deepEqual(h.statuses.get("uid-1"), before);
  h.runtime.kill(h.runtime.container("app")?.id ?? "");
  await h.pass(2_000);
  await h.until("it restarts", () => h.containerStatus("app")?.restartCount === 1);
});

test("a changed static pod waits for the old one to end", async () => {
  await using h = await PodHarness.create();
  const old = testPod();
  h.workers.update(old, true);
  h.start();
  await h.until("the old one runs", () => h.phase() === "Running");
  h.runtime.programs.set("app", { termDelayMs: 5_000 });
  const next = testPod({}, { uid: "uid-2" });
  h.workers.update(next, true);
  h.workers.remove("uid-1");
  await h.pass(2_000);
  assert.equal(h.workers.get("uid-2"), undefined);
  await h.pass(4_000);
  await h.until("the new one runs", () => h.phase("uid-2") === "Running");
  await h.until("the old one's sandbox is gone", () => h.runtime.sandboxes().length === 1);
});

test("a static pod that changed while the kubelet was away waits for the old one to end, whatever other sources say", async () => {
  for (const isListedBefore of [false, true]) {
    await using h = await PodHarness.create();
    h.sourcesReady = false;
    h.workers.update(testPod(), true);
    h.start();
    await h.until("the old one runs", () => h.phase() === "Running");
    h.runtime.programs.set("app", { termDelayMs: 5_000 });
    await h.restart();
    if (isListedBefore) await h.pass(2_000);
    h.workers.update(testPod({}, { uid: "uid-2" }), true);
    await h.pass(2_000);
    assert.equal(h.workers.get("uid-2"), undefined);
    await h.pass(4_000);
    await h.until("the new one runs", () => h.phase("uid-2") === "Running");
    await h.until("the old one's sandbox is gone", () => h.runtime.sandboxes().length === 1);
  }
});

test("the hosts file names the pod", async () => {
  await using h = await PodHarness.create();
  await running(
    h,
    testPod({ hostname: "db-0", subdomain: "db", hostAliases: [{ ip: "1.2.3.4", hostnames: ["alias"] }] }),
  );
  const mount = h.runtime.container("app")?.mounts.find(({ containerPath }) => containerPath === "/etc/hosts");
  const text = await readFile(mount?.hostPath ?? "", "utf8");
  const [ip] = h.runtime.sandboxes()[0]?.ips ?? [];
  assert.ok(text.includes(`${ip}\tdb-0.db.default.svc.cluster.local\tdb-0\n`), text);
  assert.ok(text.endsWith("# Entries added by HostAliases.\n1.2.3.4\talias\n"), text);
  assert.deepEqual((await readdir(h.root)).toSorted().slice(0, 1), ["hosts"]);
});

test("a container whose postStart hook failed ends as others do, with its preStop hook", async () => {
  await using h = await PodHarness.create();
  h.runtime.execAnswers.set("greet", () => ({ exitCode: 1, stdout: Buffer.from(""), stderr: Buffer.from("no") }));
  const asked: string[] = [];
  h.runtime.execAnswers.set("part", () => {
    asked.push(h.runtime.container("app")?.state ?? "");
    return { exitCode: 0, stdout: Buffer.from(""), stderr: Buffer.from("") };
  });
  const lifecycle = { postStart: { exec: { command: ["greet"] } }, preStop: { exec: { command: ["part"] } } };
  h.workers.update(testPod({ containers: [testContainer("app", { lifecycle })] }), false);
  h.start();
  await h.until("it is stopped", () => h.runtime.container("app")?.state === "exited");
  assert.deepEqual(asked, ["running"]);
});

test("the last words of all containers together are bounded", async () => {
  await using h = await PodHarness.create();
  const names = ["a", "b", "c", "d"];
  h.workers.update(testPod({ restartPolicy: "Never", containers: names.map((name) => testContainer(name)) }), false);
  for (const name of names) h.runtime.programs.set(name, { exitAfterMs: 1_000, exitCode: 1 });
  h.start();
  await h.until("they run", () => names.every((name) => h.containerStatus(name)?.state?.running));
  for (const name of names) {
    const file = h.runtime.configOf(name)?.mounts.find(({ containerPath }) => containerPath === "/dev/termination-log");
    await writeFile(file?.hostPath ?? "", "\u00e9".repeat(4_000));
  }
  await h.pass(1_000);
  await h.until("they ended", () => h.phase() === "Failed");
  for (const name of names) {
    const message = h.containerStatus(name)?.state?.terminated?.message ?? "";
    assert.equal(message, "\u00e9".repeat(1_536));
  }
});

test("a pod of a runtime class runs by its handler, and waits for a class that is not there", async () => {
  await using h = await PodHarness.create();
  h.workers.update(testPod({ runtimeClassName: "strict" }), false);
  h.start();
  const failed = 'FailedCreatePodSandBox Failed to create pod sandbox: runtimeclasses.node.k8s.io "strict" not found';
  await h.until("it is told of", () => h.events.lines.includes(failed));
  assert.equal(h.phase(), "Pending");
  h.runtimeClasses.set("strict", "gvisor");
  await h.pass(3_000);
  await h.until("the pod runs", () => h.phase() === "Running");
  assert.equal(h.runtime.sandboxConfigs()[0]?.runtimeHandler, "gvisor");
});

test("a critical pod has room made for it, unless something else keeps it out", async () => {
  await using h = await PodHarness.create();
  const plain = await running(h);
  const full = { reason: "OutOfcpu", message: "no room" };
  h.refuse = (_pod, others) => (others.length > 0 ? full : undefined);
  h.preempt = (_pod, others) => ({ type: "victims", pods: others, resource: "cpu" });
  h.workers.update(testPod({ priority: 2_000_000_000 }, { name: "critical", uid: "uid-2" }), false);
  await h.until("it runs", () => h.phase("uid-2") === "Running");
  await h.pass(31_000, 10_000);
  await h.until("the other has ended", () => h.phase() === "Failed");
  const status = h.statuses.get("uid-1");
  assert.equal(status?.reason, "Preempting");
  assert.equal(status?.message, "Preempted in order to admit critical pod");
  const target = status?.conditions?.find(({ type }) => type === "DisruptionTarget");
  assert.equal(target?.message, "Pod was preempted by Kubelet to accommodate a critical pod.");
  assert.ok(h.events.lines.includes("Preempting Preempted in order to admit critical pod"));
  assert.match(await h.registry.metrics(), /^kubelet_preemptions\{preemption_signal="cpu"\} 1$/m);
  h.refuse = () => full;
  h.workers.update(testPod({}, { name: "elsewhere", uid: "uid-3" }), false);
  await h.until("it is refused", () => h.phase("uid-3") === "Failed");
  assert.equal(h.phase("uid-2"), "Running");
  h.preempt = () => ({ type: "impossible", message: "nobody" });
  h.workers.update(testPod({}, { name: "stuck", uid: "uid-4" }), false);
  await h.until("it is refused", () => h.statuses.get("uid-4")?.reason === "UnexpectedAdmissionError");
  assert.equal(plain.metadata.uid, "uid-1");
});
