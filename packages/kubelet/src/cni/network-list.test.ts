import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { bridgeNetwork } from "@kube-ts/std/bridge-network";
import { writeBridgeConfig } from "./bridge-config.ts";
import { capabilityValues } from "./capability-values.ts";
import { resultAddresses } from "./cni-result.ts";
import { NetworkConfigError, parseNetworkList, pluginInput } from "./network-list.ts";

test("lists and single configurations are read", () => {
  const list = parseNetworkList(
    '{"cniVersion":"1.0.0","name":"n","plugins":[{"type":"a"},{"type":"b"}]}',
    "10.conflist",
  );
  assert.deepEqual(
    list.plugins.map((plugin) => plugin.type),
    ["a", "b"],
  );
  const single = parseNetworkList('{"cniVersion":"0.3.1","name":"n","type":"a","mtu":1400}', "10.conf");
  assert.equal(single.plugins[0]?.["mtu"], 1400);
});

test("unusable configurations say why", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["", /x.conf: SyntaxError/],
    ["[]", /not an object/],
    ['{"cniVersion":"0.2.0","name":"n","type":"a"}', /cniVersion "0.2.0" is not supported/],
    ['{"type":"a"}', /no valid network name/],
    ['{"name":"../x","type":"a"}', /no valid network name/],
    ['{"name":"n","plugins":[]}', /no plugins/],
    ['{"name":"n","plugins":[{}]}', /a plugin has no type/],
    ['{"name":"n","type":"../sh"}', /a plugin has no type/],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => parseNetworkList(text, "x.conf"),
      (error: unknown) => error instanceof NetworkConfigError && message.test(error.message),
      text,
    );
  }
});

test("a plugin gets the network's fields and only the capabilities that it declares", () => {
  const text = JSON.stringify(bridgeNetwork({ ranges: ["10.0.0.0/24"], masquerade: true }));
  const list = parseNetworkList(text, "bridge");
  const [bridge, portmap] = list.plugins;
  assert.ok(bridge && portmap);
  const values = capabilityValues(
    [
      { protocol: "UDP", containerPort: 53, hostPort: 5353, hostIp: "127.0.0.1" },
      { protocol: "TCP", containerPort: 80, hostPort: 0, hostIp: "" },
    ],
    { "kubernetes.io/ingress-bandwidth": "10M" },
    ["10.0.0.0/24"],
  );
  assert.deepEqual(values["bandwidth"], { ingressRate: 10_000_000, ingressBurst: 2_147_483_647 });
  const previous = { ips: [] };
  assert.deepEqual(pluginInput(list, portmap, values, previous), {
    type: "portmap",
    name: "pod-network",
    cniVersion: "1.0.0",
    prevResult: previous,
    runtimeConfig: {
      portMappings: [{ hostPort: 5353, containerPort: 53, protocol: "udp", hostIP: "127.0.0.1" }],
    },
  });
  assert.equal("runtimeConfig" in pluginInput(list, bridge, values, undefined), false);
  assert.throws(() => capabilityValues([], { "kubernetes.io/egress-bandwidth": "fast" }, []));
});

test("addresses come from results of any version", () => {
  assert.deepEqual(resultAddresses({ ips: [{ address: "10.0.0.2/24" }, { address: "fd00::2/64", version: "6" }] }), [
    "10.0.0.2",
    "fd00::2",
  ]);
  assert.deepEqual(resultAddresses(undefined), []);
});

test("the bridge network is written once and gives way to others", async () => {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-cni-"));
  try {
    assert.equal(await writeBridgeConfig([], directory), false);
    assert.equal(await writeBridgeConfig(["10.1.0.0/24"], directory), true);
    assert.equal(await writeBridgeConfig(["10.1.0.0/24"], directory), false);
    assert.equal(await writeBridgeConfig(["10.2.0.0/24"], directory), true);
    assert.deepEqual(readdirSync(directory), ["10-kubelet-bridge.conflist"]);
    assert.match(readFileSync(join(directory, "10-kubelet-bridge.conflist"), "utf8"), /10\.2\.0\.0\/24/);
    writeFileSync(join(directory, "20-other.conf"), "{}");
    assert.equal(await writeBridgeConfig(["10.3.0.0/24"], directory), false);
    assert.deepEqual(readdirSync(directory), ["20-other.conf"]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
