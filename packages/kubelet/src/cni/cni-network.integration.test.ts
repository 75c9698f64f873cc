import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { silentLogger } from "@kube-ts/std/log";
import { createNetnsNetwork } from "../runtime/docker/testing/netns-network.ts";
import type { NetnsNetwork } from "../runtime/docker/testing/netns-network.ts";
import type { NetworkRequest } from "../runtime/pod-network.ts";
import { runtimeErrorCode } from "../runtime/runtime-error.ts";
import { CniNetwork } from "./cni-network.ts";

const signal = AbortSignal.timeout(120_000);
const prefix = `ktcni${process.pid}`;
const podNetns = [`${prefix}a`, `${prefix}b`];
let net: NetnsNetwork;

before(() => {
  net = createNetnsNetwork(prefix);
  for (const name of podNetns) execFileSync("ip", ["netns", "add", name]);
});

after(() => {
  for (const name of podNetns) execFileSync("ip", ["netns", "delete", name]);
  net[Symbol.dispose]();
});

afterEach(async () => {
  for (const index of [0, 1]) await net.network.remove(`sandbox-${index}`, request(index).netnsPath, signal);
});

function request(index: number, changes: Partial<NetworkRequest> = {}): NetworkRequest {
  return {
    sandboxId: `sandbox-${index}`,
    netnsPath: `/run/netns/${podNetns[index]}`,
    pod: { name: `pod-${index}`, namespace: "default", uid: `uid-${index}` },
    portMappings: [],
    annotations: {},
    ...changes,
  };
}

function inPod(index: number, ...command: readonly string[]): string {
  return execFileSync("ip", ["netns", "exec", podNetns[index] ?? "", ...command], { encoding: "utf8" });
}

test("pods get addresses, reach the node and each other, and are masqueraded", async () => {
  const [first] = await net.network.add(request(0), signal);
  const [second] = await net.network.add(request(1), signal);
  assert.ok(first?.startsWith(net.subnet) && second?.startsWith(net.subnet));
  assert.match(inPod(0, "ip", "-o", "-4", "addr", "show", "eth0"), new RegExp(`inet ${first}/24`));
  assert.match(inPod(0, "ip", "route"), new RegExp(`default via ${net.gateway} dev eth0`));
  assert.match(inPod(0, "ip", "-o", "link", "show", "lo"), /LOWER_UP/);
  inPod(0, "/bin/busybox", "ping", "-c1", "-W2", net.gateway);
  inPod(0, "/bin/busybox", "ping", "-c1", "-W2", second ?? "");
  assert.match(net.run("iptables-save", "-t", "nat"), new RegExp(`-A POSTROUTING -s ${first}/32 .*-j CNI-`));
});

test("host ports lead to the pod, also after a restart", async () => {
  const mapping = { protocol: "TCP", containerPort: 8080, hostPort: 18080, hostIp: "" } as const;
  const [address] = await net.network.add(request(0, { portMappings: [mapping] }), signal);
  assert.match(net.run("iptables-save", "-t", "nat"), new RegExp(`--dport 18080 .*--to-destination ${address}:8080`));
  // Another process takes over: what it finds on disk is enough.
  const restarted = net.reopen();
  assert.deepEqual(await restarted.addresses("sandbox-0"), [address]);
  await restarted.remove("sandbox-0", request(0).netnsPath, signal);
  await restarted.remove("sandbox-0", request(0).netnsPath, signal);
  assert.equal(await restarted.addresses("sandbox-0"), undefined);
  assert.doesNotMatch(net.run("iptables-save", "-t", "nat"), /18080/);
  assert.deepEqual(net.reserved(), []);
});

test("a namespace that is gone gives its address back", async () => {
  await net.network.add(request(1), signal);
  assert.equal(net.reserved().length, 1);
  await net.network.remove("sandbox-1", undefined, signal);
  assert.deepEqual(net.reserved(), []);
  inPod(1, "ip", "link", "delete", "eth0");
});

test("a failed set-up leaves nothing and says which plugin failed", async () => {
  await assert.rejects(net.network.add(request(0, { netnsPath: "/run/netns/missing" }), signal), (error: unknown) => {
    assert.equal(runtimeErrorCode(error), "NetworkFailed");
    assert.match(String(error), /failed to set up sandbox container "sandbox-0" network for pod "pod-0": plugin type=/);
    return true;
  });
  assert.deepEqual(await net.network.attached(), []);
  assert.deepEqual(net.reserved(), []);
});

test("plugins see the specification's variables and each other's results, and are undone in reverse", async () => {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-cni-"));
  try {
    const [bin, conf, state, trace] = ["bin", "conf", "state", "trace"].map((name) => join(directory, name));
    assert.ok(bin && conf && state && trace);
    for (const each of [bin, conf]) mkdirSync(each);
    for (const type of ["one", "two", "loopback"]) {
      const path = join(bin, type);
      const answer = `{"cniVersion":"1.0.0","ips":[{"address":"10.9.8.7/24"}],"by":"${type}"}`;
      const script = [
        "#!/bin/sh",
        "input=$(cat)",
        `echo "$CNI_COMMAND ${type} $CNI_CONTAINERID $CNI_IFNAME $CNI_NETNS $CNI_ARGS $input" >> ${trace}`,
        `if [ -e ${directory}/fail-${type} ]; then echo '{"code":11,"msg":"try later","details":"busy"}'; exit 1; fi`,
        `if [ "$CNI_COMMAND" = ADD ]; then echo '${answer}'; fi`,
      ];
      writeFileSync(path, `${script.join("\n")}\n`);
      chmodSync(path, 0o755);
    }
    writeFileSync(join(conf, "00-broken.conflist"), "{");
    const plugins = [{ type: "one" }, { type: "two", capabilities: { portMappings: true } }];
    writeFileSync(join(conf, "10-net.conflist"), JSON.stringify({ cniVersion: "1.0.0", name: "net", plugins }));
    const options = { confDirectory: conf, binDirectories: [bin], stateDirectory: state, log: silentLogger };
    const network = new CniNetwork(options);
    assert.equal((await network.status(signal)).ready, true);
    const mapping = { protocol: "TCP", containerPort: 80, hostPort: 8080, hostIp: "" } as const;
    assert.deepEqual(await network.add(request(0, { portMappings: [mapping] }), signal), ["10.9.8.7"]);

    await network.check("sandbox-0", request(0).netnsPath, signal);
    writeFileSync(join(directory, "fail-one"), "");
    await assert.rejects(network.check("sandbox-0", request(0).netnsPath, signal), /failed \(check\): try later/);
    await assert.rejects(
      network.remove("sandbox-0", undefined, signal),
      /plugin type="one" failed \(del\): try later; busy/,
    );
    assert.deepEqual(await network.attached(), ["sandbox-0"]);
    rmSync(join(directory, "fail-one"));
    // The network was replaced meanwhile: the one that connected the pod disconnects it.
    writeFileSync(
      join(conf, "10-net.conflist"),
      JSON.stringify({ cniVersion: "1.0.0", name: "other", plugins: [{ type: "two" }] }),
    );
    await new CniNetwork(options).remove("sandbox-0", undefined, signal);

    const lines = readFileSync(trace, "utf8").trim().split("\n");
    const seen = lines.map((line) => line.split(" ").slice(0, 4).join(" "));
    assert.deepEqual(seen, [
      "ADD loopback sandbox-0 lo",
      "ADD one sandbox-0 eth0",
      "ADD two sandbox-0 eth0",
      "CHECK one sandbox-0 eth0",
      "CHECK two sandbox-0 eth0",
      "CHECK one sandbox-0 eth0",
      "DEL two sandbox-0 eth0",
      "DEL one sandbox-0 eth0",
      "DEL two sandbox-0 eth0",
      "DEL one sandbox-0 eth0",
    ]);
    assert.match(
      lines[1] ?? "",
      /K8S_POD_NAMESPACE=default;K8S_POD_NAME=pod-0;K8S_POD_INFRA_CONTAINER_ID=sandbox-0;K8S_POD_UID=uid-0/,
    );
    assert.doesNotMatch(lines[1] ?? "", /prevResult|runtimeConfig/);
    assert.match(lines[2] ?? "", /"prevResult":\{.*"by":"one"/);
    assert.match(lines[2] ?? "", /"runtimeConfig":\{"portMappings":\[\{"hostPort":8080/);
    assert.match(lines[8] ?? "", /"prevResult":\{.*"by":"two".*"runtimeConfig"/);
    assert.match(lines[8] ?? "", /"name":"net"/);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("without a usable network the node is not ready", async () => {
  const network = new CniNetwork({
    confDirectory: "/nonexistent",
    binDirectories: [],
    stateDirectory: "/nonexistent",
    log: silentLogger,
  });
  assert.deepEqual(await network.status(signal), {
    ready: false,
    reason: "NetworkPluginNotReady",
    message: "Network plugin returns error: cni plugin not initialized",
  });
});
