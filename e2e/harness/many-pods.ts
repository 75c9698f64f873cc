import { ProtoWriter } from "../../packages/apiserver/src/storage/etcd/protobuf.ts";
import { UnaryConnection } from "../../packages/apiserver/src/storage/etcd/unary-connection.ts";

const namespaces = 200;
const nodes = 5_000;
/** etcd takes at most 128 operations in a transaction. */
const batchSize = 100;
const concurrency = 8;
const timeoutMs = 60_000;

/** Writes pods into etcd as the server would have stored them, past the server: in a fraction of the time. */
export async function storePods(endpoint: string, count: number): Promise<void> {
  const connection = new UnaryConnection(endpoint, undefined);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const from = next;
      next = Math.min(count, from + batchSize);
      const message = putAll(Array.from({ length: next - from }, (_, index) => storedPod(from + index)));
      const options = { signal: AbortSignal.timeout(timeoutMs), deadlineMs: Date.now() + timeoutMs };
      await connection.call("/etcdserverpb.KV/Txn", message, options);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, worker));
  } finally {
    connection.close();
  }
}

export interface StoredPod {
  readonly key: string;
  readonly json: string;
}

/** A transaction without conditions. */
function putAll(pods: readonly StoredPod[]): Buffer {
  const parts = pods.map(({ key, json }) => ({ key: Buffer.from(key), value: Buffer.from(json) }));
  const writer = new ProtoWriter(parts.reduce((sum, { key, value }) => sum + key.length + value.length + 64, 0));
  for (const { key, value } of parts.reverse()) {
    writer.message(2, (operation) =>
      operation.message(2, (put) => {
        put.bytes(2, value);
        put.bytes(1, key);
      }),
    );
  }
  return writer.finish();
}

const time = "2026-01-01T00:00:00Z";

/** A pod of a Deployment that runs on a node, 2.5 to 4 kB of JSON. */
export function storedPod(index: number): StoredPod {
  const namespace = `ns-${index % namespaces}`;
  const name = `web-${index % 1_000}-6d4b75cb6d-${index.toString(36).padStart(5, "0")}`;
  const object = {
    kind: "Pod",
    apiVersion: "v1",
    metadata: metadataOf(index, namespace, name),
    spec: specOf(index),
    status: statusOf(index),
  };
  return { key: `/registry/pods/${namespace}/${name}`, json: JSON.stringify(object) };
}

function metadataOf(index: number, namespace: string, name: string): object {
  const containerFields = { ".": {}, "f:image": {}, "f:imagePullPolicy": {}, "f:name": {}, "f:resources": {} };
  const fieldsV1 = {
    "f:metadata": { "f:generateName": {}, "f:labels": { ".": {}, "f:app": {}, "f:pod-template-hash": {} } },
    "f:spec": { "f:containers": { 'k:{"name":"web"}': containerFields }, "f:dnsPolicy": {}, "f:restartPolicy": {} },
  };
  return {
    managedFields: [
      {
        manager: "kube-controller-manager",
        operation: "Update",
        apiVersion: "v1",
        time,
        fieldsType: "FieldsV1",
        fieldsV1,
      },
    ],
    name,
    namespace,
    uid: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    creationTimestamp: time,
    labels: { app: `web-${index % 1_000}`, shard: `s${index % 50}`, "pod-template-hash": "6d4b75cb6d" },
    ownerReferences: [
      {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        name: `web-${index % 1_000}-6d4b75cb6d`,
        uid: "11111111-0000-4000-8000-000000000000",
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  };
}

function specOf(index: number): object {
  const token = "kube-api-access-x7x2p";
  const container = (name: string) => ({
    name,
    image: "registry.example.com/team/web:v1.2.3",
    imagePullPolicy: "IfNotPresent",
    env: Array.from({ length: index % 8 }, (_, n) => ({ name: `SETTING_${n}`, value: `value-${n}` })),
    ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
    resources: { requests: { cpu: "100m", memory: "128Mi" } },
    volumeMounts: [{ name: token, readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }],
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  });
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
  ];
  return {
    nodeName: `node-${index % nodes}`,
    containers: index % 3 === 0 ? [container("web"), container("proxy")] : [container("web")],
    volumes: [{ name: token, projected: { sources, defaultMode: 420 } }],
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    serviceAccountName: "default",
    schedulerName: "default-scheduler",
    terminationGracePeriodSeconds: 30,
    securityContext: {},
  };
}

function statusOf(index: number): object {
  const podIP = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
  const condition = (type: string) => ({ type, status: "True", lastTransitionTime: time });
  return {
    phase: "Running",
    podIP,
    podIPs: [{ ip: podIP }],
    hostIP: "192.168.0.1",
    startTime: time,
    qosClass: "Burstable",
    conditions: ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map(condition),
    containerStatuses: [
      {
        name: "web",
        ready: true,
        started: true,
        restartCount: 0,
        image: "registry.example.com/team/web:v1.2.3",
        imageID: "sha256:0123",
        state: { running: { startedAt: time } },
      },
    ],
  };
}
