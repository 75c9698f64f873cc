import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseVersion, upgradeProblems, upgradeWarnings } from "./upgrade-rules.ts";
import type { UpgradeView } from "./upgrade-rules.ts";

const server = (machine: string, version: string | undefined) => ({ machine, version });

function view(change: Partial<UpgradeView> = {}): UpgradeView {
  return {
    machine: "cp-1",
    target: "1.37.0",
    clusterVersion: "1.36.2",
    isServer: true,
    hasEtcd: true,
    servers: [server("cp-1", "v1.36.2"), server("cp-2", "v1.37.0"), server("cp-3", undefined)],
    otherMembers: [
      { machine: "cp-2", healthy: true },
      { machine: "cp-3", healthy: true },
    ],
    ...change,
  };
}

describe("an upgrade", () => {
  test("goes on when another API server and all other members of etcd are up", () => {
    assert.deepEqual(upgradeProblems(view()), []);
    assert.deepEqual(upgradeProblems(view({ target: "1.36.2" })), []);
  });

  const refused: readonly (readonly [string, Partial<UpgradeView>, RegExp])[] = [
    ["backwards", { target: "1.36.1" }, /older than the cluster's 1\.36\.2/],
    ["over a minor version", { target: "1.38.0" }, /more than one minor version: upgrade to 1\.37 first/],
    ["to another major version", { target: "2.0.0", servers: [server("cp-1", "v1.36.2")] }, /more than one minor version/],
    ["beside an API server that is too old", { servers: [server("cp-2", "v1.35.9")] }, /cp-2 is of v1\.35\.9/],
    ["of the last API server that answers", { servers: [server("cp-1", "v1.36.2"), server("cp-2", undefined)] }, /no other API server answers \(cp-2\)/],
    ["while a member of etcd is sick", { otherMembers: [{ machine: "cp-3", healthy: false }] }, /not healthy on cp-3/],
    ["of a worker before the control plane", { machine: "w-1", isServer: false, hasEtcd: false }, /API server of cp-1 is of v1\.36\.2: upgrade the control plane before/],
    ["of a worker without any API server", { machine: "w-1", isServer: false, hasEtcd: false, servers: [server("cp-1", undefined)] }, /^no API server answers$/],
    ["of what is no version", { target: "newest" }, /cannot compare/],
  ]; // prettier-ignore
  for (const [what, change, reason] of refused) {
    test(`is refused ${what}`, () => {
      const problems = upgradeProblems(view(change));
      assert.equal(problems.length, 1, problems.join("; "));
      assert.match(problems[0] ?? "", reason);
    });
  }

  test("of the only API server is warned of", () => {
    const alone = view({ servers: [server("cp-1", "v1.36.2")], otherMembers: [] });
    assert.deepEqual(upgradeProblems(alone), []);
    assert.match(upgradeWarnings(alone)[0] ?? "", /the only API server/);
    assert.deepEqual(upgradeWarnings(view()), []);
  });
});

test("versions are read with and without a v", () => {
  assert.deepEqual(parseVersion("v1.36.0"), { major: 1, minor: 36, patch: 0 });
  assert.deepEqual(parseVersion("1.36.10-rc.1+x"), { major: 1, minor: 36, patch: 10 });
  for (const text of ["1.36", "x1.36.0", "1.36.0.1", ""]) assert.equal(parseVersion(text), undefined, text);
});
