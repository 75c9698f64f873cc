import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Draft } from "../meta/testing/rule-bench.ts";
import { containerErrors, specErrors } from "./testing/pod-drafts.ts";

const image = "nginx:1";

function refuses(what: string, fields: Draft, errors: readonly string[], spec: Draft = {}): void {
  it(what, () => assert.deepEqual(containerErrors(fields, spec), errors));
}

function refusesSpec(what: string, spec: Draft, errors: readonly string[]): void {
  it(what, () => assert.deepEqual(specErrors(spec), errors));
}

describe("a container", () => {
  refuses("may be plain", {}, []);
  refuses("has a name", { name: "" }, ["name: Required value"]);
  refuses("has a label for its name", { name: "Web_1" }, [
    `name: Invalid value: "Web_1": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
  ]);
  refuses("has an image", { image: "" }, ["image: Required value"]);
  refuses("has no blanks around its image", { image: " nginx" }, [
    'image: Invalid value: " nginx": must not have leading or trailing whitespace',
  ]);
  refuses("is pulled by a known policy", { imagePullPolicy: "Sometimes" }, [
    'imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
  ]);
  refuses("leaves its message by a known policy", { terminationMessagePolicy: "Mail" }, [
    'terminationMessagePolicy: Unsupported value: "Mail": supported values: "File", "FallbackToLogsOnError"',
  ]);
  refuses("restarts by a known policy", { restartPolicy: "Maybe" }, [
    'restartPolicy: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"',
  ]);
  refuses(
    "says by which rules it restarts",
    {
      restartPolicy: "Never",
      restartPolicyRules: [
        { action: "Restart", exitCodes: { operator: "In", values: [42] } },
        { action: "Wait", exitCodes: { operator: "Is" } },
        { action: "Restart" },
      ],
    },
    [
      'restartPolicyRules[1].action: Unsupported value: "Wait": supported values: "Restart", "RestartAllContainers"',
      'restartPolicyRules[1].exitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"',
      "restartPolicyRules[1].exitCodes.values: Required value: must specify at least one value",
      "restartPolicyRules[2].exitCodes: Required value: must be specified",
    ],
  );
  refuses(
    "has a policy beside its rules",
    { restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [1] } }] },
    ["restartPolicy: Required value: must specify restartPolicy when restart rules are used"],
  );
  refuses(
    "is resized by known policies",
    {
      resizePolicy: [
        { resourceName: "cpu", restartPolicy: "NotRequired" },
        { resourceName: "cpu", restartPolicy: "Soon" },
        { resourceName: "disk", restartPolicy: "NotRequired" },
      ],
    },
    [
      'resizePolicy[1]: Duplicate value: "cpu"',
      'resizePolicy: Unsupported value: "Soon": supported values: "NotRequired", "RestartContainer"',
      'resizePolicy: Unsupported value: "disk": supported values: "cpu", "memory"',
    ],
  );
  refuses(
    "cannot need a restart when it never restarts",
    { resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }] },
    ["resizePolicy: Invalid value: \"RestartContainer\": must be 'NotRequired' when `restartPolicy` is 'Never'"],
    { restartPolicy: "Never" },
  );
});

describe("the ports of a container", () => {
  refuses(
    "may be several",
    {
      ports: [
        { containerPort: 80, name: "http", hostPort: 80 },
        { containerPort: 80, protocol: "UDP", hostPort: 80 },
      ],
    },
    [],
  );
  refuses("have a number", { ports: [{ name: "http" }] }, ["ports[0].containerPort: Required value"]);
  refuses("are in range", { ports: [{ containerPort: 65536, hostPort: -1 }] }, [
    "ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive",
    "ports[0].hostPort: Invalid value: -1: must be between 1 and 65535, inclusive",
  ]);
  refuses(
    "have a right name",
    {
      ports: [
        { containerPort: 80, name: "Web Port" },
        { containerPort: 81, name: "a-very-long-name" },
      ],
    },
    [
      'ports[0].name: Invalid value: "Web Port": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'ports[1].name: Invalid value: "a-very-long-name": must be no more than 15 bytes',
    ],
  );
  refuses(
    "have names of their own",
    {
      ports: [
        { containerPort: 80, name: "a" },
        { containerPort: 81, name: "a" },
      ],
    },
    ['ports[1].name: Duplicate value: "a"'],
  );
  refuses("have a known protocol", { ports: [{ containerPort: 80, protocol: "ICMP" }] }, [
    'ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
  ]);
  refusesSpec(
    "do not take the same port of the host",
    {
      containers: [
        { name: "a", image, ports: [{ containerPort: 80, hostPort: 8080 }] },
        { name: "b", image, ports: [{ containerPort: 81, hostPort: 8080 }] },
      ],
    },
    ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//8080"'],
  );
});

describe("the containers of a pod", () => {
  refusesSpec("are one at least", { containers: [] }, ["spec.containers: Required value"]);
  refusesSpec(
    "have names of their own",
    {
      containers: [
        { name: "a", image },
        { name: "a", image },
      ],
    },
    ['spec.containers[1].name: Duplicate value: "a"'],
  );
  refusesSpec(
    "share no name with init containers",
    {
      containers: [{ name: "a", image }],
      initContainers: [
        { name: "a", image },
        { name: "b", image },
        { name: "b", image },
      ],
    },
    ['spec.initContainers[0].name: Duplicate value: "a"', 'spec.initContainers[2].name: Duplicate value: "b"'],
  );
  refusesSpec(
    "have no probes before the pod runs",
    {
      initContainers: [
        {
          name: "i",
          image,
          lifecycle: { preStop: { exec: { command: ["true"] } } },
          livenessProbe: { exec: { command: ["true"] } },
          readinessProbe: { exec: { command: ["true"] } },
          startupProbe: { exec: { command: ["true"] } },
        },
      ],
    },
    [
      "spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always",
      "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
      "spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
      "spec.initContainers[0].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
    ],
  );
  refusesSpec(
    "have probes beside the pod",
    {
      initContainers: [{ name: "i", image, restartPolicy: "Always", readinessProbe: { exec: { command: ["true"] } } }],
    },
    [],
  );
  refusesSpec("for debugging come later", { ephemeralContainers: [{ name: "d", image }] }, [
    "spec.ephemeralContainers: Forbidden: cannot be set on create",
  ]);
  refusesSpec(
    "for debugging have few fields",
    {
      volumes: [{ name: "v" }],
      ephemeralContainers: [
        {
          name: "c",
          image: "busybox ",
          targetContainerName: "other",
          ports: [{ containerPort: 80 }],
          resources: { limits: { cpu: "1" } },
          livenessProbe: { exec: { command: ["true"] } },
          volumeMounts: [{ name: "v", mountPath: "/v", subPath: "a" }],
        },
      ],
    },
    [
      'spec.ephemeralContainers[0].image: Invalid value: "busybox ": must not have leading or trailing whitespace',
      'spec.ephemeralContainers[0].name: Duplicate value: "c"',
      'spec.ephemeralContainers[0].targetContainerName: Not found: "other"',
      "spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container",
      "spec.ephemeralContainers[0].resources: Forbidden: cannot be set for an Ephemeral Container",
      "spec.ephemeralContainers[0].livenessProbe: Forbidden: cannot be set for an Ephemeral Container",
      "spec.ephemeralContainers[0].volumeMounts[0].subPath: Forbidden: cannot be set for an Ephemeral Container",
      "spec.ephemeralContainers: Forbidden: cannot be set on create",
    ],
  );
});
