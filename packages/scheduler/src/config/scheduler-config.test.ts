import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeConfig } from "@kube-ts/std/config-file";
import { parseFlags } from "@kube-ts/std/flags";
import { TestCluster } from "../testing/cluster.ts";
import { schedulerConfigKind } from "./config-kind.ts";
import { extensionPoints } from "./config-kind.ts";
import { schedulerFlags } from "./flags.ts";
import { pluginPoints } from "./plugin-points.ts";
import { schedulerConfig, type SchedulerConfig } from "./scheduler-config.ts";

function load(yaml: string, ...args: string[]): SchedulerConfig {
  const text = `apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n${yaml}`;
  const flags = parseFlags(schedulerFlags, "kube-scheduler", ["--kubeconfig=k", ...args]);
  return schedulerConfig(decodeConfig(text, "config.yaml", schedulerConfigKind), flags);
}

describe("scheduler configuration", () => {
  it("has upstream's defaults", () => {
    const config = load("");
    assert.equal(config.serving.port, 10_259);
    assert.equal(config.qps, 50);
    assert.equal(config.initialBackoffMs, 1_000);
    assert.equal(config.maxBackoffMs, 10_000);
    assert.deepEqual(config.leaderElection, {
      name: "kube-scheduler",
      namespace: "kube-system",
      leaseDurationMs: 15_000,
      renewDeadlineMs: 10_000,
      retryPeriodMs: 2_000,
    });
    const [profile] = config.profiles;
    assert.deepEqual(
      profile?.points.score.map(({ name, weight }) => `${name}=${weight}`),
      [
        "TaintToleration=3",
        "NodeAffinity=2",
        "NodeResourcesFit=1",
        "PodTopologySpread=2",
        "InterPodAffinity=2",
        "NodeResourcesBalancedAllocation=1",
        "ImageLocality=1",
      ],
    );
    assert.deepEqual(
      config.profiles.map(({ schedulerName }) => schedulerName),
      ["default-scheduler"],
    );
  });

  it("lets given flags override the file, and the file the defaults of flags", () => {
    const yaml = "clientConnection: {qps: 7, burst: 9}\nleaderElection: {leaderElect: false}";
    const config = load(yaml, "--kube-api-qps=3");
    assert.equal(config.qps, 3);
    assert.equal(config.burst, 9);
    assert.equal(config.leaderElection, undefined);
    assert.ok(load(yaml, "--leader-elect=true").leaderElection);
  });

  it("enables, disables and weighs plugins", () => {
    const [profile] = load(`
profiles:
- plugins:
    score:
      disabled: [{name: ImageLocality}]
      enabled: [{name: NodeResourcesFit, weight: 5}]
    multiPoint:
      disabled: [{name: InterPodAffinity}, {name: VolumeZone}]
    postFilter: {disabled: [{name: "*"}]}
`).profiles;
    const score = profile?.points.score.map(({ name, weight }) => `${name}=${weight}`) ?? [];
    assert.ok(score.includes("NodeResourcesFit=5"));
    assert.ok(!score.some((each) => each.startsWith("ImageLocality") || each.startsWith("InterPodAffinity")));
    assert.deepEqual(profile?.points.postFilter, []);
    assert.ok(!profile?.points.filter.some(({ name }) => name === "InterPodAffinity"));
  });

  const bad: readonly (readonly [string, RegExp])[] = [
    ["profile: []", /unknown field "profile"/],
    ["profiles: [{plugins: {score: {enabled: [{name: Nope}]}}}]", /enabled\[0\]\.name: plugin "Nope" does not exist/],
    ["profiles: [{plugins: {bind: {enabled: [{name: NodeName}]}}}]", /"NodeName" does not extend bind plugin/],
    ["profiles: [{plugins: {filter: {disabled: [{name: Nope}]}}}]", /plugin "Nope" does not exist/],
    ["profiles: [{plugins: {queueSort: {disabled: [{name: '*'}]}}}]", /queueSort: exactly one plugin/],
    ["profiles: [{pluginConfig: [{name: NodeName, args: {}}]}]", /"NodeName" takes no arguments/],
    ["profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoring: 1}}]}]", /unknown field .*args\.scoring/],
    ["profiles: [{schedulerName: a}, {schedulerName: a}]", /profiles\[1\]\.schedulerName: Duplicate value: "a"/],
    ["profiles: [{schedulerName: a}, {}]", /profiles\[1\]\.schedulerName: Required value/],
    [
      "profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {resources: [{name: cpu, weight: 101}]}}}]}]",
      /resources\[0\]\.weight: Invalid value: 101: resource weight of cpu not in valid range \(0, 100\]/,
    ],
    [
      "profiles: [{pluginConfig: [{name: NodeResourcesBalancedAllocation, args: {resources: [{name: cpu, weight: 2}]}}]}]",
      /resources\[0\]\.weight: Invalid value: 2: must be 1/,
    ],
    [
      "profiles: [{pluginConfig: [{name: NodeResourcesBalancedAllocation, args: {resources: [{name: a}, {name: a}]}}]}]",
      /resources\[1\]\.name: Duplicate value: "a"/,
    ],
    [
      "profiles: [{pluginConfig: [{name: VolumeBinding, args: {bindTimeoutSeconds: -1}}]}]",
      /bindTimeoutSeconds: Invalid value: -1: invalid BindTimeoutSeconds, should not be a negative value/,
    ],
    ["percentageOfNodesToScore: 101", /percentageOfNodesToScore: Invalid value: 101/],
    ["podInitialBackoffSeconds: 0", /podInitialBackoffSeconds/],
    ["leaderElection: {leaseDuration: 5s}", /leaseDuration: must be greater/],
    ["extenders: [{urlPrefix: nothing}]", /extenders\[0\]\.urlPrefix: Required value/],
    [
      "extenders: [{urlPrefix: 'http://x', prioritizeVerb: p}]",
      /extenders\[0\]\.weight: Invalid value: 0: must have a positive weight applied to it/,
    ],
    ["extenders: [{urlPrefix: 'http://x', preemptVerb: p}]", /extenders\[0\]\.preemptVerb: Forbidden/],
    [
      "extenders: [{urlPrefix: 'http://x', bindVerb: b}, {urlPrefix: 'http://y', bindVerb: b}]",
      /extenders: Invalid value: "found 2 extenders implementing bind": only one extender can implement bind/,
    ],
    [
      "extenders: [{urlPrefix: 'http://x', managedResources: [{name: a/b}, {name: a/b}]}]",
      /extenders\[0\]\.managedResources: Invalid value: "a\/b": duplicate extender managed resource name/,
    ],
  ];
  for (const [yaml, expected] of bad) {
    it(`refuses ${yaml}`, () => {
      assert.throws(() => load(yaml), expected);
    });
  }

  it("says which arguments have no effect", () => {
    const { withoutEffect } = load(
      "profiles: [{pluginConfig: [{name: VolumeBinding, args: {bindTimeoutSeconds: 600}}]}]",
    );
    assert.deepEqual(withoutEffect, ["profiles[0].pluginConfig of VolumeBinding"]);
  });

  it("reads extenders, and leaves to them what they count", () => {
    const { extenders, profiles } = load(`
extenders:
- urlPrefix: https://x/scheduler
  filterVerb: filter
  prioritizeVerb: prioritize
  weight: 5
  httpTimeout: 200ms
  ignorable: true
  managedResources: [{name: example.com/gpu, ignoredByScheduler: true}, {name: example.com/fpga}]
`);
    const [extender] = extenders;
    assert.deepEqual(
      [extender?.filterVerb, extender?.bindVerb, extender?.weight, extender?.timeoutMs, extender?.ignorable],
      ["filter", "", 5, 200, true],
    );
    assert.deepEqual([...(extender?.managedResources ?? [])], ["example.com/gpu", "example.com/fpga"]);
    assert.deepEqual(profiles[0]?.args.nodeResourcesFit.ignoredResources, ["example.com/gpu"]);
    assert.equal(load("extenders: [{urlPrefix: 'http://x'}]").extenders[0]?.timeoutMs, 5_000);
  });

  it("lists plugins where they take part", () => {
    const methods = { bind: "bind", queueSort: "less" } as Readonly<Record<string, string>>;
    const { plugins } = new TestCluster([]).framework;
    for (const point of extensionPoints) {
      const enabled = [plugins[point]].flat().map((each) => ("plugin" in each ? each.plugin : each));
      const expected = Object.keys(pluginPoints).filter((name) => pluginPoints[name]?.includes(point));
      assert.deepEqual(enabled.map(({ name }) => name).toSorted(), expected.toSorted(), point);
      for (const plugin of enabled) assert.ok((methods[point] ?? point) in plugin, `${plugin.name} lacks ${point}`);
    }
  });
});
