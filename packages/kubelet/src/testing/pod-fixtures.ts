import type { Container, Pod, PodSpec } from "@kube-ts/api/core/v1";
import type { ObjectMeta } from "@kube-ts/api/meta/v1";
import type { SandboxStatus } from "../runtime/runtime.ts";
import { annotations, containerLabels, podLabels } from "../runtime/labels.ts";
import { type ObservedContainer, type ObservedPod, observedPod } from "../pods/observed-pod.ts";
import { containerHash } from "../pods/container-hash.ts";
import type { PodWork } from "../pods/pod-work.ts";
import { defaultCrashBackoff } from "../pods/crash-backoff.ts";
import { noProbeResults } from "../probes/probe-results.ts";

export const testIdentity = { name: "web", namespace: "default", uid: "uid-1" };

export function testContainer(name = "app", more: Partial<Container> = {}): Container {
  return { name, image: "demo:v1", imagePullPolicy: "IfNotPresent", ...more };
}

export function testPod(spec: Partial<PodSpec> = {}, metadata: ObjectMeta = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...testIdentity, creationTimestamp: "2026-01-01T00:00:00Z", generation: 1, ...metadata },
    spec: {
      containers: [testContainer()],
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      nodeName: "node-1",
      ...spec,
    },
    status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "True" }] },
  };
}

export function testSandbox(more: Partial<SandboxStatus> = {}): SandboxStatus {
  return {
    id: "s0",
    pod: testIdentity,
    attempt: 0,
    state: "ready",
    createdAtMs: 0,
    labels: podLabels(testIdentity),
    annotations: {},
    ips: ["10.244.0.5"],
    hostNetwork: false,
    hostPid: false,
    hostIpc: false,
    sharePid: false,
    ...more,
  };
}

/** An instance of a container; id `<name>-<attempt>` unless given. */
export function testInstance(name: string, more: Partial<ObservedContainer> = {}): ObservedContainer {
  const attempt = more.attempt ?? 0;
  return {
    id: `${name}-${attempt}`,
    podSandboxId: "s0",
    pod: testIdentity,
    name,
    attempt,
    image: "demo:v1",
    imageId: "sha256:1",
    imageRef: "docker://sha256:1",
    state: "running",
    createdAtMs: 1000 + attempt * 1000,
    labels: containerLabels(testIdentity, name),
    annotations: { [annotations.containerHash]: containerHash({ name, image: "demo:v1" }) },
    startedAtMs: 1000 + attempt * 1000,
    finishedAtMs: undefined,
    exitCode: 0,
    reason: "",
    message: "",
    logPath: "",
    mounts: [],
    user: undefined,
    resources: {},
    terminationMessage: "",
    ...more,
  };
}

export function exited(name: string, exitCode: number, finishedAtMs: number, more: Partial<ObservedContainer> = {}) {
  const reason = exitCode === 0 ? "Completed" : "Error";
  return testInstance(name, { state: "exited", exitCode, finishedAtMs, reason, ...more });
}

export function observe(sandboxes: readonly SandboxStatus[], containers: readonly ObservedContainer[]): ObservedPod {
  return observedPod(sandboxes, containers);
}

export function testWork(more: Partial<PodWork> = {}): PodWork {
  return {
    rejection: undefined,
    termination: undefined,
    removed: false,
    deleteAccepted: false,
    static: false,
    prepared: "yes",
    tornDown: false,
    stoppedSandboxes: new Set(),
    networkProblem: undefined,
    containers: new Map(),
    inFlight: new Map(),
    retryAtMs: new Map(),
    probes: noProbeResults,
    lastStatus: { phase: "Pending", startTime: "1970-01-01T00:00:00Z" },
    hostIps: ["192.168.0.10"],
    runtimeName: "docker",
    crashBackoff: defaultCrashBackoff,
    resourcePolicy: { memoryCapacityBytes: 8 * 1024 ** 3, cpuQuota: true, cpuPeriodUs: 100_000 },
    resizeRefusal: undefined,
    resizeFailure: undefined,
    ...more,
  };
}
