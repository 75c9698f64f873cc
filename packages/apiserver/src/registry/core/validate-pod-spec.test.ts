import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Draft } from "../meta/testing/rule-bench.ts";
import { podBench, podDraft, specErrors } from "./testing/pod-drafts.ts";

const image = "nginx:1";

function spec(what: string, fields: Draft, errors: readonly string[]): void {
  it(what, () => assert.deepEqual(specErrors(fields), errors));
}

describe("the spec of a pod", () => {
  spec("restarts by a known policy", { restartPolicy: "Sometimes" }, [
    'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
  ]);
  spec("has a deadline of some time", { activeDeadlineSeconds: 0 }, [
    "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
  ]);
  spec("has a deadline in range", { activeDeadlineSeconds: 2147483648 }, [
    "spec.activeDeadlineSeconds: Invalid value: 2147483648: must be between 1 and 2147483647, inclusive",
  ]);
  spec("selects nodes by right labels", { nodeSelector: { "a b": "c", d: "e f" } }, [
    `spec.nodeSelector: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    `spec.nodeSelector: Invalid value: "e f": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
  ]);
  spec(
    "names other objects rightly",
    { serviceAccountName: "A", nodeName: "N_1", priorityClassName: "p q", runtimeClassName: "" },
    [
      `spec.serviceAccountName: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      `spec.nodeName: Invalid value: "N_1": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      `spec.priorityClassName: Invalid value: "p q": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      `spec.runtimeClassName: Invalid value: "": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ],
  );
  spec("waits for right conditions", { readinessGates: [{ conditionType: "a b" }, {}] }, [
    `spec.readinessGates[0].conditionType: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    'spec.readinessGates[1].conditionType: Invalid value: "": name part must be non-empty',
    `spec.readinessGates[1].conditionType: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  ]);
  spec("waits at right gates", { schedulingGates: [{ name: "a b" }, { name: "c" }, { name: "c" }] }, [
    `spec.schedulingGates[0]: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    'spec.schedulingGates[2]: Duplicate value: "c"',
  ]);
  spec("waits for its gates before it has a node", { nodeName: "n1", schedulingGates: [{ name: "c" }] }, [
    "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
  ]);
  spec("preempts by a known policy", { preemptionPolicy: "Always" }, [
    'spec.preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"',
  ]);
  spec("has overhead in right resources", { overhead: { disk: "1", memory: "-1" } }, [
    'spec.overhead.limits[disk]: Invalid value: "disk": must be a standard resource type or fully qualified',
    'spec.overhead.limits[disk]: Invalid value: "disk": must be a standard resource for containers',
    'spec.overhead.limits[memory]: Invalid value: "-1": must be greater than or equal to 0',
  ]);
});

describe("the network of a pod", () => {
  spec(
    "may be set up in all ways",
    {
      dnsPolicy: "None",
      dnsConfig: {
        nameservers: ["1.1.1.1", "fd00::1"],
        searches: ["example.com.", "_tcp.example.com", "."],
        options: [{ name: "ndots", value: "2" }],
      },
      hostname: "web",
      subdomain: "apps",
      hostAliases: [{ ip: "127.0.0.1", hostnames: ["a.b", "c"] }],
    },
    [],
  );
  spec("resolves names by a known policy", { dnsPolicy: "Anycast" }, [
    'spec.dnsPolicy: Unsupported value: "Anycast": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
  ]);
  spec("has settings when it has no policy", { dnsPolicy: "None" }, [
    "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None",
  ]);
  spec("has servers when it has no policy", { dnsPolicy: "None", dnsConfig: { searches: ["a"] } }, [
    "spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None",
  ]);
  spec(
    "has right settings",
    {
      dnsConfig: {
        nameservers: ["1.1.1.1", "2.2.2.2", "3.3.3.3", "x"],
        searches: ["A", "b..c"],
        options: [{ value: "2" }],
      },
    },
    [
      'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","2.2.2.2","3.3.3.3","x"]: must not have more than 3 nameservers',
      'spec.dnsConfig.nameservers[3]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      `spec.dnsConfig.searches[0]: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')`,
      `spec.dnsConfig.searches[1]: Invalid value: "b..c": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')`,
      "spec.dnsConfig.options[0]: Required value: must not be empty",
    ],
  );
  spec("searches in few domains", { dnsConfig: { searches: Array.from({ length: 33 }, () => "a") } }, [
    'spec.dnsConfig.searches: Invalid value: ["a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a"]: must not have more than 32 search paths',
  ]);
  spec("has right names", { hostname: "a.b", subdomain: "C" }, [
    'spec.hostname: Invalid value: "a.b": must not contain dots',
    `spec.subdomain: Invalid value: "C": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
  ]);
  spec("has one name", { hostnameOverride: "a.b", setHostnameAsFQDN: true, hostNetwork: true }, [
    "spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true",
    "spec.setHostnameAsFQDN: Forbidden: may not be specified when hostnameOverride is set",
  ]);
  spec("has right aliases", { hostAliases: [{ ip: "localhost", hostnames: ["A B"] }] }, [
    'spec.hostAliases[0].ip: Invalid value: "localhost": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    `spec.hostAliases[0].hostnames[0]: Invalid value: "A B": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
  ]);
  spec(
    "has the ports of its host",
    { hostNetwork: true, containers: [{ name: "c", image, ports: [{ containerPort: 80, hostPort: 81 }] }] },
    ["spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true"],
  );
});

describe("the tolerations of a pod", () => {
  spec(
    "may be of all kinds",
    {
      tolerations: [
        { operator: "Exists" },
        { key: "a", operator: "Equal", value: "b", effect: "NoSchedule" },
        { key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 },
      ],
    },
    [],
  );
  spec("have a key or are for all", { tolerations: [{ operator: "Equal", value: "a" }] }, [
    'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
  ]);
  spec(
    "are right",
    {
      tolerations: [
        { key: "a b", operator: "Exists" },
        { key: "a", operator: "Exists", value: "b" },
        { key: "a", value: "not a value" },
        { key: "a", operator: "Like" },
        { key: "a", operator: "Exists", effect: "NoSleep" },
        { key: "a", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 30 },
      ],
    },
    [
      `spec.tolerations[0].key: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      "spec.tolerations[1].operator: Invalid value: \"b\": value must be empty when `operator` is 'Exists'",
      `spec.tolerations[2].operator: Invalid value: "not a value": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      'spec.tolerations[3].operator: Unsupported value: "Like": supported values: "Equal", "Exists"',
      'spec.tolerations[4].effect: Unsupported value: "NoSleep": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      "spec.tolerations[5].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set",
    ],
  );
});

describe("the spread of a pod", () => {
  const constraint = { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" };
  function spread(what: string, constraints: readonly Draft[], errors: readonly string[]): void {
    it(what, () => {
      const texts = specErrors({ topologySpreadConstraints: constraints });
      assert.deepEqual(
        texts.map((text) => text.replace(/^spec\.topologySpreadConstraints/, "")),
        errors,
      );
    });
  }

  spread(
    "may be over several topologies",
    [
      { ...constraint, minDomains: 2, nodeTaintsPolicy: "Honor" },
      { ...constraint, topologyKey: "node" },
    ],
    [],
  );
  spread(
    "is of some skew",
    [{ ...constraint, maxSkew: 0 }],
    ["[0].maxSkew: Invalid value: 0: must be greater than zero"],
  );
  spread(
    "is about a topology",
    [{ ...constraint, topologyKey: "" }],
    ["[0].topologyKey: Required value: can not be empty"],
  );
  spread(
    "does something when it cannot be",
    [{ ...constraint, whenUnsatisfiable: "Wait" }],
    ['[0].whenUnsatisfiable: Unsupported value: "Wait": supported values: "DoNotSchedule", "ScheduleAnyway"'],
  );
  spread(
    "is over some domains",
    [{ ...constraint, minDomains: 0, whenUnsatisfiable: "ScheduleAnyway" }],
    [
      "[0].minDomains: Invalid value: 0: must be greater than zero",
      "[0].minDomains: Invalid value: 0: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway",
    ],
  );
  spread(
    "treats nodes in known ways",
    [{ ...constraint, nodeAffinityPolicy: "A", nodeTaintsPolicy: "B" }],
    [
      '[0].nodeAffinityPolicy: Unsupported value: "A": supported values: "Honor", "Ignore"',
      '[0].nodeTaintsPolicy: Unsupported value: "B": supported values: "Honor", "Ignore"',
    ],
  );
  spread(
    "is said once",
    [constraint, constraint],
    ['[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"'],
  );
  spread(
    "counts pods of right labels",
    [
      { ...constraint, labelSelector: { matchExpressions: [{ key: "a", operator: "Is" }] } },
      { ...constraint, topologyKey: "b", matchLabelKeys: ["hash"] },
      { ...constraint, topologyKey: "c", labelSelector: { matchLabels: { app: "a" } }, matchLabelKeys: ["app", "x y"] },
    ],
    [
      '[0].labelSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
      "[1].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
      `[2].matchLabelKeys[1]: Invalid value: "x y": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    ],
  );
});

describe("a pod", () => {
  it("has a right name", () => {
    const draft = podDraft({}, { name: "Web_1" });
    assert.deepEqual(podBench.createErrors(draft), [
      `metadata.name: Invalid value: "Web_1": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ]);
  });

  it("may be made by a prefix of a name", () => {
    assert.deepEqual(podBench.createErrors(podDraft({}, { name: "", generateName: "web-" })), []);
  });

  it("warns of doubtful fields", () => {
    const warnings = podBench.warnings(
      podDraft(
        {
          nodeSelector: { "beta.kubernetes.io/os": "linux" },
          terminationGracePeriodSeconds: -1,
          imagePullSecrets: [{ name: "" }],
          containers: [
            {
              name: "c",
              image,
              env: [{ name: "A" }, { name: "A" }],
              ports: [{ containerPort: 80 }, { containerPort: 80 }],
              resources: { requests: { memory: "100m" } },
            },
          ],
        },
        { name: "web.example.com" },
      ),
    );
    assert.deepEqual(warnings, [
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
      'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
      'spec.imagePullSecrets[0]: invalid empty name ""',
      "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
      'spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer',
      'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
      "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]",
    ]);
  });
});
