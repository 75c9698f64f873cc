import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ControllerRevision } from "@kube-ts/api/apps/v1";
import { byRevision, newRevision, planRevision, planTruncation, revisionHash } from "./controller-revision.ts";

const dataOf = (image: string) => ({ spec: { template: { spec: { containers: [{ image }] } } } });

function revisionOf(image: string, revision: number, creationTimestamp?: string): ControllerRevision {
  const name = `web-${image}`;
  return { metadata: { name, ...(creationTimestamp && { creationTimestamp }) }, data: dataOf(image), revision };
}

describe("the newest revision", () => {
  const history = [revisionOf("a", 1), revisionOf("b", 4), revisionOf("c", 5)];
  const cases: readonly (readonly [string, readonly ControllerRevision[], string, string])[] = [
    ["is the first", [], "a", "create 1"],
    ["is a new one", history, "d", "create 6"],
    ["stays", history, "c", "keep web-c"],
    ["is an old one again", history, "a", "renumber web-a 6"],
  ];
  for (const [what, revisions, image, expected] of cases) {
    test(what, () => {
      const plan = planRevision(revisions, dataOf(image));
      const parts = [
        plan.kind,
        plan.kind === "create" ? undefined : plan.revision.metadata.name,
        plan.kind === "keep" ? undefined : plan.number,
      ];
      assert.equal(parts.filter((part) => part !== undefined).join(" "), expected);
    });
  }

  test("is the same whatever empty fields another release has written", () => {
    const other = { metadata: { name: "web-x" }, revision: 3, data: { spec: { template: { metadata: null, a: 1 } } } };
    assert.equal(planRevision([other], { spec: { template: { a: 1 } } }).kind, "keep");
  });
});

test("the oldest that nobody uses go", () => {
  const history = ["a", "b", "c", "d"].map((image, index) => revisionOf(image, index));
  const gone = (limit: number) =>
    planTruncation(history, new Set(["web-a", "web-d"]), limit).map(({ metadata }) => metadata.name);
  assert.deepEqual(gone(0), ["web-b", "web-c"]);
  assert.deepEqual(gone(1), ["web-b"]);
  assert.deepEqual(gone(2), []);
  assert.deepEqual(gone(-1), []);
});

test("revisions are in order by number, age and name", () => {
  const history = [
    revisionOf("z", 1),
    revisionOf("c", 2, "2026-01-01T00:00:02Z"),
    revisionOf("b", 2, "2026-01-01T00:00:02Z"),
    revisionOf("d", 2, "2026-01-01T00:00:01Z"),
  ];
  const names = history.toSorted(byRevision).map(({ metadata }) => metadata.name);
  assert.deepEqual(names, ["web-z", "web-d", "web-b", "web-c"]);
});

describe("a revision's name", () => {
  const container = {
    image: "test",
    imagePullPolicy: "Always",
    name: "test",
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  };
  const spec = {
    terminationGracePeriodSeconds: 30,
    securityContext: {},
    schedulerName: "default-scheduler",
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    containers: [container],
  };
  const template = (metadata: object) => ({ spec: { template: { $patch: "replace", spec, metadata } } });
  const metadata = { labels: { app: "foo" }, annotations: { test: "value" } };

  test("is the one that upstream's controllers give it", () => {
    assert.equal(revisionHash(template(metadata), 0), "776999688b");
    assert.equal(revisionHash(template({ ...metadata, creationTimestamp: null }), 0), "c77f6d978");
  });

  test("is another one after a collision, and never too long", () => {
    const reference = { apiVersion: "apps/v1", kind: "StatefulSet", name: "n".repeat(240), uid: "u" };
    const content = { data: template(metadata), labels: { app: "foo" }, annotations: { note: "x" } };
    const first = newRevision("ns", reference, content, 7, 0);
    const second = newRevision("ns", reference, content, 7, 1);
    assert.equal(first.metadata.name, `${"n".repeat(223)}-776999688b`);
    assert.notEqual(second.metadata.name, first.metadata.name);
    assert.deepEqual(first.metadata.labels, { app: "foo", "controller.kubernetes.io/hash": "776999688b" });
    assert.deepEqual([first.revision, first.metadata.annotations], [7, { note: "x" }]);
  });
});
