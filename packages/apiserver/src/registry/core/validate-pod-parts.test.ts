import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ContainerStatus, Pod, ResourceRequirements } from "@kube-ts/api/core/v1";
import type { Draft } from "../meta/testing/rule-bench.ts";
import { podBench, podDraft } from "./testing/pod-drafts.ts";

const image = "nginx:1";

describe("debugging containers", () => {
  const plain = podBench.prepared(podDraft());
  const debug = { name: "debug", image, terminationMessagePolicy: "File" as const, imagePullPolicy: "Always" as const };
  const debugged = podBench.updated(plain, (pod) => (pod.spec.ephemeralContainers = [debug]), "ephemeralcontainers");

  function part(what: string, old: Pod, change: (pod: Pod) => void, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(podBench.updateErrors(old, change, "ephemeralcontainers"), errors));
  }

  part("are added", plain, (pod) => (pod.spec.ephemeralContainers = [debug]), []);
  part("are added to others", debugged, (pod) => pod.spec.ephemeralContainers?.push({ ...debug, name: "more" }), []);
  part("are not removed", debugged, (pod) => (pod.spec.ephemeralContainers = []), [
    'spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be removed\n',
  ]);
  part("are not changed", debugged, (pod) => (pod.spec.ephemeralContainers = [{ ...debug, command: ["sh"] }]), [
    'spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be changed\ndebug.command: unset -> ["sh"]',
  ]);
  part("are right", plain, (pod) => (pod.spec.ephemeralContainers = [{ ...debug, name: "c" }]), [
    'spec.ephemeralContainers[0].name: Duplicate value: "c"',
  ]);
  const mirror = podBench.prepared(
    podDraft({ nodeName: "n1" }, { annotations: { "kubernetes.io/config.mirror": "x" } }),
  );
  part("are not for static pods", mirror, (pod) => (pod.spec.ephemeralContainers = [debug]), [
    ": Forbidden: static pods do not support ephemeral containers",
  ]);
});

describe("a resize", () => {
  const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "2Gi" } };
  const runningStatus = {
    name: "c",
    image,
    imageID: "",
    ready: true,
    restartCount: 0,
    state: { running: {} },
    resources: {},
  };

  function podOf(spec: Draft, metadata: Draft = {}, status: readonly ContainerStatus[] = [runningStatus]): Pod {
    const pod = podBench.prepared(podDraft({ containers: [{ name: "c", image, resources }], ...spec }, metadata));
    return { ...pod, status: { ...pod.status, containerStatuses: [...status] } };
  }

  function resize(what: string, old: Pod, wanted: ResourceRequirements, errors: readonly string[]): void {
    it(what, () => {
      const change = (pod: Pod) => {
        for (const container of pod.spec.containers) container.resources = wanted;
      };
      assert.deepEqual(podBench.updateErrors(old, change, "resize"), errors);
    });
  }

  const more = { requests: { cpu: "2", memory: "2Gi" }, limits: { memory: "3Gi" } };
  resize("may give more", podOf({}), more, []);
  resize("keeps the class", podOf({}), { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } }, [
    'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
  ]);
  resize("removes nothing", podOf({}), { requests: { memory: "1Gi" }, limits: {} }, [
    "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
    "spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed",
  ]);
  resize("gives right amounts", podOf({}), { requests: { cpu: "2", memory: "4Gi" }, limits: { memory: "3Gi" } }, [
    'spec.containers[0].resources.requests: Invalid value: "4Gi": must be less than or equal to memory limit of 3Gi',
  ]);
  resize(
    "gives cpu and memory only",
    podOf({}),
    { ...more, requests: { ...more.requests, "ephemeral-storage": "1Gi" } },
    ["spec: Forbidden: only cpu and memory resources are mutable"],
  );
  resize(
    "is not for static pods",
    podOf({ nodeName: "n1" }, { annotations: { "kubernetes.io/config.mirror": "x" } }),
    more,
    [": Forbidden: static pods cannot be resized"],
  );
  resize("is not for Windows", podOf({ os: { name: "windows" } }), more, [
    ": Forbidden: windows pods cannot be resized",
  ]);
  resize("is not for pods with resources of their own", podOf({ resources: { requests: { cpu: "4" } } }), more, [
    ": Forbidden: pods with pod-level resources cannot be resized",
  ]);
  const { resources: _unknown, ...silent } = runningStatus;
  resize("needs a node that can", podOf({}, {}, [silent]), more, [
    "spec: Forbidden: Pod running on node without support for resize",
  ]);

  it("leaves init containers alone", () => {
    const init = { name: "i", image, resources: { requests: { cpu: "1" } } };
    const change = (pod: Pod) => {
      for (const container of pod.spec.initContainers ?? []) container.resources = { requests: { cpu: "2" } };
    };
    assert.deepEqual(podBench.updateErrors(podOf({ initContainers: [init] }), change, "resize"), [
      "spec: Forbidden: resources for non-sidecar init containers are immutable",
    ]);
    const sidecar = { ...init, restartPolicy: "Always" };
    assert.deepEqual(podBench.updateErrors(podOf({ initContainers: [sidecar] }), change, "resize"), []);
  });
});
