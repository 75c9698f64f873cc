import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContainerInspectInfo } from "dockerode";
import { containerLabels } from "../labels.ts";
import { containerStatus } from "./container-view.ts";
import { dockerLabels, packLabels, unpackLabels } from "./docker-labels.ts";
import { dockerName, parseDockerName } from "./names.ts";

const pod = { name: "web-1", namespace: "default", uid: "0f9a" };

function inspected(state: Partial<ContainerInspectInfo["State"]>): ContainerInspectInfo {
  return {
    Id: "c1",
    Name: `/${dockerName("app", pod, 2)}`,
    Created: "2026-01-01T00:00:00.5Z",
    Image: "sha256:1",
    LogPath: "/var/lib/docker/containers/c1/c1-json.log",
    State: {
      Status: "exited",
      ExitCode: 0,
      Error: "",
      OOMKilled: false,
      StartedAt: "2026-01-01T00:00:01Z",
      FinishedAt: "2026-01-01T00:00:02Z",
      ...state,
    },
    Mounts: [],
    HostConfig: { CpuShares: 102, Memory: 1024 },
    Config: {
      Image: "sha256:1",
      User: "",
      Labels: packLabels("container", containerLabels(pod, "app"), { note: "n" }, { [dockerLabels.sandboxId]: "s1" }),
    },
  } as unknown as ContainerInspectInfo;
}

const never = { StartedAt: "0001-01-01T00:00:00Z", FinishedAt: "0001-01-01T00:00:00Z" };

const cases: readonly (readonly [string, Partial<ContainerInspectInfo["State"]>, unknown])[] = [
  ["running", { Status: "running" }, { state: "running", exitCode: 0, reason: "", finishedAtMs: undefined }],
  ["completed", {}, { state: "exited", exitCode: 0, reason: "Completed", finishedAtMs: 1767225602000 }],
  ["failed", { ExitCode: 3 }, { state: "exited", exitCode: 3, reason: "Error", finishedAtMs: 1767225602000 }],
  [
    "out of memory",
    { ExitCode: 137, OOMKilled: true },
    { state: "exited", exitCode: 137, reason: "OOMKilled", finishedAtMs: 1767225602000 },
  ],
  ["created", { Status: "created", ...never }, { state: "created", exitCode: 0, reason: "", finishedAtMs: undefined }],
  [
    "start failed",
    { Status: "created", ...never, ExitCode: 127, Error: "no such file" },
    { state: "exited", exitCode: 127, reason: "ContainerCannotRun", finishedAtMs: 1767225600500 },
  ],
];

test("states of the engine become container states", () => {
  for (const [name, state, expected] of cases) {
    const status = containerStatus(inspected(state), []);
    assert.ok(status, name);
    const { state: got, exitCode, reason, finishedAtMs } = status;
    assert.deepEqual({ state: got, exitCode, reason, finishedAtMs }, expected, name);
  }
});

test("identity, labels and limits come back from the engine", () => {
  const status = containerStatus(inspected({}), ["docker.io/library/app@sha256:d"]);
  assert.ok(status);
  assert.deepEqual(
    { pod: status.pod, name: status.name, attempt: status.attempt, sandbox: status.podSandboxId },
    { pod, name: "app", attempt: 2, sandbox: "s1" },
  );
  assert.deepEqual(status.labels, containerLabels(pod, "app"));
  assert.deepEqual(status.annotations, { note: "n" });
  assert.equal(status.imageRef, "docker-pullable://docker.io/library/app@sha256:d");
  assert.deepEqual(status.resources, { cpuShares: 102, memoryLimitBytes: 1024 });
});

test("names that are not ours are left alone", () => {
  assert.deepEqual(parseDockerName("/k8s_app_web-1_default_0f9a_2"), { containerName: "app", pod, attempt: 2 });
  for (const name of ["/web", "k8s_app", "k8s_a_b_c_d_x", "k8s_a_b_c_d_1_2"]) {
    assert.equal(parseDockerName(name), undefined, name);
  }
  assert.deepEqual(unpackLabels({ a: "1", "annotation.b": "2", [dockerLabels.type]: "container" }), {
    labels: { a: "1" },
    annotations: { b: "2" },
  });
});
