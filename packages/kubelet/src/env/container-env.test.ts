import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Service } from "@kube-ts/api/core/v1";
import { testContainer, testPod } from "../testing/pod-fixtures.ts";
import { type EnvSources, containerEnv, envReferences, expandCommand } from "./container-env.ts";
import { resourceField } from "./downward-field.ts";
import { expandVariables } from "./expand-variables.ts";

const service = (name: string, namespace: string, clusterIP: string, ports: NonNullable<Service["spec"]>["ports"]) => ({
  metadata: { name, namespace },
  spec: { clusterIP, ports },
});

const pod = testPod(
  { serviceAccountName: "robot" },
  { labels: { app: "web", tier: 'a"b' }, annotations: { note: "x\ny" } },
);

function sources(more: Partial<EnvSources> = {}): EnvSources {
  return {
    pod,
    addresses: { podIps: ["10.1.0.2", "fd00::2"], hostIps: ["192.168.0.10"] },
    services: [],
    allocatable: { cpu: "2", memory: "4Gi" },
    configMap: (name) =>
      name === "settings" ? { metadata: { name }, data: { mode: "fast", "bad\tkey": "x" } } : undefined,
    secret: (name) =>
      name === "creds" ? { metadata: { name }, data: { token: Buffer.from("s3cret").toString("base64") } } : undefined,
    envFile: (volumeName, path) => (volumeName === "work" && path === "env" ? "A='1'\nEMPTY=''\n" : undefined),
    ...more,
  };
}

function envOf(container: Partial<Container>, more: Partial<EnvSources> = {}): Record<string, string> {
  const { variables } = containerEnv(testContainer("app", container), sources(more));
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

const expansions: readonly (readonly [text: string, result: string])[] = [
  ["$(A)", "1"],
  ["x$(A)y$(B)", "x1y2"],
  ["$$(A)", "$(A)"],
  ["$$$(A)", "$1"],
  ["$(MISSING)", "$(MISSING)"],
  ["$A ${A} $(", "$A ${A} $("],
  ["$(A", "$(A"],
];
for (const [text, result] of expansions) {
  test(`expand ${text}`, () => {
    assert.equal(
      expandVariables(text, (name) =>
        new Map([
          ["A", "1"],
          ["B", "2"],
        ]).get(name),
      ),
      result,
    );
  });
}

test("variables refer to those before them and to services", () => {
  const services = [service("web", "default", "10.0.0.7", [{ port: 80 }])];
  const env = envOf(
    {
      env: [
        { name: "A", value: "1" },
        { name: "B", value: "$(A)-$(WEB_SERVICE_HOST)-$(C)" },
        { name: "C", value: "3" },
      ],
    },
    { services },
  );
  assert.equal(env["B"], "1-10.0.0.7-$(C)");
});

test("keys of files in volumes", () => {
  const from = (path: string, key: string, optional = false) => ({
    env: [{ name: "X", valueFrom: { fileKeyRef: { volumeName: "work", path, key, optional } } }],
  });
  assert.equal(envOf(from("env", "A"))["X"], "1");
  assert.throws(
    () => envOf(from("env", "B")),
    /^ContainerConfigError: environment variable key "B" not found in file "env"$/,
  );
  assert.throws(() => envOf(from("env", "EMPTY")), /key "EMPTY" not found in file/);
  assert.throws(() => envOf(from("none", "A")), /^ContainerConfigError: couldn't parse env file$/);
  assert.throws(
    () => envOf(from("env", "A"), { envFile: () => "A=1" }),
    /^ContainerConfigError: couldn't parse env file$/,
  );
  for (const [path, key] of [
    ["env", "B"],
    ["env", "EMPTY"],
    ["none", "A"],
  ] as const) {
    // prettier-ignore
    assert.ok(!("X" in envOf(from(path, key, true))));
  }
});

test("a limit that is not set is the pod's own before it is the node's", () => {
  const asked = { resource: "limits.cpu", divisor: "1m" };
  const ofPod = { ...pod, spec: { ...pod.spec, resources: { limits: { cpu: "500m" } } } };
  assert.equal(resourceField(ofPod, asked, { name: "app" }, { cpu: "2" }), "500");
  assert.equal(resourceField(pod, asked, { name: "app" }, { cpu: "2" }), "2000");
});

test("fields of the pod and resources of containers", () => {
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  const resource = (name: string, text: string, divisor?: string) => ({
    name,
    valueFrom: { resourceFieldRef: { resource: text, ...(divisor ? { divisor } : {}) } },
  });
  const env = envOf({
    resources: { requests: { cpu: "250m", memory: "100Mi" }, limits: { memory: "200Mi" } },
    env: [
      field("NAME", "metadata.name"),
      field("IPS", "status.podIPs"),
      field("HOST", "status.hostIP"),
      field("APP", "metadata.labels['app']"),
      field("SA", "spec.serviceAccountName"),
      field("LABELS", "metadata.labels"),
      resource("CPU", "requests.cpu"),
      resource("CPU_M", "requests.cpu", "1m"),
      resource("CPU_LIMIT", "limits.cpu"),
      resource("MEM", "limits.memory", "1Mi"),
    ],
  });
  assert.deepEqual(env, {
    NAME: "web",
    IPS: "10.1.0.2,fd00::2",
    HOST: "192.168.0.10",
    APP: "web",
    SA: "robot",
    LABELS: 'app="web"\ntier="a\\"b"',
    CPU: "1",
    CPU_M: "250",
    CPU_LIMIT: "2",
    MEM: "200",
  });
});

test("objects as a whole come before own variables, and invalid names are skipped with a warning", () => {
  const container = testContainer("app", {
    envFrom: [{ prefix: "P_", configMapRef: { name: "settings" } }, { secretRef: { name: "creds" } }],
    env: [
      { name: "token", value: "mine" },
      { name: "MODE", value: "$(P_mode)" },
    ],
  });
  const { variables, skipped } = containerEnv(container, sources());
  assert.deepEqual(variables, [
    { name: "P_mode", value: "fast" },
    { name: "token", value: "mine" },
    { name: "MODE", value: "fast" },
  ]);
  assert.equal(skipped.length, 1);
  assert.match(skipped[0] ?? "", /from the EnvFrom configMap default\/settings were skipped/);
});

test("what is missing is an error unless it is optional", () => {
  const ref = (name: string, key: string, optional = false) => ({
    env: [{ name: "X", valueFrom: { configMapKeyRef: { name, key, optional } } }],
  });
  assert.throws(() => envOf(ref("nope", "a")), { message: 'configmap "nope" not found' });
  assert.throws(() => envOf(ref("settings", "a")), { message: "couldn't find key a in ConfigMap default/settings" });
  assert.deepEqual(envOf(ref("nope", "a", true)), {});
  assert.deepEqual(envOf(ref("settings", "a", true)), {});
  assert.throws(() => envOf({ envFrom: [{ secretRef: { name: "nope" } }] }), { message: 'secret "nope" not found' });
  assert.throws(() => envOf({ env: [{ name: "X", valueFrom: { fieldRef: { fieldPath: "spec.magic" } } }] }), {
    message: "unsupported fieldPath: spec.magic",
  });
});

test("services of the namespace are announced, and the API server's always", () => {
  const services = [
    service("kubernetes", "default", "10.0.0.1", [{ name: "https", port: 443, protocol: "TCP" }]),
    service("my-db", "shop", "10.0.0.9", [
      { name: "sql-in", port: 5432 },
      { name: "dns", port: 53, protocol: "UDP" },
    ]),
    service("headless", "shop", "None", [{ port: 1 }]),
    service("other", "elsewhere", "10.0.0.3", [{ port: 1 }]),
  ];
  const inShop = testPod({}, { namespace: "shop" });
  const env = envOf({}, { services, pod: inShop });
  assert.deepEqual(env, {
    KUBERNETES_SERVICE_HOST: "10.0.0.1",
    KUBERNETES_SERVICE_PORT: "443",
    KUBERNETES_SERVICE_PORT_HTTPS: "443",
    KUBERNETES_PORT: "tcp://10.0.0.1:443",
    KUBERNETES_PORT_443_TCP: "tcp://10.0.0.1:443",
    KUBERNETES_PORT_443_TCP_PROTO: "tcp",
    KUBERNETES_PORT_443_TCP_PORT: "443",
    KUBERNETES_PORT_443_TCP_ADDR: "10.0.0.1",
    MY_DB_SERVICE_HOST: "10.0.0.9",
    MY_DB_SERVICE_PORT: "5432",
    MY_DB_SERVICE_PORT_SQL_IN: "5432",
    MY_DB_SERVICE_PORT_DNS: "53",
    MY_DB_PORT: "tcp://10.0.0.9:5432",
    MY_DB_PORT_5432_TCP: "tcp://10.0.0.9:5432",
    MY_DB_PORT_5432_TCP_PROTO: "tcp",
    MY_DB_PORT_5432_TCP_PORT: "5432",
    MY_DB_PORT_5432_TCP_ADDR: "10.0.0.9",
    MY_DB_PORT_53_UDP: "udp://10.0.0.9:53",
    MY_DB_PORT_53_UDP_PROTO: "udp",
    MY_DB_PORT_53_UDP_PORT: "53",
    MY_DB_PORT_53_UDP_ADDR: "10.0.0.9",
  });
  const unlinked = envOf({}, { services, pod: { ...inShop, spec: { ...inShop.spec, enableServiceLinks: false } } });
  assert.equal(unlinked["MY_DB_SERVICE_HOST"], undefined);
  assert.equal(unlinked["KUBERNETES_SERVICE_HOST"], "10.0.0.1");
});

test("references name every object once per use, and commands are expanded", () => {
  const container = testContainer("app", {
    envFrom: [{ configMapRef: { name: "a" } }],
    env: [{ name: "X", valueFrom: { secretKeyRef: { name: "b", key: "k" } } }],
  });
  assert.deepEqual(envReferences(container), [
    { kind: "ConfigMap", name: "a" },
    { kind: "Secret", name: "b" },
  ]);
  assert.deepEqual(expandCommand(["run", "$(X)", "$$(X)"], [{ name: "X", value: "1" }]), ["run", "1", "$(X)"]);
});
