import type { LoadClient } from "./load-client.ts";
import { inParallel } from "./load-client.ts";

/** A measured part of the benchmark. */
export interface Workload {
  readonly name: string;
  /** Runs the part; answers how many operations it was. */
  run(client: LoadClient): Promise<number>;
}

const podCount = 5_000;
const largePodCount = 30_000;
const concurrency = 16;
const watchedWrites = 200;
const namespace = "bench";
const collection = `/api/v1/namespaces/${namespace}/pods`;

/** A pod of ordinary size. One in fifty carries the label that the selective list asks for. */
function pod(index: number): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `pod-${String(index).padStart(5, "0")}`,
      namespace,
      labels: { app: "bench", shard: `s${index % 50}`, "pod-template-hash": "6d4b75cb6d" },
      annotations: { "bench.kube-ts.dev/note": "an annotation of ordinary length for a benchmark" },
    },
    spec: {
      automountServiceAccountToken: false,
      nodeName: `node-${index % 100}`,
      containers: [
        {
          name: "web",
          image: "registry.example.com/team/web:v1.2.3",
          args: ["--port=8080", "--log-level=info"],
          env: Array.from({ length: 6 }, (_, n) => ({ name: `SETTING_${n}`, value: `value-${n}` })),
          ports: [{ name: "http", containerPort: 8080 }],
          resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
          readinessProbe: { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 5 },
          volumeMounts: [{ name: "config", mountPath: "/etc/web" }],
        },
      ],
      volumes: [{ name: "config", configMap: { name: "web" } }],
      tolerations: [
        { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
      ],
    },
  };
}

const nameOf = (index: number) => `pod-${String(index).padStart(5, "0")}`;

const customCollection = `/apis/bench.kube-ts.dev/v1/namespaces/${namespace}/widgets`;

const widgetDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.bench.kube-ts.dev" },
  spec: {
    group: "bench.kube-ts.dev",
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                required: ["size"],
                properties: {
                  size: { type: "integer", minimum: 1 },
                  color: { type: "string", enum: ["red", "green"], default: "red" },
                  parts: {
                    type: "array",
                    maxItems: 20,
                    items: { type: "object", properties: { name: { type: "string" }, count: { type: "integer" } } },
                  },
                },
                "x-kubernetes-validations": [{ rule: "self.size < 100000" }],
              },
            },
          },
        },
      },
    ],
  },
};

const widget = (index: number): object => ({
  apiVersion: "bench.kube-ts.dev/v1",
  kind: "Widget",
  metadata: { name: `widget-${index}`, namespace },
  spec: { size: index + 1, parts: Array.from({ length: 5 }, (_, n) => ({ name: `part-${n}`, count: n })) },
});

/** Makes what the workloads need. */
export async function prepare(client: LoadClient): Promise<void> {
  await client.send("POST", "/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace },
  });
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace } };
  await client.send("POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, account);
  await client.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", widgetDefinition);
  await untilServed(client);
}

/** Resolves when the custom resource is there. */
async function untilServed(client: LoadClient): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const served = await client.send("GET", customCollection).then(
      () => true,
      () => false,
    );
    if (served) return;
    if (performance.now() > deadline) throw new Error(`${customCollection} is not served`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const repeat = (
  name: string,
  count: number,
  call: (client: LoadClient, index: number) => Promise<unknown>,
): Workload => ({
  name,
  run: async (client) => {
    await inParallel(count, concurrency, (index) => call(client, index));
    return count;
  },
});

const sequential = (
  name: string,
  count: number,
  path: string,
  expectBytes: number,
  accept = "application/json",
): Workload => ({
  name,
  run: async (client) => {
    for (let index = 0; index < count; index += 1) {
      const { sizeBytes } = await client.send("GET", path, undefined, { accept });
      if (sizeBytes < expectBytes) throw new Error(`${name}: the answer has only ${sizeBytes} bytes`);
    }
    return count;
  },
});

const protobuf = "application/vnd.kubernetes.protobuf";

/** The parts in their order: later ones need the pods of the first. */
export const workloads: readonly Workload[] = [
  repeat("create", podCount, (client, index) => client.send("POST", collection, pod(index))),
  repeat("get", 10_000, (client, index) => client.send("GET", `${collection}/${nameOf(index % podCount)}`)),
  repeat("get, protobuf", 10_000, (client, index) =>
    client.send("GET", `${collection}/${nameOf(index % podCount)}`, undefined, { accept: protobuf }),
  ),
  sequential("list 5,000, rv=0", 20, `${collection}?resourceVersion=0`, 5_000_000),
  sequential("list 5,000, consistent", 20, collection, 5_000_000),
  sequential("list 5,000, protobuf", 20, `${collection}?resourceVersion=0`, 2_000_000, protobuf),
  sequential("list 100 by label", 200, `${collection}?labelSelector=shard%3Ds7`, 100_000),
  sequential("page of 500", 100, `${collection}?limit=500`, 500_000),
  repeat("patch status", podCount, (client, index) =>
    client.send(
      "PATCH",
      `${collection}/${nameOf(index)}/status`,
      {
        status: {
          phase: "Running",
          podIP: `10.1.${index >> 8}.${index & 255}`,
          podIPs: [{ ip: `10.1.${index >> 8}.${index & 255}` }],
        },
      },
      { contentType: "application/strategic-merge-patch+json" },
    ),
  ),
  repeat("apply", 1_000, (client, index) =>
    client.send(
      "PATCH",
      `/api/v1/namespaces/${namespace}/configmaps/applied-${index % 100}?fieldManager=bench&force=true`,
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: `applied-${index % 100}`, labels: { round: String(Math.floor(index / 100)) } },
        data: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`key-${n}`, `value ${n} of ${index}`])),
      },
      { contentType: "application/apply-patch+yaml" },
    ),
  ),
  { name: "watch event to 1 of 200", run: (client) => watchFanOut(client, 200) },
  { name: "watch event to 1 of 1,000", run: (client) => watchFanOut(client, 1_000) },
  repeat("delete", podCount, (client, index) =>
    client.send("DELETE", `${collection}/${nameOf(index)}?gracePeriodSeconds=0`),
  ),
  repeat("create, custom", 2_000, (client, index) => client.send("POST", customCollection, widget(index))),
  sequential("list 2,000, custom", 20, `${customCollection}?resourceVersion=0`, 500_000),
];

/** Makes the many pods that a large cluster has; not measured. */
export async function fill(client: LoadClient): Promise<void> {
  await inParallel(largePodCount, concurrency, (index) => client.send("POST", collection, pod(index)));
}

/** The parts that need `fill`. */
export const largeWorkloads: readonly Workload[] = [
  sequential("list 30,000, rv=0", 5, `${collection}?resourceVersion=0`, 30_000_000),
];

/** Writes are watched by many; an operation is one event delivered to one watcher. */
async function watchFanOut(client: LoadClient, watcherCount: number): Promise<number> {
  const expected = watcherCount * watchedWrites;
  let delivered = 0;
  const done = Promise.withResolvers<void>();
  const newline = 10;
  const onData = (chunk: Buffer) => {
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) delivered += 1;
    if (delivered >= expected) done.resolve();
  };
  const listed = await client.send("GET", `${collection}?limit=1`, undefined, { keepText: true });
  const { resourceVersion } = (JSON.parse(listed.text ?? "{}") as { metadata: { resourceVersion: string } }).metadata;
  const path = `${collection}?watch=true&resourceVersion=${resourceVersion}`;
  const watches = await Promise.all(Array.from({ length: watcherCount }, () => client.watch(path, onData)));
  await inParallel(watchedWrites, 8, (index) =>
    client.send(
      "PATCH",
      `${collection}/${nameOf(index)}`,
      { metadata: { annotations: { "bench.kube-ts.dev/touched": `${index} of ${watcherCount}` } } },
      { contentType: "application/merge-patch+json" },
    ),
  );
  const late = setTimeout(() => done.reject(new Error(`only ${delivered} of ${expected} events arrived`)), 60_000);
  await done.promise;
  clearTimeout(late);
  for (const watch of watches) watch[Symbol.dispose]();
  return expected;
}
