import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFlags } from "@kube-ts/std/flags";
import { agentFlags, configureAgent } from "./agent-flags.ts";

const configure = (...args: string[]) => configureAgent(parseFlags(agentFlags, "pod-network-agent", args));

test("flags become a configuration", () => {
  const config = configure("--cluster-cidr=10.244.0.0/16,fd00:10:0::/48", "--mode=vxlan", "--hostname-override=n1");
  assert.deepEqual(config.packets.clusterCidrs, [
    { family: "IPv4", text: "10.244.0.0/16" },
    { family: "IPv6", text: "fd00:10::/48" },
  ]);
  assert.deepEqual(config.network, { mode: "vxlan", mtu: 0, interface: "", vxlan: { id: 1, port: 8472 } });
  assert.deepEqual(config.healthzBind, { host: "127.0.0.1", port: 10_246 });
  assert.equal(config.nodeName, "n1");
  assert.equal(configure("--metrics-bind-address=").metricsBind, undefined);
});

const bad: readonly [string, RegExp][] = [
  ["--mode=bgp", /--mode: "bgp" is not routes, vxlan or auto/],
  ["--cluster-cidr=10.244.0.0", /--cluster-cidr: invalid CIDR address: 10\.244\.0\.0/],
  ["--cluster-cidr=10.244.0.0/16,10.245.0.0/16", /at most one range of each IP family/],
  ["--mtu=100", /--mtu: 100 is not within 576 and 65535/],
  ["--vxlan-id=0", /--vxlan-id: 0 is not within/],
  ["--vxlan-port=70000", /--vxlan-port: 70000 is not within/],
  ["--healthz-bind-address=localhost:1", /--healthz-bind-address: "localhost:1" must be IP:port/],
];
for (const [flag, message] of bad) {
  test(`refuses ${flag}`, () => assert.throws(() => configure(flag), message));
}
