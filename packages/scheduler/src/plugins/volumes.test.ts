import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type {
  PersistentVolume,
  PersistentVolumeAccessMode,
  PersistentVolumeClaim,
  Pod,
  Volume,
} from "@kube-ts/api/core/v1";
import { podInfoOf } from "@kube-ts/api/placement/pod-info";
import { persistentVolumeClaims, persistentVolumes } from "@kube-ts/api/resource-types";
import { StaticInformers } from "@kube-ts/client/testing/static-informer";
import { TestCluster } from "../testing/cluster.ts";
import { testNode, testPod } from "../testing/objects.ts";
import { VolumeRestrictions } from "./volume-restrictions.ts";

const none = (count: number, reason: string) => `0/${count} nodes are available: ${reason}.`;
const using = (name: string, claimName: string, shape: Parameters<typeof testPod>[1] = {}): Pod =>
  testPod(name, { ...shape, volumes: [{ name: "v", persistentVolumeClaim: { claimName } }] });

function claim(name: string, accessMode: PersistentVolumeAccessMode = "ReadWriteOnce"): PersistentVolumeClaim {
  return {
    metadata: { name, namespace: "default", uid: `uid-${name}` },
    spec: { accessModes: [accessMode], volumeName: `pv-${name}` },
    status: { phase: "Bound" },
  };
}

function volume(name: string, labels: Record<string, string> = {}): PersistentVolume {
  return { metadata: { name: `pv-${name}`, uid: `uid-pv-${name}`, labels }, spec: {} };
}

/** A cluster whose claims are bound. */
function withClaims(
  nodes: ConstructorParameters<typeof TestCluster>[0],
  ...bound: readonly (readonly [PersistentVolumeClaim, PersistentVolume])[]
): TestCluster {
  const cluster = new TestCluster(nodes);
  cluster.informers.informer(persistentVolumeClaims).set(...bound.map(([each]) => each));
  cluster.informers.informer(persistentVolumes).set(...bound.map(([, each]) => each));
  return cluster;
}

describe("claims that one pod only may use", () => {
  const once = [claim("data", "ReadWriteOncePod"), volume("data")] as const;
  const taken = "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode";
  const nodes = [testNode("a"), testNode("b")];

  it("keep a second pod waiting, on whatever node", () => {
    const cluster = withClaims(nodes, once).run("a", using("first", "data"));
    assert.equal(cluster.choose(using("second", "data")), none(2, `2 ${taken}`));
    cluster.cache.removePod("uid-first");
    assert.notEqual(cluster.place(using("second", "data")), "");
    assert.equal(cluster.choose(using("third", "data")), none(2, `2 ${taken}`), "an assumed pod counts");
  });

  it("are not those of the same name elsewhere, nor of other access modes", () => {
    const cluster = withClaims([testNode("a")], once, [claim("shared"), volume("shared")]).run(
      "a",
      using("far", "data", { namespace: "other" }),
      using("near", "shared"),
    );
    assert.equal(cluster.choose(using("p", "data")), "a");
    assert.equal(cluster.choose(using("q", "shared")), "a");
  });

  it("are taken from less important pods", () => {
    const cluster = withClaims(nodes, once).run("b", using("low", "data", { priority: 1 }));
    assert.equal(cluster.preempt(using("high", "data", { priority: 100 })), "b");
    const equal = using("equal", "data", { priority: 1 });
    assert.match(cluster.preempt(equal), /2 No preemption victims found for incoming pod/);
  });

  it("are worth another try when their pod goes, or they change", () => {
    const [deleted, , changed] = new VolumeRestrictions(new StaticInformers()).eventsToRegister();
    const waiting = podInfoOf(using("waiting", "data"));
    const hint = (old: Pod) =>
      deleted?.hint?.(waiting, { resource: "AssignedPod", actions: ["Delete"], old, current: undefined });
    assert.equal(hint(using("first", "data")), "Queue");
    assert.equal(hint(using("first", "other")), "Skip");
    assert.equal(hint(using("first", "data", { namespace: "other" })), "Skip");
    const update = (current: PersistentVolumeClaim) =>
      changed?.hint?.(waiting, { resource: "PersistentVolumeClaim", actions: ["Update"], old: undefined, current });
    assert.equal(update(claim("data")), "Queue");
    assert.equal(update(claim("other")), "Skip");
  });
});

describe("disks that a node has once", () => {
  const disk = (name: string, source: Omit<Volume, "name">) => testPod(name, { volumes: [{ name: "v", ...source }] });
  const rbd = (monitors: string[], image: string, readOnly = false) => ({ rbd: { monitors, image, readOnly } });
  const cases: readonly (readonly [
    what: string,
    one: Omit<Volume, "name">,
    other: Omit<Volume, "name">,
    fits: boolean,
  ])[] = [
    ["a disk for writing", { gcePersistentDisk: { pdName: "d" } }, { gcePersistentDisk: { pdName: "d" } }, false],
    [
      "a disk for reading",
      { gcePersistentDisk: { pdName: "d", readOnly: true } },
      { gcePersistentDisk: { pdName: "d", readOnly: true } },
      true,
    ],
    [
      "an EBS volume even for reading",
      { awsElasticBlockStore: { volumeID: "d", readOnly: true } },
      { awsElasticBlockStore: { volumeID: "d", readOnly: true } },
      false,
    ],
    [
      "two iSCSI targets",
      { iscsi: { targetPortal: "t", iqn: "a", lun: 0 } },
      { iscsi: { targetPortal: "t", iqn: "b", lun: 0 } },
      true,
    ],
    ["an image by one of its monitors", rbd(["x", "y"], "i"), rbd(["y", "z"], "i"), false],
    ["images of different clusters", rbd(["x"], "i"), rbd(["z"], "i"), true],
  ];
  for (const [what, one, other, fits] of cases) {
    it(what, () => {
      const cluster = new TestCluster([testNode("a")]).run("a", disk("r", one));
      assert.equal(cluster.choose(disk("p", other)), fits ? "a" : none(1, "1 node(s) had no available disk"));
    });
  }
});

describe("volumes of a zone", () => {
  const zone = "topology.kubernetes.io/zone";
  const nodes = [testNode("a", { labels: { [zone]: "za" } }), testNode("b", { labels: { [zone]: "zb" } })];
  const place = (labels: Record<string, string>, ...among: typeof nodes) =>
    withClaims(among, [claim("data"), volume("data", labels)]).choose(using("p", "data"));

  it("are reached there only", () => {
    assert.equal(place({ [zone]: "zb" }, ...nodes), "b");
    assert.equal(place({ [zone]: "zc" }, ...nodes), none(2, "2 node(s) had no available volume zone"));
    assert.equal(place({ [zone]: "zb", "topology.kubernetes.io/region": "r" }, ...nodes).slice(0, 3), "0/2");
  });

  it("may be in several, and be labelled as of old", () => {
    assert.equal(place({ "failure-domain.beta.kubernetes.io/zone": "zc__zb" }, ...nodes), "b");
  });

  it("are anywhere for nodes without zones", () => assert.equal(place({ [zone]: "zc" }, testNode("n")), "n"));
});
