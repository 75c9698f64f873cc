import assert from "node:assert/strict";
import { test } from "node:test";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Upstream's kubectl on the resources of networking.

const kubectl = new KubectlOnServer(serverForTests());

test("ingresses and their classes", async () => {
  await kubectl.create({
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "main", annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } },
    spec: { controller: "example.com/ingress", parameters: { apiGroup: "example.com", kind: "Settings", name: "a" } },
  });
  await kubectl.run("create ingress web --rule=example.com/*=web:80,tls=cert");
  assert.deepEqual(await kubectl.table("get ingress -o wide"), [
    "NAME  CLASS  HOSTS  ADDRESS  PORTS  AGE",
    "web  main  example.com  80, 443  T",
  ]);
  assert.deepEqual(await kubectl.table("get ingressclass"), [
    "NAME  CONTROLLER  PARAMETERS  AGE",
    "main  example.com/ingress  Settings.example.com/a  T",
  ]);
  await kubectl.exercise("ing", "web", "spec.rules");
  await kubectl.exercise("ingressclass", "main", "spec.parameters");
  const refused = await kubectl.attempt(["create", "ingress", "bad", "--rule=a/x=web:80", "--class=A"]);
  assert.match(
    refused.stderr,
    /Ingress\.networking\.k8s\.io "bad" is invalid: spec\.ingressClassName: Invalid value: "A": /,
  );
});

test("network policies", async () => {
  const from = [{ podSelector: {} }, { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }];
  const spec = { podSelector: { matchLabels: { app: "web" } }, ingress: [{ from, ports: [{ port: 80 }] }] };
  await kubectl.create({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "web" }, spec });
  assert.deepEqual(await kubectl.table("get netpol -o wide"), ["NAME  POD-SELECTOR  AGE", "web  app=web  T"]);
  await kubectl.exercise("netpol", "web", "spec");
});

test("addresses and ranges of services", async () => {
  const range = await kubectl.json<{ spec: object; status: { conditions: { type: string; status: string }[] } }>(
    "get servicecidr kubernetes",
  );
  assert.deepEqual(range.spec, { cidrs: ["10.96.0.0/16"] });
  assert.deepEqual(
    range.status.conditions.map(({ type, status }) => `${type}=${status}`),
    ["Ready=True"],
  );
  await kubectl.exercise("servicecidr", "kubernetes", "spec.cidrs");
  await kubectl.run("create service clusterip web --tcp=80");
  const address = await kubectl.run("get service web -o jsonpath={.spec.clusterIP}");
  assert.deepEqual(await kubectl.table(`get ip ${address}`), [
    "NAME  PARENTREF  AGE",
    `${address}  services/default/web  T`,
  ]);
  await kubectl.exercise("ipaddress", address, "spec.parentRef");
  await kubectl.run("delete service web");
  const gone = await kubectl.attempt(["get", "ip", address]);
  assert.match(gone.stderr, /not found/);
});
