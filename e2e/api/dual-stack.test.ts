import "reflect-metadata";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { request } from "node:https";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Endpoints, Node, Pod, Service } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { KubeList } from "@kube-ts/api/object";
import { ipFamilyOf } from "@kube-ts/std/ip-address";
import { freePort } from "../../bench/api-server-process.ts";
import { ControllerManagerProcess } from "../../packages/controller-manager/src/testing/controller-manager-process.ts";
import { ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { adminKubeconfig } from "../harness/kubeconfig.ts";
import { ownIpv4, ownIpv6 } from "../harness/own-addresses.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Ranges of both families, and of IPv6 alone, from the flags to nodes, services, endpoint slices and DNS.

const dnsProgram = fileURLToPath(new URL("../../packages/cluster-dns/src/main.ts", import.meta.url));

interface Stack {
  readonly name: string;
  readonly families: readonly ("IPv4" | "IPv6")[];
  readonly clusterCidrs: readonly string[];
  readonly serviceCidrs: readonly string[];
  readonly nodeCidrs: readonly string[];
  readonly podIps: readonly string[];
  readonly nodeIps: readonly string[];
  readonly advertised: string;
}

const stacks: readonly Stack[] = [
  {
    name: "both families",
    families: ["IPv4", "IPv6"],
    clusterCidrs: ["10.244.0.0/16", "fd00:10:244::/56"],
    serviceCidrs: ["10.96.0.0/16", "fd00:10:96::/112"],
    nodeCidrs: ["10.244.0.0/24", "fd00:10:244::/64"],
    podIps: ["10.244.0.5", "fd00:10:244::5"],
    nodeIps: ["192.0.2.11", "2001:db8::11"],
    advertised: ownIpv4,
  },
  {
    name: "IPv6 alone",
    families: ["IPv6"],
    clusterCidrs: ["fd00:10:244::/56"],
    serviceCidrs: ["fd00:10:96::/112"],
    nodeCidrs: ["fd00:10:244::/64"],
    podIps: ["fd00:10:244::5"],
    nodeIps: ["2001:db8::11"],
    advertised: ownIpv6 ?? "",
  },
];

for (const stack of stacks) {
  const skip = stack.advertised === "" ? "this machine has no IPv6 address" : false;
  describe(`a cluster of ${stack.name}`, { skip }, () => describeStack(stack));
}

function describeStack(stack: Stack): void {
  let controllers: ControllerManagerProcess | undefined;
  let dns: ChildProcess | undefined;
  const server = serverForTests({
    withoutFlags: ["--service-cluster-ip-range", "--bind-address"],
    extraArgs: [
      `--service-cluster-ip-range=${stack.serviceCidrs.join(",")}`,
      `--advertise-address=${stack.advertised}`,
      "--bind-address=0.0.0.0",
    ],
    prepare: () => {
      controllers = new ControllerManagerProcess(server.directory, [
        `--kubeconfig=${adminKubeconfig(server)}`,
        "--secure-port=0",
        "--leader-elect=false",
        "--allocate-node-cidrs",
        `--cluster-cidr=${stack.clusterCidrs.join(",")}`,
        `--service-cluster-ip-range=${stack.serviceCidrs.join(",")}`,
      ]);
    },
  });
  const api = new ApiRequests(server);
  after(async () => {
    dns?.kill("SIGKILL");
    await controllers?.[Symbol.asyncDispose]();
  });

  async function create<T>(path: string, body: object): Promise<T> {
    const answer = await api.ask("POST", path, { body });
    assert.equal(answer.code, 201, answer.text);
    return JSON.parse(answer.text) as T;
  }

  function createService(name: string, spec: Partial<Service["spec"]>): Promise<Service> {
    const ports = [{ name: "http", protocol: "TCP", port: 80 }];
    return create("/api/v1/namespaces/default/services", { metadata: { name }, spec: { ports, ...spec } });
  }

  const slicesOf = async (service: string) => {
    const query = `labelSelector=kubernetes.io/service-name=${service}`;
    const path = `/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?${query}`;
    const { items } = await api.json<KubeList<EndpointSlice>>("GET", path);
    return items.toSorted((left, right) => (left.addressType < right.addressType ? -1 : 1));
  };

  test("a node gets a range of each family", async () => {
    await create("/api/v1/nodes", { metadata: { name: "n1" }, spec: {} });
    const node = await eventually(
      "the node's ranges",
      () => api.json<Node>("GET", "/api/v1/nodes/n1"),
      ({ spec }) => spec.podCIDR !== undefined,
    );
    assert.deepEqual(node.spec.podCIDRs, stack.nodeCidrs);
    assert.equal(node.spec.podCIDR, stack.nodeCidrs[0]);
  });

  test("services get addresses as their policy says", async () => {
    const familiesOf = ({ spec }: Service) => (spec.clusterIPs ?? []).map((address) => ipFamilyOf(address));
    assert.deepEqual(familiesOf(await createService("plain", {})), stack.families.slice(0, 1));
    const preferred = await createService("preferred", { ipFamilyPolicy: "PreferDualStack" });
    assert.deepEqual(familiesOf(preferred), stack.families);
    assert.deepEqual(preferred.spec.ipFamilies, stack.families);
    const ipv6 = await createService("ipv6", { ipFamilies: ["IPv6"] });
    assert.deepEqual(familiesOf(ipv6), ["IPv6"]);
    const required = { ipFamilyPolicy: "RequireDualStack", ports: [{ port: 80 }] };
    const body = { metadata: { name: "required" }, spec: required };
    const { code } = await api.ask("POST", "/api/v1/namespaces/default/services", { body });
    assert.equal(code, stack.families.length === 2 ? 201 : 422);
  });

  test("the kubernetes service has the server's address in a slice of its family", async () => {
    const [slice] = await eventually(
      "the slice",
      () => slicesOf("kubernetes"),
      (found) => found.length === 1,
    );
    assert.equal(slice?.addressType, ipFamilyOf(stack.advertised));
    assert.deepEqual(slice?.endpoints?.[0]?.addresses, [stack.advertised]);
  });

  test("a pod with an address of each family is in a slice of each", async () => {
    await eventually(
      "the service account",
      () => api.ask("GET", "/api/v1/namespaces/default/serviceaccounts/default"),
      ({ code }) => code === 200,
    );
    const containers = [{ name: "c", image: "i" }];
    const pods = "/api/v1/namespaces/default/pods";
    const pod = await create<Pod>(pods, {
      metadata: { name: "p", labels: { app: "p" } },
      spec: { nodeName: "n1", containers },
    });
    const status = {
      phase: "Running",
      conditions: [{ type: "Ready", status: "True" }],
      podIP: stack.podIps[0],
      podIPs: stack.podIps.map((ip) => ({ ip })),
      hostIP: stack.nodeIps[0],
      hostIPs: stack.nodeIps.map((ip) => ({ ip })),
    };
    const put = await api.ask("PUT", `${pods}/p/status`, { body: { ...pod, status } });
    assert.equal(put.code, 200, put.text);
    await createService("web", { selector: { app: "p" }, ipFamilyPolicy: "PreferDualStack" });
    await createService("headless", { selector: { app: "p" }, ipFamilyPolicy: "PreferDualStack", clusterIP: "None" });
    for (const service of ["web", "headless"]) {
      const slices = await eventually(
        `slices of ${service}`,
        () => slicesOf(service),
        (found) => found.length === stack.families.length && found.every(({ endpoints }) => endpoints?.length === 1),
      );
      assert.deepEqual(
        slices.map(({ addressType }) => addressType),
        stack.families,
      );
      assert.deepEqual(
        slices.map(({ endpoints }) => endpoints?.[0]?.addresses),
        stack.podIps.map((ip) => [ip]),
      );
    }
    const endpoints = await api.json<Endpoints>("GET", "/api/v1/namespaces/default/endpoints/web");
    assert.deepEqual(
      endpoints.subsets?.flatMap(({ addresses }) => addresses?.map(({ ip }) => ip)),
      stack.podIps.slice(0, 1),
    );
  });

  test("DNS has records of each family", async () => {
    const port = await freePort();
    const flags = ["--health-port=0", "--metrics-port=0", "--resolv-conf=", "--bind-address=127.0.0.1"];
    const args = [dnsProgram, `--kubeconfig=${adminKubeconfig(server)}`, `--port=${port}`, ...flags];
    dns = spawn(process.execPath, args, { stdio: "ignore" });
    const resolver = new Resolver({ timeout: 1_000, tries: 2 });
    resolver.setServers([`127.0.0.1:${port}`]);
    const { spec } = await api.json<Service>("GET", "/api/v1/namespaces/default/services/web");
    const both = async (name: string) => [
      ...(await resolver.resolve4(name).catch(() => [])),
      ...(await resolver.resolve6(name).catch(() => [])),
    ];
    const found = await eventually(
      "answers",
      () => both("web.default.svc.cluster.local"),
      ({ length }) => length > 0,
    );
    assert.deepEqual(found, spec.clusterIPs);
    assert.deepEqual(await both("headless.default.svc.cluster.local"), stack.podIps);
    for (const ip of spec.clusterIPs ?? []) {
      assert.deepEqual(await resolver.reverse(ip), ["web.default.svc.cluster.local"]);
    }
  });

  test("the server answers over both families", async () => {
    for (const host of ["127.0.0.1", "::1"]) {
      const code = await new Promise((resolve, reject) => {
        const { port } = new URL(server.url);
        const probe = request({ host, port, path: "/readyz", rejectUnauthorized: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        probe.on("error", reject);
        probe.end();
      });
      assert.equal(code, 200, host);
    }
  });
}
