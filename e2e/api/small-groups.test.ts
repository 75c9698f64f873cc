import "reflect-metadata";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { webcrypto } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import type { KubeObject } from "@kube-ts/api/object";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { upstreamKubectl } from "../harness/upstream-kubectl.ts";

// Upstream's kubectl on the resources of autoscaling, networking, node and certificates.

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let server: ServerUnderTest;
let directory: string;

function attempt(args: readonly string[], input = ""): Promise<Result> {
  return new Promise((resolve) => {
    const env = { ...process.env, KUBECONFIG: join(directory, "config"), HOME: directory };
    const child = execFile(upstreamKubectl(), [...args], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? (typeof error.code === "number" ? error.code : 1) : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

async function run(command: string, input?: string): Promise<string> {
  const { code, stdout, stderr } = await attempt(command.split(" "), input);
  assert.equal(code, 0, `kubectl ${command}: ${stderr}${stdout}`);
  return stdout;
}

const create = (object: object) => run("create -f -", JSON.stringify(object));

async function json<T>(command: string): Promise<T> {
  return JSON.parse(await run(`${command} -o json`)) as T;
}

/** The lines of a table without their ages, the columns apart by two spaces. */
async function table(command: string): Promise<string[]> {
  const lines = (await run(command)).trimEnd().split("\n");
  return lines.map((line) =>
    line
      .split(/ {2,}/)
      .map((cell) => cell.trim().replace(/^(\d+[smh])+$/, "T"))
      .join("  "),
  );
}

async function certificateRequest(name: string): Promise<string> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const parts = { name, keys, signingAlgorithm: algorithm };
  const request = await Pkcs10CertificateRequestGenerator.create(parts as never, webcrypto as never);
  return Buffer.from(request.toString("pem")).toString("base64");
}

before(async () => {
  server = await startServer();
  directory = mkdtempSync(join(tmpdir(), "kube-ts-groups-"));
  const user = { "client-certificate": server.admin.cert, "client-key": server.admin.key };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: server.url, "certificate-authority": server.ca } }],
    users: [{ name: "admin", user }],
    contexts: [{ name: "x", context: { cluster: "c", user: "admin" } }],
    "current-context": "x",
  };
  writeFileSync(join(directory, "config"), JSON.stringify(config));
  await run("create serviceaccount default");
});

after(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

/** Whatever kubectl does with any object: show, describe, explain, patch and apply it twice. */
async function exercise(resource: string, name: string, field: string): Promise<void> {
  assert.match(await run(`describe ${resource} ${name}`), new RegExp(`^Name: +${name}$`, "m"));
  const documentation = await run(`explain ${resource}.${field}`);
  assert.match(documentation, /DESCRIPTION:\n +\S/);
  const patch = '{"metadata":{"labels":{"patched":"yes"}}}';
  assert.match(await run(`patch ${resource} ${name} -p ${patch}`), /patched$/m);
  assert.equal(await run(`get ${resource} -l patched=yes -o jsonpath={.items[*].metadata.name}`), name);
  const { status: _status, ...object } = await json<KubeObject & { status?: object }>(`get ${resource} ${name}`);
  delete object.metadata.resourceVersion;
  await run("apply -f -", JSON.stringify(object));
  assert.match(await run("apply -f -", JSON.stringify(object)), /unchanged$/m);
}

test("horizontal pod autoscalers", async () => {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const spec = { scaleTargetRef, maxReplicas: 5, behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } };
  await create({ apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata: { name: "web" }, spec });
  const old = { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 70 };
  await create({ apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler", metadata: { name: "old" }, spec: old });
  assert.deepEqual(await table("get hpa -o wide"), [
    "NAME  REFERENCE  TARGETS  MINPODS  MAXPODS  REPLICAS  AGE",
    "old  Deployment/web  cpu: <unknown>/70%  1  3  0  T",
    "web  Deployment/web  cpu: <unknown>/80%  1  5  0  T",
  ]);
  await exercise("hpa", "web", "spec.behavior");
  const v1 = "horizontalpodautoscalers.v1.autoscaling";
  await run(`patch ${v1} web -p {"spec":{"targetCPUUtilizationPercentage":33}}`);
  const stored = await json<{ spec: { metrics: unknown; behavior: unknown } }>("get hpa web");
  assert.deepEqual(stored.spec.metrics, [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 33 } } },
  ]);
  assert.ok(stored.spec.behavior);
  const shown = await json<{ metadata: { annotations: Record<string, string> } }>(`get ${v1} web`);
  assert.ok(shown.metadata.annotations["autoscaling.alpha.kubernetes.io/behavior"]);
  const groups = JSON.parse(await run("get --raw /apis/autoscaling")) as { preferredVersion: { version: string } };
  assert.equal(groups.preferredVersion.version, "v2");
});

test("ingresses and their classes", async () => {
  await create({
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "main", annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } },
    spec: { controller: "example.com/ingress", parameters: { apiGroup: "example.com", kind: "Settings", name: "a" } },
  });
  await run("create ingress web --rule=example.com/*=web:80,tls=cert");
  assert.deepEqual(await table("get ingress -o wide"), [
    "NAME  CLASS  HOSTS  ADDRESS  PORTS  AGE",
    "web  main  example.com  80, 443  T",
  ]);
  assert.deepEqual(await table("get ingressclass"), [
    "NAME  CONTROLLER  PARAMETERS  AGE",
    "main  example.com/ingress  Settings.example.com/a  T",
  ]);
  await exercise("ing", "web", "spec.rules");
  await exercise("ingressclass", "main", "spec.parameters");
  const refused = await attempt(["create", "ingress", "bad", "--rule=a/x=web:80", "--class=A"]);
  assert.match(
    refused.stderr,
    /Ingress\.networking\.k8s\.io "bad" is invalid: spec\.ingressClassName: Invalid value: "A": /,
  );
});

test("network policies", async () => {
  const from = [{ podSelector: {} }, { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }];
  const spec = { podSelector: { matchLabels: { app: "web" } }, ingress: [{ from, ports: [{ port: 80 }] }] };
  await create({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "web" }, spec });
  assert.deepEqual(await table("get netpol -o wide"), ["NAME  POD-SELECTOR  AGE", "web  app=web  T"]);
  await exercise("netpol", "web", "spec");
});

test("addresses and ranges of services", async () => {
  const range = await json<{ spec: object; status: { conditions: { type: string; status: string }[] } }>(
    "get servicecidr kubernetes",
  );
  assert.deepEqual(range.spec, { cidrs: ["10.96.0.0/16"] });
  assert.deepEqual(
    range.status.conditions.map(({ type, status }) => `${type}=${status}`),
    ["Ready=True"],
  );
  await exercise("servicecidr", "kubernetes", "spec.cidrs");
  await run("create service clusterip web --tcp=80");
  const address = await run("get service web -o jsonpath={.spec.clusterIP}");
  assert.deepEqual(await table(`get ip ${address}`), ["NAME  PARENTREF  AGE", `${address}  services/default/web  T`]);
  await exercise("ipaddress", address, "spec.parentRef");
  await run("delete service web");
  const gone = await attempt(["get", "ip", address]);
  assert.match(gone.stderr, /not found/);
});

test("runtime classes", async () => {
  await create({
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: "sandboxed" },
    handler: "runsc",
    overhead: { podFixed: { cpu: "250m" } },
    scheduling: { nodeSelector: { runtime: "gvisor" } },
  });
  assert.deepEqual(await table("get runtimeclass -o wide"), ["NAME  HANDLER  AGE", "sandboxed  runsc  T"]);
  await exercise("runtimeclass", "sandboxed", "scheduling");
  const pod = (runtimeClassName: string) => [
    "run",
    "p",
    "--image=a",
    `--overrides={"spec":{"runtimeClassName":"${runtimeClassName}"}}`,
  ];
  assert.match((await attempt(pod("none"))).stderr, /forbidden: pod rejected: RuntimeClass "none" not found/);
  assert.equal((await attempt(pod("sandboxed"))).code, 0);
  const { spec } = await json<{ spec: { overhead: object; nodeSelector: object } }>("get pod p");
  assert.deepEqual([spec.overhead, spec.nodeSelector], [{ cpu: "250m" }, { runtime: "gvisor" }]);
});

test("certificate signing requests", async () => {
  const signerName = "kubernetes.io/kube-apiserver-client";
  const csr = async (name: string, subject: string) => ({
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name },
    spec: { request: await certificateRequest(subject), signerName, usages: ["client auth"], expirationSeconds: 86400 },
  });
  await create(await csr("alice", "CN=alice,O=team"));
  assert.deepEqual(await table("get csr -o wide"), [
    "NAME  AGE  SIGNERNAME  REQUESTOR  REQUESTEDDURATION  CONDITION",
    `alice  T  ${signerName}  admin  T  Pending`,
  ]);
  await exercise("csr", "alice", "spec.usages");
  await run("certificate approve alice");
  const certificate = Buffer.from(readFileSync(server.ca)).toString("base64");
  const patch = JSON.stringify({ status: { certificate } });
  await run(`patch csr alice --subresource=status --type=merge -p ${patch}`);
  assert.match((await table("get csr alice"))[1] ?? "", /Approved,Issued$/);
  assert.equal(
    await run(`get csr --field-selector=spec.signerName=${signerName} -o name`),
    "certificatesigningrequest.certificates.k8s.io/alice\n",
  );
  const masters = JSON.stringify(await csr("root", "CN=root,O=system:masters"));
  assert.match((await attempt(["create", "-f", "-"], masters)).stderr, /with system:masters group is not allowed/);
});

test("approvals and signatures are for those who may act for the signer", async () => {
  await create({
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name: "bob" },
    spec: { request: await certificateRequest("CN=bob"), signerName: "example.com/signer", usages: ["client auth"] },
  });
  await run(
    "create clusterrole approver --verb=get,update --resource=certificatesigningrequests,certificatesigningrequests/approval",
  );
  await run("create clusterrolebinding approver --clusterrole=approver --user=carol");
  const refused = await attempt(["certificate", "approve", "bob", "--as=carol"]);
  assert.match(refused.stderr, /user not permitted to approve requests with signerName "example\.com\/signer"/);
  await create({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "signer" },
    rules: [
      {
        verbs: ["approve"],
        apiGroups: ["certificates.k8s.io"],
        resources: ["signers"],
        resourceNames: ["example.com/*"],
      },
    ],
  });
  await run("create clusterrolebinding signer --clusterrole=signer --user=carol");
  await run("certificate deny bob --as=carol");
  assert.match((await table("get csr bob"))[1] ?? "", /Denied$/);
});

test("events meet the rules of the version that they are written in", async () => {
  const event = { kind: "Event", metadata: { name: "e", namespace: "default" }, reason: "Odd", type: "Odd" };
  const strict = await attempt(["create", "-f", "-"], JSON.stringify({ apiVersion: "events.k8s.io/v1", ...event }));
  assert.match(strict.stderr, /eventTime: Required value\n.*type: Invalid value: "": has invalid value: Odd/);
  assert.equal((await attempt(["create", "-f", "-"], JSON.stringify({ apiVersion: "v1", ...event }))).code, 0);
});

test("bindings by the name of the pod in the body", async () => {
  await run("run bound --image=a");
  const target = { kind: "Node", name: "n1" };
  const binding = { apiVersion: "v1", kind: "Binding", metadata: { name: "bound" }, target };
  const path = "/api/v1/namespaces/default/bindings";
  await run(`create --raw ${path} -f -`, JSON.stringify(binding));
  assert.equal(await run("get pod bound -o jsonpath={.spec.nodeName}"), "n1");
  const again = await attempt(["create", "--raw", path, "-f", "-"], JSON.stringify(binding));
  assert.match(again.stderr, /pod bound is already assigned to node "n1"/);
  const nameless = await attempt(["create", "--raw", path, "-f", "-"], JSON.stringify({ ...binding, metadata: {} }));
  assert.match(nameless.stderr, /name must be provided/);
});

test("the health of components", async () => {
  const { stdout, stderr } = await attempt(["get", "cs"]);
  assert.match(stderr, /^Warning: v1 ComponentStatus is deprecated in v1\.19\+$/m);
  const names = stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ +/)[0]);
  assert.deepEqual(names, ["NAME", "controller-manager", "scheduler", "etcd-0"]);
  assert.match(stdout, /^etcd-0 +Healthy +ok *$/m);
  const { conditions } = await json<{ conditions: object[] }>("get componentstatus etcd-0");
  assert.deepEqual(conditions, [{ type: "Healthy", status: "True", message: "ok" }]);
  assert.equal(await run("get cs --field-selector=metadata.name=etcd-0 -o name"), "componentstatus/etcd-0\n");
  assert.match((await attempt(["get", "cs", "none"])).stderr, /componentstatuses "none" not found/);
});
