import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import type { Draft } from "../meta/testing/rule-bench.ts";
import { podBench, podDraft } from "./testing/pod-drafts.ts";

const toleration = { key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 };
const affinityPath = "requiredDuringSchedulingIgnoredDuringExecution";

function update(what: string, before: Draft, change: (pod: Pod) => void, errors: readonly string[]): void {
  it(what, () => assert.deepEqual(podBench.updateErrors(podBench.prepared(podDraft(before)), change), errors));
}

describe("an update of a pod", () => {
  update(
    "may change labels and annotations",
    {},
    (pod) => {
      pod.metadata.labels = { a: "b" };
      pod.metadata.annotations = { c: "d" };
    },
    [],
  );
  update(
    "may change images",
    { initContainers: [{ name: "i", image: "a" }] },
    (pod) => {
      for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) container.image = "new:2";
    },
    [],
  );
  update("may set a deadline", {}, (pod) => (pod.spec.activeDeadlineSeconds = 30), []);
  update(
    "may bring a deadline forward",
    { activeDeadlineSeconds: 30 },
    (pod) => (pod.spec.activeDeadlineSeconds = 20),
    [],
  );
  update(
    "may tolerate more",
    { tolerations: [toleration] },
    (pod) => pod.spec.tolerations?.push({ key: "b", operator: "Exists" }),
    [],
  );
  update(
    "may tolerate longer",
    { tolerations: [toleration] },
    (pod) =>
      (pod.spec.tolerations = [{ ...toleration, operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 }]),
    [],
  );
  update(
    "may repair a grace period",
    { terminationGracePeriodSeconds: -1 },
    (pod) => (pod.spec.terminationGracePeriodSeconds = 1),
    [],
  );
  update(
    "may open gates",
    { schedulingGates: [{ name: "a" }, { name: "b" }] },
    (pod) => (pod.spec.schedulingGates = [{ name: "b" }]),
    [],
  );
  update(
    "may narrow the nodes of a gated pod",
    { schedulingGates: [{ name: "a" }], nodeSelector: { a: "b" } },
    (pod) => {
      pod.spec.nodeSelector = { a: "b", c: "d" };
      pod.spec.affinity = {
        nodeAffinity: {
          [affinityPath]: { nodeSelectorTerms: [{ matchExpressions: [{ key: "z", operator: "Exists" }] }] },
        },
      };
    },
    [],
  );

  update(
    "keeps images",
    {},
    (pod) => {
      for (const container of pod.spec.containers) container.image = "";
    },
    ["spec.containers[0].image: Required value", "spec.containers[0].image: Required value"],
  );
  update("keeps containers", {}, (pod) => pod.spec.containers.push({ name: "b", image: "i" }), [
    "spec.containers: Forbidden: pod updates may not add or remove containers",
  ]);
  update("does not put a deadline off", { activeDeadlineSeconds: 30 }, (pod) => (pod.spec.activeDeadlineSeconds = 40), [
    "spec.activeDeadlineSeconds: Invalid value: 40: must be less than or equal to previous value",
  ]);
  update("does not drop a deadline", { activeDeadlineSeconds: 30 }, (pod) => delete pod.spec.activeDeadlineSeconds, [
    "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value",
  ]);
  update("keeps tolerations", { tolerations: [toleration] }, (pod) => (pod.spec.tolerations = []), [
    "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
  ]);
  update("adds right tolerations", {}, (pod) => (pod.spec.tolerations = [{ key: "a b", operator: "Exists" }]), [
    `spec.tolerations[0].key: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    `spec.tolerations[0].key: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  ]);
  update(
    "closes no gates",
    { schedulingGates: [{ name: "a" }] },
    (pod) => pod.spec.schedulingGates?.push({ name: "b" }),
    ["spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'"],
  );
  update(
    "does not widen the nodes of a gated pod",
    { schedulingGates: [{ name: "a" }], nodeSelector: { a: "b" } },
    (pod) => (pod.spec.nodeSelector = { c: "d" }),
    [
      'spec.nodeSelector: Invalid value: {"c":"d"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
    ],
  );
  update(
    "keeps all else",
    {},
    (pod) => {
      pod.spec.nodeName = "n1";
      pod.spec.hostNetwork = true;
      for (const container of pod.spec.containers) container.command = ["sh"];
    },
    [
      'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\nspec.containers[0].command: unset -> ["sh"]\nspec.nodeName: unset -> "n1"\nspec.hostNetwork: unset -> true',
    ],
  );
  update("keeps its name", {}, (pod) => (pod.metadata.name = "other"), [
    'metadata.name: Invalid value: "other": field is immutable',
  ]);
  update(
    "does not become a mirror",
    {},
    (pod) => {
      pod.metadata.annotations = {
        "kubernetes.io/config.mirror": "x",
        "container.apparmor.security.beta.kubernetes.io/c": "unconfined",
      };
    },
    [
      'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set',
      "metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not add mirror pod annotation",
      "metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: Forbidden: may not add AppArmor annotations",
    ],
  );
});

describe("an update of a pod's status", () => {
  const old = podBench.prepared(podDraft());

  function status(what: string, fields: Draft, errors: readonly string[], before: Pod = old): void {
    it(what, () =>
      assert.deepEqual(
        podBench.updateErrors(before, (pod) => Object.assign(pod, { status: fields }), "status"),
        errors,
      ),
    );
  }

  const image = { image: "i", imageID: "", ready: false, restartCount: 0 };
  status(
    "may tell all",
    {
      phase: "Running",
      podIP: "10.0.0.1",
      podIPs: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }],
      hostIP: "192.168.0.1",
      hostIPs: [{ ip: "192.168.0.1" }],
      conditions: [
        { type: "Ready", status: "True" },
        { type: "example.com/done", status: "True" },
      ],
      containerStatuses: [{ name: "c", ...image, state: { running: {} } }],
    },
    [],
  );
  status("has right addresses", { podIPs: [{ ip: "x" }], hostIP: "1.1.1.1", hostIPs: [{ ip: "2.2.2.2" }] }, [
    'status.podIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    'status.hostIPs[0].ip: Invalid value: "2.2.2.2": must be equal to `hostIP`',
  ]);
  status("has an address of each family", { podIPs: [{ ip: "10.0.0.1" }, { ip: "10.0.0.1" }] }, [
    'status.podIPs: Invalid value: [{"ip":"10.0.0.1"},{"ip":"10.0.0.1"}]: may specify no more than one IP for each IP family',
    'status.podIPs[1]: Duplicate value: {"ip":"10.0.0.1"}',
  ]);
  status("has right conditions", { conditions: [{ type: "a b", status: "True" }] }, [
    `metadata.conditions[0].Type: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  ]);
  status("keeps the class", { qosClass: "Guaranteed" }, [
    'status.qosClass: Invalid value: "Guaranteed": field is immutable',
  ]);
  status("nominates a right node", { nominatedNodeName: "A B" }, [
    `status.nominatedNodeName: Invalid value: "A B": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
  ]);
  status(
    "tells of claims of the pod",
    { resourceClaimStatuses: [{ name: "a", resourceClaimName: "B" }, { name: "a" }] },
    [
      'status.resourceClaimStatuses[0].name: Invalid value: "a": must match the name of an entry in `spec.resourceClaims`',
      `status.resourceClaimStatuses[0].name: Invalid value: "B": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      'status.resourceClaimStatuses[1].name: Invalid value: "a": must match the name of an entry in `spec.resourceClaims`',
      'status.resourceClaimStatuses[1].name: Duplicate value: "a"',
    ],
  );
  status(
    "tells of resources of containers",
    {
      containerStatuses: [
        {
          name: "c",
          ...image,
          allocatedResourcesStatus: [
            {
              name: "example.com/gpu",
              resources: [
                { resourceID: "1", health: "Sick" },
                { resourceID: "1", health: "Healthy" },
              ],
            },
          ],
        },
      ],
    },
    [
      `status.containerStatuses[0].allocatedResourcesStatus[0].name: Invalid value: "example.com/gpu": must match one of the container's resource requests`,
      'status.containerStatuses[0].allocatedResourcesStatus[0].resources[0].health: Unsupported value: "Sick": supported values: "Healthy", "Unhealthy", "Unknown"',
      'status.containerStatuses[0].allocatedResourcesStatus[0].resources[1].resourceID: Duplicate value: "1"',
    ],
  );

  function endedPod(restartPolicy: string): Pod {
    const pod = podBench.prepared(podDraft({ restartPolicy, ephemeralContainers: [] }));
    return { ...pod, status: { containerStatuses: [{ name: "c", ...image, state: { terminated: { exitCode: 0 } } }] } };
  }
  const running = { containerStatuses: [{ name: "c", ...image, state: { running: {} } }] };
  status("starts again what may restart", running, [], endedPod("Always"));
  status(
    "does not start again what has ended",
    running,
    ["status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"],
    endedPod("OnFailure"),
  );
  const everything = endedPod("Never");
  const rule = { action: "RestartAllContainers" as const, exitCodes: { operator: "In" as const, values: [42] } };
  const asking = { name: "asks", image: "i", restartPolicy: "Never" as const, restartPolicyRules: [rule] };
  status("starts again what another container's end restarts", running, [], {
    ...everything,
    spec: { ...everything.spec, containers: [...everything.spec.containers, asking] },
  });
  status(
    "does not start again what never restarts",
    running,
    ["status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"],
    endedPod("Never"),
  );
});
