import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { Deployment } from "@kube-ts/api/apps/v1";
import { findCondition } from "@kube-ts/api/conditions";
import type { PersistentVolume, PersistentVolumeClaim, Pod, ResourceQuota } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { ServiceCIDR } from "@kube-ts/api/networking/v1";
import type { PodDisruptionBudget } from "@kube-ts/api/policy/v1";
import type { Status } from "@kube-ts/api/meta/v1";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { TaskGroup } from "@kube-ts/std/task-group";
import { startServer } from "../../bench/api-server-process.ts";
import { ControllerManagerProcess } from "../../packages/controller-manager/src/testing/controller-manager-process.ts";
import { HollowKubelet } from "../../packages/controller-manager/src/testing/hollow-kubelet.ts";
import { adminKubeconfig } from "../harness/kubeconfig.ts";
import { ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";

// What keeps objects from going, and what counts them: API server and controllers together, each controller with the
// rights of its own service account only.

const cleanup = new AsyncDisposableStack();
let api: ApiRequests;
let daemon: ControllerManagerProcess;
const slowMs = 30_000;

const core = "/api/v1/namespaces/default";
const merge = { "Content-Type": "application/merge-patch+json" };

async function create<T>(path: string, object: object): Promise<T> {
  const made = await api.ask("POST", path, { body: object });
  assert.equal(made.code, 201, made.text);
  return JSON.parse(made.text) as T;
}

function patch(path: string, change: object): Promise<{ readonly code: number; readonly text: string }> {
  return api.ask("PATCH", path, { body: JSON.stringify(change), headers: merge });
}

/** Waits until the object passes; a Status stands for one that is not there. */
function until<T>(what: string, path: string, passes: (object: T & Partial<Status>) => boolean): Promise<T> {
  return eventually(what, () => api.json<T & Partial<Status>>("GET", path), passes, slowMs);
}

const gone = (path: string) => until<object>(`${path} is gone`, path, ({ code }) => code === 404);

before(async () => {
  const server = cleanup.use(await startServer(["--runtime-config=api/legacy=true"]));
  api = new ApiRequests(server);
  const kubeconfig = adminKubeconfig(server);
  const config = await clientConfigFromFile(kubeconfig);
  const client = cleanup.use(createClient(config, { userAgent: "test", qps: 1_000, burst: 1_000 }));
  daemon = cleanup.use(
    new ControllerManagerProcess(server.directory, [
      `--kubeconfig=${kubeconfig}`,
      "--secure-port=0",
      "--use-service-account-credentials",
      `--service-account-private-key-file=${join(server.directory, "pki", "sa.key")}`,
      "--kube-api-qps=200",
      "--kube-api-burst=300",
    ]),
  );
  const tasks = new TaskGroup(new AbortController().signal);
  tasks.start((signal) => new HollowKubelet(client, "hollow").run(signal));
  cleanup.defer(() => tasks.stop());
  await until<object>("the default account is there", `${core}/serviceaccounts/default`, ({ code }) => !code);
});

after(async () => {
  try {
    assert.equal(daemon.exitCode, undefined, "the daemon has run to the end");
    assert.doesNotMatch(daemon.log, /is forbidden/, "every controller gets by with its own rights");
  } finally {
    await cleanup.disposeAsync();
  }
});

suite("in use", () => {
  test("a claim stays until the pod that uses it is gone", async () => {
    const claim = await create<PersistentVolumeClaim>(`${core}/persistentvolumeclaims`, {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    assert.deepEqual(claim.metadata.finalizers, ["kubernetes.io/pvc-protection"]);
    const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "data" } }];
    await create(`${core}/pods`, {
      metadata: { name: "user" },
      spec: { containers: [{ name: "c", image: "i" }], volumes },
    });
    const place = `${core}/persistentvolumeclaims/data`;
    await until<Pod>(
      "the pod runs",
      `${core}/pods/user`,
      ({ status }) => (status as { phase?: string })?.phase === "Running",
    );
    await api.ask("DELETE", place);
    await create(`${core}/persistentvolumeclaims`, {
      metadata: { name: "unused" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    await api.ask("DELETE", `${core}/persistentvolumeclaims/unused`);
    await gone(`${core}/persistentvolumeclaims/unused`);
    assert.ok((await api.json<PersistentVolumeClaim>("GET", place)).metadata.deletionTimestamp, "it is held");
    await api.ask("DELETE", `${core}/pods/user`);
    await gone(place);
  });

  test("a volume stays while it is bound", async () => {
    const path = "/api/v1/persistentvolumes";
    const volume = await create<PersistentVolume>(path, {
      metadata: { name: "disk" },
      spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/data" } },
    });
    assert.deepEqual(volume.metadata.finalizers, ["kubernetes.io/pv-protection"]);
    await patch(`${path}/disk/status`, { status: { phase: "Bound" } });
    await api.ask("DELETE", `${path}/disk`);
    await patch(`${path}/disk`, { metadata: { annotations: { seen: "1" } } });
    assert.ok((await api.json<PersistentVolume>("GET", `${path}/disk`)).metadata.deletionTimestamp);
    await patch(`${path}/disk/status`, { status: { phase: "Released" } });
    await gone(`${path}/disk`);
  });

  test("a range of services is made ready, and stays while an address of it is taken", async () => {
    const path = "/apis/networking.k8s.io/v1/servicecidrs";
    await create(path, { metadata: { name: "extra" }, spec: { cidrs: ["10.77.0.0/24"] } });
    const ready = ({ status }: ServiceCIDR) => findCondition(status?.conditions, "Ready");
    const made = await until<ServiceCIDR>("it is ready", `${path}/extra`, (range) => {
      return ready(range)?.status === "True";
    });
    assert.deepEqual(made.metadata.finalizers, ["networking.k8s.io/service-cidr-finalizer"]);
    const clusterIP = "10.77.0.9";
    await create(`${core}/services`, { metadata: { name: "s" }, spec: { clusterIP, ports: [{ port: 80 }] } });
    await api.ask("DELETE", `${path}/extra`);
    await until<ServiceCIDR>("it says what it waits for", `${path}/extra`, (range) => {
      return ready(range)?.reason === "Terminating";
    });
    const late = { metadata: { name: "late" }, spec: { clusterIP: "10.77.0.10", ports: [{ port: 80 }] } };
    const refused = await api.json<Status>("POST", `${core}/services`, { body: late });
    assert.match(refused.message ?? "", /the provided network does not match the current range$/);
    await api.ask("DELETE", `${core}/services/s`);
    await gone(`${path}/extra`);
  });
});

const workload = (name: string, image: string, replicas: number): object => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image }] } },
  },
});

suite("counted", () => {
  test("is what a quota limits", async () => {
    await create("/api/v1/namespaces", { metadata: { name: "limited" } });
    const home = "/api/v1/namespaces/limited";
    await until<object>("the account is there", `${home}/serviceaccounts/default`, ({ code }) => !code);
    await create("/apis/apps/v1/namespaces/limited/deployments", workload("web", "v1", 2));
    const hard = { pods: "9", configmaps: "9", "count/deployments.apps": "2", "count/leases.coordination.k8s.io": "1" };
    await create(`${home}/resourcequotas`, { metadata: { name: "q" }, spec: { hard } });
    const counted = (used: Record<string, string>) =>
      until<ResourceQuota>(`used is ${JSON.stringify(used)}`, `${home}/resourcequotas/q`, ({ status }) => {
        const shown = (status as ResourceQuota["status"])?.used ?? {};
        return Object.entries(used).every(([name, amount]) => shown[name] === amount);
      });
    await counted({
      pods: "2",
      // The authority of the cluster, which every namespace is told.
      configmaps: "1",
      "count/deployments.apps": "1",
      "count/leases.coordination.k8s.io": "0",
    });
    await api.ask("DELETE", "/apis/apps/v1/namespaces/limited/deployments/web");
    await counted({ pods: "0", "count/deployments.apps": "0" });
  });

  test("is what a budget allows, and evictions keep to it", async () => {
    await create("/apis/apps/v1/namespaces/default/deployments", workload("guarded", "v1", 3));
    const path = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    const spec = { maxUnavailable: "34%", selector: { matchLabels: { app: "guarded" } } };
    await create(path, { metadata: { name: "b" }, spec });
    const status = (budget: PodDisruptionBudget) => budget.status;
    const allowing = (count: number) =>
      until<PodDisruptionBudget>(`${count} may go`, `${path}/b`, (budget) => {
        const found = status(budget);
        return found?.currentHealthy === 3 && found.disruptionsAllowed === count;
      });
    const counted = await allowing(2);
    assert.deepEqual([counted.status?.expectedPods, counted.status?.desiredHealthy], [3, 1]);
    await patch(`${path}/b`, { spec: { maxUnavailable: 0 } });
    await allowing(0);
    const { items } = await api.json<{ items: Pod[] }>("GET", `${core}/pods?labelSelector=app%3Dguarded`);
    const name = items[0]?.metadata.name ?? "";
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } };
    const refused = await api.ask("POST", `${core}/pods/${name}/eviction`, { body: eviction });
    assert.equal(refused.code, 429, refused.text);
    await patch(`${path}/b`, { spec: { maxUnavailable: 1 } });
    await allowing(1);
    assert.equal((await api.ask("POST", `${core}/pods/${name}/eviction`, { body: eviction })).code, 201);
    await allowing(1);
  });
});

suite("custom resources", () => {
  const group = "shop.example.com";
  const custom = `/apis/${group}/v1/namespaces/default`;

  /** Makes a kind, an object of it that wants four pods and has one, and a budget for them. */
  async function workloadOf(kind: string, subresources: object): Promise<void> {
    const plural = `${kind.toLowerCase()}s`;
    const preserving = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
    const schema = { openAPIV3Schema: { type: "object", properties: { spec: preserving, status: preserving } } };
    await create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: "Namespaced",
        names: { plural, kind },
        versions: [{ name: "v1", served: true, storage: true, schema, subresources }],
      },
    });
    await until<object>(`${plural} are served`, `${custom}/${plural}`, ({ code }) => !code);
    const apiVersion = `${group}/v1`;
    const owner = await create<KubeObject>(`${custom}/${plural}`, {
      apiVersion,
      kind,
      metadata: { name: "one" },
      spec: { replicas: 4 },
    });
    const uid = owner.metadata.uid ?? "";
    await create(`${core}/pods`, {
      metadata: {
        name: `${plural}-0`,
        labels: { app: plural },
        ownerReferences: [{ apiVersion, kind, name: "one", uid, controller: true }],
      },
      spec: { containers: [{ name: "c", image: "i" }] },
    });
    const spec = { minAvailable: "50%", selector: { matchLabels: { app: plural } } };
    await create("/apis/policy/v1/namespaces/default/poddisruptionbudgets", { metadata: { name: plural }, spec });
  }

  const budget = (name: string, what: string, passes: (status: PodDisruptionBudget["status"]) => boolean) =>
    until<PodDisruptionBudget>(what, `/apis/policy/v1/namespaces/default/poddisruptionbudgets/${name}`, (found) =>
      passes((found as PodDisruptionBudget).status),
    );

  test("say by their scale how many pods a budget is about", async () => {
    const scale = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" };
    await workloadOf("Shop", { scale });
    await budget("shops", "two of four", (status) => status?.expectedPods === 4 && status.desiredHealthy === 2);
  });

  test("without a scale make a budget that allows nothing", async () => {
    await workloadOf("Stand", {});
    const problem = `stands.${group} does not implement the scale subresource`;
    await budget("stands", "it says why", (status) => {
      const condition = findCondition(status?.conditions, "DisruptionAllowed");
      return condition?.reason === "SyncFailed" && condition.message === problem;
    });
  });

  test("are counted by quotas", async () => {
    const name = `count/shops.${group}`;
    await create(`${core}/resourcequotas`, { metadata: { name: "shops" }, spec: { hard: { [name]: "3" } } });
    const counted = (amount: string) =>
      until<ResourceQuota>(`${amount} are counted`, `${core}/resourcequotas/shops`, (found) => {
        return (found as ResourceQuota).status?.used?.[name] === amount;
      });
    await counted("1");
    await api.ask("DELETE", `${custom}/shops/one`);
    await counted("0");
  });
});

test("an old client's rollback brings the template back", async () => {
  const path = "/apis/apps/v1/namespaces/default/deployments";
  await create(path, workload("rolled", "v1", 1));
  const at = (revision: string) =>
    until<Deployment>(`revision ${revision}`, `${path}/rolled`, (found) => {
      const { metadata, status } = found as Deployment;
      const isComplete = status?.observedGeneration === metadata.generation && status?.updatedReplicas === 1;
      return isComplete && metadata.annotations?.["deployment.kubernetes.io/revision"] === revision;
    });
  await at("1");
  const containers = [{ name: "c", image: "v2" }];
  await patch(`${path}/rolled`, { spec: { template: { spec: { containers } } } });
  await at("2");
  const legacy = "/apis/apps/v1beta1/namespaces/default/deployments/rolled/rollback";
  const wish = { apiVersion: "apps/v1beta1", kind: "DeploymentRollback", name: "rolled", rollbackTo: { revision: 1 } };
  const asked = await api.ask("POST", legacy, { body: wish });
  assert.ok(asked.code < 300, asked.text);
  const back = await at("3");
  assert.equal(back.spec.template.spec?.containers[0]?.image, "v1");
});
