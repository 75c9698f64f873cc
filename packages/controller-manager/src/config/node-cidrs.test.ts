import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFlags } from "@kube-ts/std/flags";
import { controllerManagerFlags } from "./flags.ts";
import { nodeCidrs } from "./node-cidrs.ts";

const [ipv4, ipv6] = ["10.244.0.0/16", "fd00:10::/48"];

function configure(ranges: readonly string[], ...flags: readonly string[]) {
  const cluster = ranges.length > 0 ? [`--cluster-cidr=${ranges.join(",")}`] : [];
  const all = ["--allocate-node-cidrs", ...cluster, ...flags];
  return nodeCidrs(parseFlags(controllerManagerFlags, "kube-controller-manager", all).values);
}

const masks: readonly [readonly string[], readonly string[], readonly [number, number]][] = [
  [[ipv4], [], [24, 64]],
  [[ipv4], ["--node-cidr-mask-size=25"], [25, 25]],
  [[ipv4], ["--node-cidr-mask-size-ipv4=26"], [26, 64]],
  [[ipv6], ["--node-cidr-mask-size-ipv6=60"], [24, 60]],
  [[ipv4, ipv6], [], [24, 64]],
  [
    [ipv6, ipv4],
    ["--node-cidr-mask-size-ipv4=26", "--node-cidr-mask-size-ipv6=56"],
    [26, 56],
  ],
];
for (const [ranges, flags, expected] of masks) {
  test(`nodes of ${ranges.join(" and ")} with ${flags.join(" ") || "no flags"}`, () => {
    const found = configure(ranges, ...flags);
    assert.deepEqual([found?.maskSizeIpv4, found?.maskSizeIpv6], expected);
  });
}

const refused: readonly [readonly string[], readonly string[], RegExp][] = [
  [[], [], /needs --cluster-cidr/],
  [["10.244.0.0"], [], /invalid CIDR address: 10\.244\.0\.0/],
  [[ipv4, "10.245.0.0/16"], [], /not configured as dual stack/],
  [[ipv4, ipv6, "10.245.0.0/16"], [], /more than max allowed of 2/],
  [[ipv4], ["--service-cluster-ip-range=10.0.0.0/24,10.0.1.0/24"], /not configured as dual stack/],
  [[ipv4, ipv6], ["--node-cidr-mask-size=24"], /is not allowed with dual-stack clusters/],
  [
    [ipv4],
    ["--node-cidr-mask-size=24", "--node-cidr-mask-size-ipv4=24"],
    /is not allowed if --node-cidr-mask-size is set/,
  ],
  [[ipv4], ["--node-cidr-mask-size-ipv6=64"], /ipv6 is not allowed for a single-stack IPv4 cluster/],
  [[ipv6], ["--node-cidr-mask-size-ipv4=24"], /ipv4 is not allowed for a single-stack IPv6 cluster/],
];
for (const [ranges, flags, message] of refused) {
  test(`refuses ${[...ranges, ...flags].join(" ") || "no range"}`, () => {
    assert.throws(() => configure(ranges, ...flags), message);
  });
}
