import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Draft } from "../meta/testing/rule-bench.ts";
import { containerErrors } from "./testing/pod-drafts.ts";

function variables(what: string, env: readonly Draft[], errors: readonly string[]): void {
  it(what, () => assert.deepEqual(containerErrors({ env }), errors));
}

describe("the variables of a container", () => {
  variables(
    "may come from all kinds of sources",
    [
      { name: "A", value: "1" },
      { name: "b.c-d", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app.kubernetes.io/name']" } } },
      { name: "C", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1Mi" } } },
      { name: "D", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } },
      { name: "E", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
      { name: "F", valueFrom: { fieldRef: { fieldPath: "status.podIPs" } } },
      { name: "G", valueFrom: { resourceFieldRef: { resource: "requests.hugepages-2Mi" } } },
    ],
    [],
  );
  variables("have a name", [{ value: "1" }], ["env[0].name: Required value"]);
  variables(
    "have no equal sign in their name",
    [{ name: "a=b" }],
    [
      `env[0].name: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than '='`,
    ],
  );
  variables(
    "have one source at most",
    [{ name: "A", value: "1", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
    ['env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
  );
  variables(
    "have a source",
    [{ name: "A", valueFrom: {} }],
    [
      'env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    ],
  );
  variables(
    "do not have two sources",
    [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" }, secretKeyRef: { name: "s", key: "k" } } }],
    ['env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time'],
  );
  variables(
    "refer to known fields",
    [
      { name: "A", valueFrom: { fieldRef: { fieldPath: "" } } },
      { name: "B", valueFrom: { fieldRef: { fieldPath: "spec.volumes" } } },
      { name: "C", valueFrom: { fieldRef: { fieldPath: "metadata.labels" } } },
      { name: "D", valueFrom: { fieldRef: { fieldPath: "metadata.labels['a b']" } } },
      { name: "E", valueFrom: { fieldRef: { fieldPath: "spec.nodeName['a']" } } },
      { name: "F", valueFrom: { fieldRef: { fieldPath: "spec.nodeName", apiVersion: "v2" } } },
    ],
    [
      "env[0].valueFrom.fieldRef.fieldPath: Required value",
      'env[1].valueFrom.fieldRef.fieldPath: Invalid value: "spec.volumes": error converting fieldPath: field label not supported: spec.volumes',
      'env[2].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
      `env[3].valueFrom.fieldRef: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      `env[4].valueFrom.fieldRef.fieldPath: Invalid value: "spec.nodeName['a']": error converting fieldPath: field label does not support subscript: spec.nodeName['a']`,
      'env[5].valueFrom.fieldRef.fieldPath: Invalid value: "spec.nodeName": error converting fieldPath: unsupported pod version: v2',
    ],
  );
  variables(
    "refer to known resources",
    [
      { name: "A", valueFrom: { resourceFieldRef: { resource: "" } } },
      { name: "B", valueFrom: { resourceFieldRef: { resource: "limits.disk" } } },
      { name: "C", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "3" } } },
      { name: "D", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1m" } } },
    ],
    [
      "env[0].valueFrom.resourceFieldRef.resource: Required value",
      'env[1].valueFrom.resourceFieldRef.resource: Unsupported value: "limits.disk": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"',
      `env[2].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource`,
      `env[3].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.memory": only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the memory resource`,
    ],
  );
  variables(
    "refer to keys of objects",
    [
      { name: "A", valueFrom: { configMapKeyRef: { name: "a b", key: "" } } },
      { name: "B", valueFrom: { secretKeyRef: { name: "s", key: "a/b" } } },
    ],
    [
      `env[0].valueFrom.configMapKeyRef.name: Invalid value: "a b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      "env[0].valueFrom.configMapKeyRef.key: Required value",
      `env[1].valueFrom.secretKeyRef.key: Invalid value: "a/b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
    ],
  );
  variables(
    "refer to keys of files",
    [{ name: "A", valueFrom: { fileKeyRef: { volumeName: "", path: "../x", key: "" } } }],
    [
      "env[0].valueFrom.fileKeyRef.volumeName: Required value",
      `env[0].valueFrom.fileKeyRef.path: Invalid value: "../x": must not contain '..'`,
      "env[0].valueFrom.fileKeyRef.key: Required value",
    ],
  );
});

describe("the sources of all variables of a container", () => {
  const cases: readonly (readonly [what: string, source: Draft, errors: readonly string[]])[] = [
    ["may be a config map", { configMapRef: { name: "c" }, prefix: "P_" }, []],
    [
      "have a prefix that variables can have",
      { secretRef: { name: "s" }, prefix: "a=b" },
      [
        `envFrom[0].prefix: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than '='`,
      ],
    ],
    ["are there", {}, ['envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`']],
    [
      "are one each",
      { configMapRef: { name: "c" }, secretRef: { name: "s" } },
      ['envFrom: Invalid value: "": may not have more than one field specified at a time'],
    ],
    ["have a name", { secretRef: { name: "" } }, ["envFrom[0].secretRef.name: Required value"]],
    [
      "have a right name",
      { configMapRef: { name: "A B" } },
      [
        `envFrom[0].configMapRef.name: Invalid value: "A B": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    ],
  ];
  for (const [what, source, errors] of cases) {
    it(what, () => assert.deepEqual(containerErrors({ envFrom: [source] }), errors));
  }
});
