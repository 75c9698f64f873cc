import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Deployment, StatefulSet } from "@kube-ts/api/apps/v1";
import type { CronJob } from "@kube-ts/api/batch/v1";
import type { DaemonSet as OldDaemonSet, Deployment as OldDeployment, Scale } from "@kube-ts/api/extensions/v1beta1";
import type { APIGroupList, APIResourceList, Status } from "@kube-ts/api/meta/v1";
import type { Ingress } from "@kube-ts/api/networking/v1";
import type { Ingress as OldIngress } from "@kube-ts/api/networking/v1beta1";
import type { KubeObject } from "@kube-ts/api/object";
import type { PodDisruptionBudget } from "@kube-ts/api/policy/v1";
import type { ClusterRoleBinding } from "@kube-ts/api/rbac/v1";
import { ApiRequests } from "../harness/api-requests.ts";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Manifests of 2015 to 2021 on a server that offers the versions they were written for.

const manifest = `
apiVersion: extensions/v1beta1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  template:
    metadata: {labels: {run: web}}
    spec:
      containers:
      - {name: web, image: "nginx:1.9", ports: [{containerPort: 80}]}
---
apiVersion: extensions/v1beta1
kind: DaemonSet
metadata: {name: agent}
spec:
  template:
    metadata: {labels: {name: agent}}
    spec:
      containers:
      - {name: agent, image: agent}
---
apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: site}
spec:
  backend: {serviceName: fallback, servicePort: 80}
  rules:
  - host: example.com
    http:
      paths:
      - {path: /api, backend: {serviceName: api, servicePort: http}}
---
apiVersion: extensions/v1beta1
kind: NetworkPolicy
metadata: {name: closed}
spec: {podSelector: {matchLabels: {run: web}}}
---
apiVersion: apps/v1beta1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - {name: db, image: postgres}
---
apiVersion: batch/v1beta1
kind: CronJob
metadata: {name: backup}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - {name: backup, image: backup}
---
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: {name: none}
spec: {minAvailable: 1, selector: {}}
---
apiVersion: rbac.authorization.k8s.io/v1beta1
kind: ClusterRole
metadata: {name: old-reader}
rules:
- {apiGroups: [extensions], resources: [deployments], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1alpha1
kind: ClusterRoleBinding
metadata: {name: old-reader}
subjects:
- {kind: ServiceAccount, name: default, namespace: default}
- {kind: User, name: "*"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: old-reader}
---
apiVersion: storage.k8s.io/v1beta1
kind: StorageClass
metadata: {name: fast}
provisioner: example.com/fast
---
apiVersion: scheduling.k8s.io/v1beta1
kind: PriorityClass
metadata: {name: urgent}
value: 1000
`;

suite("with --runtime-config=api/legacy=true", () => {
  const server = serverForTests({
    extraArgs: ["--runtime-config=api/legacy=true"],
    prepare: () => kubectl.run("apply --validate=strict -f -", manifest),
  });
  const kubectl = new KubectlOnServer(server);
  const api = new ApiRequests(server);

  test("applying the manifests again changes nothing", async () => {
    const versions = () => kubectl.run("get -f - -o jsonpath={.items[*].metadata.resourceVersion}", manifest);
    const before = await versions();
    await kubectl.run("apply -f -", manifest);
    assert.equal(await versions(), before);
  });

  test("a deployment has the defaults of its version and is today's object", async () => {
    const old = await kubectl.json<OldDeployment>("get deployments.v1beta1.extensions web");
    assert.equal(old.apiVersion, "extensions/v1beta1");
    assert.deepEqual(old.spec.selector, { matchLabels: { run: "web" } });
    assert.deepEqual(old.spec.strategy, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } });
    assert.equal(old.spec.revisionHistoryLimit, 2 ** 31 - 1);
    assert.equal(old.spec.progressDeadlineSeconds, 2 ** 31 - 1);
    const today = await kubectl.json<Deployment>("get deployments.v1.apps web");
    assert.equal(today.apiVersion, "apps/v1");
    assert.deepEqual(today.metadata.labels, { run: "web" });
    assert.deepEqual(today.spec, old.spec);
    assert.equal(today.metadata.uid, old.metadata.uid);
  });

  test("a daemon set keeps the generation of its template in a field", async () => {
    const old = await kubectl.json<OldDaemonSet>("get daemonsets.v1beta1.extensions agent");
    assert.equal(old.spec.templateGeneration, 1);
    assert.equal(old.spec.updateStrategy?.type, "OnDelete");
    assert.equal(old.metadata.annotations?.["deprecated.daemonset.template.generation"], undefined);
    const today = await kubectl.json<KubeObject>("get daemonsets.v1.apps agent");
    assert.equal(today.metadata.annotations?.["deprecated.daemonset.template.generation"], "1");
  });

  test("an ingress is the same in three versions", async () => {
    const today = await kubectl.json<Ingress>("get ingresses.v1.networking.k8s.io site");
    assert.deepEqual(today.spec, {
      defaultBackend: { service: { name: "fallback", port: { number: 80 } } },
      rules: [
        {
          host: "example.com",
          http: {
            paths: [
              {
                path: "/api",
                pathType: "ImplementationSpecific",
                backend: { service: { name: "api", port: { name: "http" } } },
              },
            ],
          },
        },
      ],
    });
    for (const version of ["v1beta1.networking.k8s.io", "v1beta1.extensions"]) {
      const old = await kubectl.json<OldIngress>(`get ingresses.${version} site`);
      assert.deepEqual(old.spec.backend, { serviceName: "fallback", servicePort: 80 });
    }
  });

  test("the others have the defaults and meanings of their versions", async () => {
    const set = await kubectl.json<StatefulSet>("get statefulsets.v1.apps db");
    assert.equal(set.spec.updateStrategy?.type, "OnDelete");
    assert.deepEqual(set.spec.selector, { matchLabels: { app: "db" } });
    const job = await kubectl.json<CronJob>("get cronjobs.v1.batch backup");
    assert.equal(job.spec.schedule, "0 3 * * *");
    const budget = await kubectl.json<PodDisruptionBudget>("get poddisruptionbudgets.v1.policy none");
    assert.equal(budget.spec.selector?.matchExpressions?.[0]?.operator, "Exists");
    const old = await kubectl.json<PodDisruptionBudget>("get poddisruptionbudgets.v1beta1.policy none");
    assert.deepEqual(old.spec.selector, {});
    const binding = await kubectl.json<ClusterRoleBinding>(
      "get clusterrolebindings.v1.rbac.authorization.k8s.io old-reader",
    );
    assert.deepEqual(binding.subjects, [
      { kind: "ServiceAccount", name: "default", namespace: "default" },
      { kind: "Group", name: "system:authenticated", apiGroup: "rbac.authorization.k8s.io" },
    ]);
  });

  test("a patch through an old version is a change of today's object, which an old watch sees", async () => {
    const { metadata } = await kubectl.json<OldDeployment>("get deployments.v1beta1.extensions web");
    const path = "/apis/extensions/v1beta1/namespaces/default/deployments";
    const watch = await api.open(
      "GET",
      `${path}?watch=1&resourceVersion=${metadata.resourceVersion}&timeoutSeconds=20`,
    );
    const patch = '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:1.10"}]}}}}';
    await kubectl.run(`patch deployments.v1beta1.extensions web -p ${patch}`);
    const event = await firstLine<{ type: string; object: OldDeployment }>(watch);
    assert.equal(event.type, "MODIFIED");
    assert.equal(event.object.apiVersion, "extensions/v1beta1");
    assert.equal(event.object.spec.template.spec?.containers[0]?.image, "nginx:1.10");
    const today = await kubectl.json<Deployment>("get deployments.v1.apps web");
    assert.equal(today.spec.template.spec?.containers[0]?.image, "nginx:1.10");
    assert.equal(today.spec.template.spec.containers[0].ports?.[0]?.containerPort, 80);
  });

  test("the scale of an old version has a kind of its own", async () => {
    const path = "/apis/extensions/v1beta1/namespaces/default/deployments/web/scale";
    const scale = await api.json<Scale>("GET", path);
    assert.equal(scale.apiVersion, "extensions/v1beta1");
    assert.deepEqual(scale.spec, { replicas: 2 });
    assert.deepEqual(scale.status, { replicas: 0, selector: { run: "web" }, targetSelector: "run=web" });
    const changed = await api.json<Scale>("PUT", path, { body: { ...scale, spec: { replicas: 5 } } });
    assert.equal(changed.spec?.replicas, 5);
    assert.equal((await kubectl.json<Deployment>("get deployments.v1.apps web")).spec.replicas, 5);
  });

  test("a rollback is asked for where the deployment controller looks for it", async () => {
    const path = "/apis/apps/v1beta1/namespaces/default/deployments/web/rollback";
    const body = { apiVersion: "apps/v1beta1", kind: "DeploymentRollback", name: "web", rollbackTo: { revision: 3 } };
    const status = await api.json<Status>("POST", path, { body });
    assert.equal(status.message, 'rollback request for deployment "web" succeeded');
    const today = await kubectl.json<Deployment>("get deployments.v1.apps web");
    assert.equal(today.metadata.annotations?.["deprecated.deployment.rollback.to"], "3");
    const old = await kubectl.json<OldDeployment>("get deployments.v1beta1.apps web");
    assert.deepEqual(old.spec.rollbackTo, { revision: 3 });
    const { code } = await api.ask("POST", path.replace("v1beta1", "v1"), { body });
    assert.equal(code, 404);
  });

  test("server-side apply knows owners of both versions", async () => {
    const object = (apiVersion: string, replicas: number) => ({
      apiVersion,
      kind: "Deployment",
      metadata: { name: "applied" },
      spec: {
        replicas,
        selector: { matchLabels: { a: "b" } },
        template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } },
      },
    });
    const apply = (manager: string, value: object) =>
      kubectl.attempt(["apply", "--server-side", `--field-manager=${manager}`, "-f", "-"], JSON.stringify(value));
    assert.equal((await apply("old", object("extensions/v1beta1", 1))).code, 0);
    const refused = await apply("new", object("apps/v1", 2));
    assert.match(refused.stderr, /conflict with "old".*\.spec\.replicas/s);
    assert.equal((await apply("old", object("extensions/v1beta1", 3))).code, 0);
    assert.equal((await kubectl.json<Deployment>("get deployments.v1.apps applied")).spec.replicas, 3);
  });

  test("a custom resource needs no schema", async () => {
    await kubectl.create({
      apiVersion: "apiextensions.k8s.io/v1beta1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.example.com" },
      spec: {
        group: "example.com",
        version: "v1",
        scope: "Namespaced",
        names: { plural: "widgets", kind: "Widget" },
        additionalPrinterColumns: [{ name: "Size", type: "string", JSONPath: ".spec.size" }],
      },
    });
    await kubectl.run("wait --for=condition=Established customresourcedefinitions widgets.example.com");
    await kubectl.create({
      apiVersion: "example.com/v1",
      kind: "Widget",
      metadata: { name: "w" },
      spec: { size: "9" },
    });
    assert.deepEqual(await kubectl.table("get widgets"), ["NAME  SIZE", "w  9"]);
    const old = await kubectl.json<{ spec: { version: string; preserveUnknownFields: boolean } }>(
      "get customresourcedefinitions.v1beta1.apiextensions.k8s.io widgets.example.com",
    );
    assert.equal(old.spec.version, "v1");
    assert.equal(old.spec.preserveUnknownFields, true);
  });

  test("an eviction may be of the old kind", async () => {
    await kubectl.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } });
    await kubectl.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "evicted" },
      spec: { containers: [{ name: "c", image: "i" }], terminationGracePeriodSeconds: 0 },
    });
    const body = { apiVersion: "policy/v1beta1", kind: "Eviction", metadata: { name: "evicted" } };
    const { code } = await api.ask("POST", "/api/v1/namespaces/default/pods/evicted/eviction", { body });
    assert.equal(code, 201);
    assert.equal((await api.ask("GET", "/api/v1/namespaces/default/pods/evicted")).code, 404);
  });

  test("tables, documentation and reviews follow", async () => {
    const [header, ...rows] = await kubectl.table("get daemonsets.v1beta1.extensions");
    assert.match(header ?? "", /^NAME +DESIRED/);
    assert.equal(rows.length, 1);
    const text = await kubectl.run("explain deployment.spec.rollbackTo --api-version=extensions/v1beta1");
    assert.match(text, /VERSION: +v1beta1/);
    assert.match(text, /revision/);
    const body = {
      apiVersion: "authorization.k8s.io/v1beta1",
      kind: "SubjectAccessReview",
      spec: {
        user: "u",
        group: ["system:authenticated"],
        resourceAttributes: { group: "extensions", resource: "deployments", verb: "list" },
      },
    };
    const review = await api.json<{ spec: object; status: { allowed: boolean } }>(
      "POST",
      "/apis/authorization.k8s.io/v1beta1/subjectaccessreviews",
      { body },
    );
    assert.equal(review.status.allowed, true);
    assert.deepEqual(review.spec, body.spec);
  });

  test("clients prefer today's versions", async () => {
    assert.equal((await kubectl.json<Deployment>("get deployment web")).apiVersion, "apps/v1");
    assert.equal((await kubectl.json<Ingress>("get ingress site")).apiVersion, "networking.k8s.io/v1");
    const { groups } = await api.json<APIGroupList>("GET", "/apis");
    for (const { name, preferredVersion } of groups) {
      assert.match(preferredVersion?.version ?? "", name === "extensions" ? /^v1beta1$/ : /^v\d+$/, name);
    }
    const resources = await api.json<APIResourceList>("GET", "/apis/extensions/v1beta1");
    const scale = resources.resources.find(({ name }) => name === "deployments/scale");
    assert.deepEqual([scale?.group, scale?.version, scale?.kind], ["extensions", "v1beta1", "Scale"]);
    assert.ok(resources.resources.some(({ name }) => name === "deployments/rollback"));
  });
});

suite("without --runtime-config", () => {
  const server = serverForTests();
  const kubectl = new KubectlOnServer(server);

  test("what upstream has removed is not there", async () => {
    const api = new ApiRequests(server);
    assert.equal((await api.ask("GET", "/apis/extensions/v1beta1/deployments")).code, 404);
    assert.equal((await api.ask("GET", "/apis/apps/v1beta1/deployments")).code, 404);
    assert.equal((await api.ask("GET", "/apis/authentication.k8s.io/v1beta1")).code, 404);
    assert.doesNotMatch(await kubectl.run("api-versions"), /^extensions|beta|alpha/m);
  });
});

suite("with some versions and resources turned on and off", () => {
  const server = serverForTests({
    extraArgs: ["--runtime-config=batch/v1=false,extensions/v1beta1/ingresses=true"],
  });
  const kubectl = new KubectlOnServer(server);

  test("just these are offered", async () => {
    const api = new ApiRequests(server);
    assert.equal((await api.ask("GET", "/apis/batch/v1/jobs")).code, 404);
    assert.equal((await api.ask("GET", "/apis/batch")).code, 404);
    assert.equal((await api.ask("GET", "/apis/extensions/v1beta1/deployments")).code, 404);
    assert.equal((await api.ask("GET", "/apis/extensions/v1beta1/ingresses")).code, 200);
    const { resources } = await api.json<APIResourceList>("GET", "/apis/extensions/v1beta1");
    assert.deepEqual(
      resources.map(({ name }) => name),
      ["ingresses", "ingresses/status"],
    );
    assert.match(await kubectl.run("explain ingress.spec.backend --api-version=extensions/v1beta1"), /servicePort/);
  });
});

/** The first line of a body that goes on. */
async function firstLine<T>(body: AsyncIterable<unknown>): Promise<T> {
  let text = "";
  for await (const chunk of body) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return JSON.parse(text.split("\n")[0] ?? "") as T;
}
