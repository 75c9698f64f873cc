import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Event, Node, Pod, ResourceList } from "@kube-ts/api/core/v1";
import { Quantity } from "@kube-ts/api/quantity";
import { run } from "../deploy/local/command.ts";
import { localCluster } from "../deploy/local/layout.ts";
import { daemonPid } from "../deploy/local/supervision.ts";
import { eventually } from "./harness/eventually.ts";
import { bothKubectls } from "./harness/kubectl.ts";
import type { Kubectl } from "./harness/kubectl.ts";
import { freshCluster } from "./harness/local-cluster.ts";
import { applied } from "./harness/manifest.ts";
import { fetchText } from "./harness/web.ts";

const [, kubectl] = bothKubectls() as [Kubectl, Kubectl];
let cluster: AsyncDisposable;

before(async () => {
  cluster = await freshCluster();
});

after(async () => {
  await cluster[Symbol.asyncDispose]();
});

const getPod = (name: string) => kubectl.json<Pod>(["get", "pod", name]);
const inside = async (pod: string, command: string, container = "main") =>
  (await kubectl.run(["exec", pod, "-c", container, "--", "sh", "-c", command])).trim();
const ready = (name: string) => kubectl.run(["wait", "--for=condition=Ready", `pod/${name}`, "--timeout=60s"]);

function waitingReason({ status }: Pod, index = 0): string | undefined {
  return status?.containerStatuses?.[index]?.state?.waiting?.reason;
}

test("a kubelet that is stopped or killed restarts nothing, and catches up with what ended meanwhile", async () => {
  await using _pods = await applied(
    kubectl,
    `apiVersion: v1
kind: Pod
metadata: {name: steady}
spec:
  terminationGracePeriodSeconds: 1
  containers: [{name: main, image: "kube-ts/demo:v1"}]
---
apiVersion: v1
kind: Pod
metadata: {name: victim}
spec:
  terminationGracePeriodSeconds: 1
  containers: [{name: main, image: "kube-ts/demo:v1"}]
`,
  );
  await ready("steady");
  await ready("victim");
  const [steady, victim] = [await getPod("steady"), await getPod("victim")];
  const idOf = ({ status }: Pod) => (status?.containerStatuses?.[0]?.containerID ?? "").replace("docker://", "");
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const pid = daemonPid(localCluster(), "kubelet");
    assert.ok(pid);
    // Held back, it sees nothing of what happens.
    process.kill(pid, "SIGSTOP");
    await run("docker", ["rm", "--force", idOf(signal === "SIGTERM" ? victim : await getPod("victim"))]);
    process.kill(pid, signal);
    process.kill(pid, "SIGCONT");
    const expected = signal === "SIGTERM" ? 1 : 2;
    await eventually(
      "the removed container is back",
      () => getPod("victim"),
      ({ status }) => status?.containerStatuses?.[0]?.restartCount === expected && status.containerStatuses[0].ready,
    );
    assert.notEqual(daemonPid(localCluster(), "kubelet"), pid);
  }
  const now = await getPod("steady");
  assert.deepEqual([idOf(now), now.status?.containerStatuses?.[0]?.restartCount], [idOf(steady), 0]);
  assert.equal(now.status?.podIP, steady.status?.podIP);
});

describe("what a pod asks for", { concurrency: 4 }, () => {
  test("image pull policies decide whether a registry is asked", async () => {
    const pod = (name: string, image: string, policy: string) => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  terminationGracePeriodSeconds: 1
  containers: [{name: main, image: "${image}", imagePullPolicy: ${policy}}]
`;
    const nobody = "127.0.0.1:9/nothing:v1";
    const manifest = [
      pod("pull-never", nobody, "Never"),
      pod("pull-missing", nobody, "IfNotPresent"),
      pod("pull-always", "kube-ts/demo:v1", "Always"),
      pod("pull-present", "kube-ts/demo:v1", "IfNotPresent"),
    ].join("");
    await using _pods = await applied(kubectl, manifest);
    await eventually(
      "Never refuses",
      async () => waitingReason(await getPod("pull-never")),
      (reason) => reason === "ErrImageNeverPull",
    );
    for (const name of ["pull-missing", "pull-always"]) {
      await eventually(
        `${name} backs off`,
        async () => waitingReason(await getPod(name)),
        (reason) => reason === "ImagePullBackOff",
      );
    }
    await ready("pull-present");
    const { items } = await kubectl.json<{ items: Event[] }>([
      "get",
      "events",
      "--field-selector=involvedObject.name=pull-present,reason=Pulled",
    ]);
    assert.match(items[0]?.message ?? "", /already present on machine/);
  });

  test("volumes hold what they are made of, and follow its changes", async () => {
    const directory = mkdtempSync(join(tmpdir(), "kube-ts-host-path-"));
    writeFileSync(join(directory, "from-host"), "host\n");
    try {
      await using _objects = await applied(kubectl, volumesManifest(directory));
      await ready("volumes");
      assert.equal(await inside("volumes", "cat /host/from-host"), "host");
      await inside("volumes", "echo pod >/host/from-pod; echo shared >/empty/file");
      assert.equal(readFileSync(join(directory, "from-pod"), "utf8"), "pod\n");
      assert.equal(
        await inside("volumes", "cat /empty/file; stat -c %a /secret/..data/password", "other"),
        "shared\n400",
      );
      assert.equal(
        await inside("volumes", "cat /config/a /secret/password /all/a /all/password /all/labels"),
        'onesecretonesecretkind="first"',
      );
      assert.equal((await inside("volumes", "cat /all/token")).split(".").length, 3);
      await kubectl.run(["patch", "configmap", "volumes", "-p", '{"data": {"a": "two", "b": "new"}}']);
      await kubectl.run(["patch", "secret", "volumes", "-p", '{"stringData": {"password": "changed"}}']);
      await kubectl.run(["label", "pod", "volumes", "kind=second", "--overwrite"]);
      await eventually(
        "volumes follow",
        () => inside("volumes", "cat /config/a /config/b /secret/password /all/a /all/password /all/labels"),
        (text) => text === 'twonewchangedtwochangedkind="second"',
      );
      assert.equal(await inside("volumes", "cat /pinned"), "one");
      await kubectl.run(["delete", "pod", "volumes"]);
      assert.equal(readFileSync(join(directory, "from-pod"), "utf8"), "pod\n");
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("init containers run in order, once; sidecars run beside", async () => {
    await using _pod = await applied(
      kubectl,
      `apiVersion: v1
kind: Pod
metadata: {name: initialised}
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 5
  volumes: [{name: work, emptyDir: {}}]
  initContainers:
  - {name: first, image: "kube-ts/demo:v1", command: [sh, -c, "sleep 1; echo first >>/data/order"], volumeMounts: &work [{name: work, mountPath: /data}]}
  - {name: sidecar, image: "kube-ts/demo:v1", restartPolicy: Always, volumeMounts: *work,
     command: [sh, -c, "trap 'exit 0' TERM; echo sidecar >>/data/order; while :; do sleep 0.2; done"],
     startupProbe: {exec: {command: [grep, sidecar, /data/order]}, periodSeconds: 1}}
  - {name: second, image: "kube-ts/demo:v1", command: [sh, -c, "echo second >>/data/order"], volumeMounts: *work}
  containers:
  - {name: main, image: "kube-ts/demo:v1", command: [sh, -c, "tr '\\\\n' ' ' </data/order"], volumeMounts: *work}
`,
    );
    const { status } = await eventually(
      "the pod succeeds",
      () => getPod("initialised"),
      (pod) => pod.status?.phase === "Succeeded",
    );
    assert.equal(await kubectl.run(["logs", "initialised", "-c", "main"]), "first sidecar second ");
    assert.deepEqual(
      status?.initContainerStatuses?.map(({ state, restartCount }) => [state?.terminated?.exitCode, restartCount]),
      [[0, 0], [0, 0], [0, 0]], // prettier-ignore
    );
  });

  test("requests and limits are in the container's cgroup", async () => {
    await using _pod = await applied(
      kubectl,
      `apiVersion: v1
kind: Pod
metadata: {name: limited}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: main
    image: kube-ts/demo:v1
    resources: {requests: {cpu: 250m, memory: 32Mi}, limits: {cpu: 500m, memory: 64Mi}}
  - name: greedy
    image: kube-ts/demo:v1
    command: [sh, -c, "sleep 3; x=xxxxxxxx; while :; do x=$x$x; done"]
    resources: {limits: {memory: 16Mi}}
`,
    );
    await ready("limited");
    assert.equal((await getPod("limited")).status?.qosClass, "Burstable");
    const read = (v1: string, v2: string) =>
      inside("limited", `cat /sys/fs/cgroup/${v1} 2>/dev/null || cat /sys/fs/cgroup/${v2}`);
    assert.equal(await read("memory/memory.limit_in_bytes", "memory.max"), `${64 * 1024 * 1024}`);
    assert.match(await read("cpu/cpu.cfs_quota_us", "cpu.max"), /^50000\b/);
    assert.match(await read("cpu/cpu.shares", "cpu.weight"), /^(256|10)$/);
    await eventually(
      "a container beyond its limit is killed",
      async () => (await getPod("limited")).status?.containerStatuses?.find(({ name }) => name === "greedy"),
      (status) => [status?.state, status?.lastState].some((state) => state?.terminated?.reason === "OOMKilled"),
    );
    assert.equal(await inside("limited", "echo alive"), "alive");
  });
});

test("a kubelet with another configuration honours it", async () => {
  const { nodeIp, nodeName, directory } = localCluster();
  const readOnly = (path: string) => fetchText(nodeIp, 10_255, path);
  await assert.rejects(readOnly("/healthz"), /ECONNREFUSED/);
  const pid = daemonPid(localCluster(), "kubelet");
  assert.ok(pid);
  const fields = {
    readOnlyPort: 10_255,
    healthzPort: 10_247,
    maxPods: 7,
    systemReserved: { cpu: "250m", memory: "64Mi" },
    evictionHard: { "memory.available": "32Mi" },
    podPidsLimit: 64,
    containerLogMaxSize: "64Ki",
    containerLogMaxFiles: 2,
    cpuCFSQuota: false,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  const file = join(directory, "kubelet-config.yaml");
  const isKept = (line: string) => !Object.hasOwn(fields, line.split(":")[0] ?? "");
  writeFileSync(file, readFileSync(file, "utf8").split("\n").filter(isKept).join("\n") + lines.join(""));
  process.kill(pid, "SIGTERM");
  await eventually("the read-only port answers", () => readOnly("/healthz"));
  assert.equal(await fetchText("127.0.0.1", 10_247, "/healthz"), "ok");

  await using _pod = await applied(
    kubectl,
    `apiVersion: v1
kind: Pod
metadata: {name: configured}
spec:
  terminationGracePeriodSeconds: 1
  containers: [{name: main, image: "kube-ts/demo:v1", resources: {limits: {cpu: 100m, memory: 32Mi}}}]
`,
  );
  await ready("configured");
  const { metadata, status } = await getPod("configured");
  const pods = JSON.parse(await readOnly("/pods")) as { items: Pod[] };
  assert.ok(pods.items.some((pod) => pod.metadata.uid === metadata.uid));
  assert.match(await readOnly("/stats/summary"), /"nodeName"/);
  await assert.rejects(readOnly("/containerLogs/default/configured/main"), /status 405/);
  await assert.rejects(readOnly("/configz"), /status 405/);

  const { status: node } = await eventually(
    "the node tells what it has",
    () => kubectl.json<Node>(["get", "node", nodeName]),
    (found) => found.status?.capacity?.["pods"] === "7",
  );
  const bytes = (list: ResourceList | undefined) => Quantity.parse(list?.["memory"] ?? "0").value();
  assert.equal(bytes(node?.capacity) - bytes(node?.allocatable), (64 + 32) * 1024 * 1024);
  const milli = (list: ResourceList | undefined) => Quantity.parse(list?.["cpu"] ?? "0").milliValue();
  assert.equal(milli(node?.capacity) - milli(node?.allocatable), 250);

  const id = (status?.containerStatuses?.[0]?.containerID ?? "").replace("docker://", "");
  const [container] = JSON.parse(await run("docker", ["inspect", id])) as [
    { HostConfig: { CgroupParent: string; CpuQuota: number; LogConfig: { Config: Record<string, string> } } },
  ];
  const { CgroupParent, CpuQuota, LogConfig } = container.HostConfig;
  assert.deepEqual(LogConfig.Config, { "max-size": "65536", "max-file": "2" });
  assert.ok(CpuQuota <= 0, `a quota of ${CpuQuota}`);
  const roots = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"].filter((root) => existsSync(join(root, CgroupParent)));
  assert.equal(readFileSync(join(roots[0] ?? "", CgroupParent, "pids.max"), "utf8"), "64\n");
  const { kubeletconfig } = JSON.parse(await askKubelet("/configz")) as { kubeletconfig: typeof fields };
  assert.deepEqual({ ...kubeletconfig, ...fields }, kubeletconfig);
});

/** Asks the kubelet's secure port as the API server does. */
async function askKubelet(path: string): Promise<string> {
  const { nodeIp, pkiDirectory } = localCluster();
  const file = (name: string) => readFileSync(join(pkiDirectory, name));
  const identity = { cert: file("apiserver-kubelet-client.crt"), key: file("apiserver-kubelet-client.key") };
  const options = { host: nodeIp, port: 10_250, path, ca: file("ca.crt"), ...identity, agent: false };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(options, resolve).on("error", reject);
  });
  let text = "";
  for await (const chunk of response) text += String(chunk);
  assert.equal(response.statusCode, 200, text);
  return text;
}

function volumesManifest(hostDirectory: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: {name: volumes}
data: {a: one}
---
apiVersion: v1
kind: Secret
metadata: {name: volumes}
stringData: {password: secret}
---
apiVersion: v1
kind: Pod
metadata: {name: volumes, labels: {kind: first}}
spec:
  terminationGracePeriodSeconds: 1
  volumes:
  - {name: empty, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
  - {name: host, hostPath: {path: ${hostDirectory}, type: Directory}}
  - {name: config, configMap: {name: volumes}}
  - {name: secret, secret: {secretName: volumes, defaultMode: 0400}}
  - name: all
    projected:
      sources:
      - {configMap: {name: volumes}}
      - {secret: {name: volumes}}
      - {downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
      - {serviceAccountToken: {path: token, expirationSeconds: 3600}}
  containers:
  - name: main
    image: kube-ts/demo:v1
    volumeMounts:
    - {name: empty, mountPath: /empty}
    - {name: host, mountPath: /host}
    - {name: config, mountPath: /config}
    - {name: config, mountPath: /pinned, subPath: a}
    - {name: secret, mountPath: /secret}
    - {name: all, mountPath: /all}
  - name: other
    image: kube-ts/demo:v1
    command: [sleep, "3600"]
    volumeMounts:
    - {name: empty, mountPath: /empty}
    - {name: secret, mountPath: /secret}
`;
}
