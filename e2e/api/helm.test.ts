import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { ConfigMap, Service } from "@kube-ts/api/core/v1";
import type { Deployment } from "@kube-ts/api/apps/v1";
import { ApiRequests } from "../harness/api-requests.ts";
import { adminKubeconfig } from "../harness/kubeconfig.ts";
import { Kubectl } from "../harness/kubectl.ts";
import { serverForTests } from "../harness/server-for-tests.ts";
import { upstreamHelm } from "../harness/upstream-programs.ts";

// Helm as it is: what it asks of an API server, from server-side apply to its records of releases in secrets.

const directory = mkdtempSync(join(tmpdir(), "kube-ts-helm-"));
after(() => rmSync(directory, { recursive: true, force: true }));

let helm: Kubectl;
let api: ApiRequests;
const server = serverForTests({
  prepare: async () => {
    helm = new Kubectl("helm", upstreamHelm(), { kubeconfig: adminKubeconfig(server), home: directory, directory });
    api = new ApiRequests(server);
    await helm.run(["create", "web"]);
    writeChartWithCustomResource();
  },
});

interface Release {
  readonly name: string;
  readonly revision: string;
  readonly status: string;
}

const releases = async () => JSON.parse(await helm.run(["list", "--output", "json"])) as Release[];
const deployment = () => api.json<Deployment>("GET", "/apis/apps/v1/namespaces/default/deployments/shop-web");

function writeChartWithCustomResource(): void {
  const files = {
    "Chart.yaml": "apiVersion: v2\nname: widgets\nversion: 0.1.0\n",
    "crds/widgets.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties: {spec: {type: object, properties: {size: {type: integer, default: 3}}}}
`,
    "templates/widget.yaml":
      'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: "{{ .Release.Name }}"}\nspec: {}\n',
    "templates/config.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data:
  version: "{{ .Capabilities.KubeVersion }}"
  widgets: "{{ .Capabilities.APIVersions.Has "apps/v1/Deployment" }}"
  found: "{{ (lookup "v1" "Namespace" "" "default").metadata.name }}"
`,
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, "widgets", name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, content);
  }
}

test("a dry run asks the server and stores nothing", async () => {
  const output = await helm.run(["install", "shop", "./web", "--dry-run=server"]);
  assert.match(output, /kind: Deployment/);
  assert.deepEqual(await releases(), []);
});

test("a chart is installed, upgraded, rolled back and taken away", async () => {
  await helm.run(["install", "shop", "./web", "--set", "replicaCount=2"]);
  assert.equal((await deployment()).spec?.replicas, 2);
  const { managedFields = [] } = (await deployment()).metadata;
  assert.deepEqual(
    managedFields.map(({ manager, operation }) => [manager, operation]),
    [["helm", "Apply"]],
  );
  const service = await api.json<Service>("GET", "/api/v1/namespaces/default/services/shop-web");
  assert.equal(service.spec?.ports?.[0]?.targetPort, "http");

  await helm.run(["upgrade", "shop", "./web", "--set", "replicaCount=5"]);
  assert.equal((await deployment()).spec?.replicas, 5);
  assert.match(await helm.run(["get", "manifest", "shop"]), /replicas: 5/);
  assert.match(await helm.run(["status", "shop"]), /==> v1\/Deployment/);

  await helm.run(["rollback", "shop", "1"]);
  assert.equal((await deployment()).spec?.replicas, 2);
  const history = JSON.parse(await helm.run(["history", "shop", "--output", "json"])) as Release[];
  assert.deepEqual(
    history.map(({ status }) => status),
    ["superseded", "superseded", "deployed"],
  );

  await helm.run(["uninstall", "shop"]);
  assert.deepEqual(await releases(), []);
  assert.equal((await api.ask("GET", "/apis/apps/v1/namespaces/default/deployments/shop-web")).code, 404);
});

test("an upgrade installs what is not there yet", async () => {
  await helm.run(["upgrade", "--install", "late", "./web", "--set", "replicaCount=0"]);
  assert.deepEqual(
    (await releases()).map(({ name, revision, status }) => [name, revision, status]),
    [["late", "1", "deployed"]],
  );
  await helm.run(["uninstall", "late"]);
});

test("what belongs to somebody else is not taken over", async () => {
  const theirs = { apiVersion: "v1", kind: "Service", metadata: { name: "mine-web" }, spec: { ports: [{ port: 80 }] } };
  await api.json("POST", "/api/v1/namespaces/default/services", { body: theirs });
  const { code, stderr } = await helm.try(["install", "mine", "./web"]);
  assert.notEqual(code, 0);
  assert.match(stderr, /exists and cannot be imported into the current release/);
  assert.equal((await api.ask("GET", "/apis/apps/v1/namespaces/default/deployments/mine-web")).code, 404);
});

test("a chart brings its own resources, and templates see the server's version and objects", async () => {
  await helm.run(["install", "toys", "./widgets"]);
  const widget = await api.json<{ spec: object }>("GET", "/apis/example.com/v1/namespaces/default/widgets/toys");
  assert.deepEqual(widget.spec, { size: 3 });
  const { data } = await api.json<ConfigMap>("GET", "/api/v1/namespaces/default/configmaps/toys");
  assert.match(data?.["version"] ?? "", /^v1\.36\.\d/);
  assert.equal(data?.["widgets"], "true");
  assert.equal(data?.["found"], "default");
  await helm.run(["uninstall", "toys"]);
});
