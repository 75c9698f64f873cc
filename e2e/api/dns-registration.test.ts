import "reflect-metadata";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Resolver } from "node:dns/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Node, Service } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { KubeList } from "@kube-ts/api/object";
import { freePort } from "../../bench/api-server-process.ts";
import { Authority } from "../../deploy/pki/authority.ts";
import { ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { writeKubeconfig } from "../harness/kubeconfig.ts";
import { ownIpv4, ownIpv6 } from "../harness/own-addresses.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// The DNS server keeps its own endpoint of the DNS Service, with no more rights than it needs.

const program = fileURLToPath(new URL("../../packages/cluster-dns/src/main.ts", import.meta.url));
const slicesPath = "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices";
const user = "system:kube-dns";
const server = serverForTests({ prepare: startCluster });
const api = new ApiRequests(server);
let kubeconfig: string;
let dns: ChildProcess | undefined;

after(() => dns?.kill("SIGKILL"));

async function create(path: string, body: object): Promise<void> {
  const answer = await api.ask("POST", path, { body });
  assert.equal(answer.code, 201, answer.text);
}

async function startCluster(): Promise<void> {
  const authority = await Authority.open(join(server.directory, "pki"), "ca", "kubernetes");
  kubeconfig = writeKubeconfig(server, "dns", await authority.issue("dns", { commonName: user, usages: ["client"] }));
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const name = "dns";
  const subjects = [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }];
  await create(`${rbac}/clusterroles`, {
    metadata: { name },
    rules: [
      { apiGroups: [""], resources: ["services", "namespaces"], verbs: ["list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
      { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
    ],
  });
  const roleRef = (kind: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name });
  await create(`${rbac}/clusterrolebindings`, { metadata: { name }, roleRef: roleRef("ClusterRole"), subjects });
  await create(`${rbac}/namespaces/kube-system/roles`, {
    metadata: { name },
    rules: [{ apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["create", "update", "delete"] }],
  });
  const bindings = `${rbac}/namespaces/kube-system/rolebindings`;
  await create(bindings, { metadata: { name }, roleRef: roleRef("Role"), subjects });
  const service: Service = {
    metadata: { name: "kube-dns", namespace: "kube-system" },
    spec: { internalTrafficPolicy: "Local", ports: [{ name: "dns", protocol: "UDP", port: 53 }] },
  };
  await create("/api/v1/namespaces/kube-system/services", service);
}

async function slices(): Promise<readonly EndpointSlice[]> {
  return (await api.json<KubeList<EndpointSlice>>("GET", slicesPath)).items;
}

test("a DNS server registers itself, stays registered, and goes in order", async () => {
  const addresses = [ownIpv4, ...(ownIpv6 === undefined ? [] : [ownIpv6])];
  const port = await freePort();
  const flags = [
    `--kubeconfig=${kubeconfig}`,
    `--bind-address=${addresses.join(",")}`,
    `--port=${port}`,
    "--health-port=0",
    "--metrics-port=0",
    "--resolv-conf=",
    "--hostname-override=n1",
    "--register-endpoint-slice",
  ];
  dns = spawn(process.execPath, [program, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([`${ownIpv4}:${port}`]);
  const ask = () => resolver.resolve4("kube-dns.kube-system.svc.cluster.local");
  await eventually("an answer before there is a Node", ask, (found) => found.length === 1);
  assert.deepEqual(await slices(), []);

  const node: Node = { metadata: { name: "n1" }, spec: {} };
  await create("/api/v1/nodes", node);
  const { metadata } = await api.json<Node>("GET", "/api/v1/nodes/n1");
  await eventually("all slices", slices, (found) => found.length === addresses.length);
  const [first] = await slices();
  assert.ok(first);
  assert.equal(first.addressType, "IPv4");
  assert.equal(first.metadata.labels?.["kubernetes.io/service-name"], "kube-dns");
  assert.deepEqual(first.metadata.ownerReferences, [{ apiVersion: "v1", kind: "Node", name: "n1", uid: metadata.uid }]);
  const conditions = { ready: true, serving: true, terminating: false };
  assert.deepEqual(first.endpoints, [{ addresses: [ownIpv4], conditions, nodeName: "n1" }]);
  assert.deepEqual(first.ports, [
    { name: "dns", protocol: "UDP", port },
    { name: "dns-tcp", protocol: "TCP", port },
  ]);

  const path = `${slicesPath}/${first.metadata.name}`;
  const found = async () => (await api.json<EndpointSlice>("GET", path)).endpoints?.[0]?.addresses[0];
  await api.ask("DELETE", path);
  await eventually("the slice that was deleted", found, (address) => address === ownIpv4);
  const slice = await api.json<EndpointSlice>("GET", path);
  assert.equal((await api.ask("PUT", path, { body: { ...slice, endpoints: [] } })).code, 200);
  await eventually("the slice that was changed", found, (address) => address === ownIpv4);

  process.kill(server.pid, "SIGSTOP");
  try {
    assert.equal((await ask()).length, 1);
  } finally {
    process.kill(server.pid, "SIGCONT");
  }

  const exit = once(dns, "exit");
  dns.kill("SIGTERM");
  assert.deepEqual(await exit, [0, null]);
  assert.deepEqual(await slices(), []);
});
