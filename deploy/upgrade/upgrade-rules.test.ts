import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseVersion, upgradeProblems, upgradeWarnings } from "./upgrade-rules.ts";
import type { UpgradeView } from "./upgrade-rules.ts";

const server = (machine: string, version: string | undefined) => ({
  machine,
  version,
  isReady: version !== undefined,
});

function view(change: Partial<UpgradeView> = {}): UpgradeView {
  return {
    machine: "cp-1",
    target: "1.37.0",
    clusterVersion: "1.36.2",
    isServer: true,
    servers: [server("cp-1", "v1.36.2"), server("cp-2", "v1.37.0"), server("cp-3", undefined)],
    members: ["cp-1", "cp-2", "cp-3"].map((machine) => ({ machine, isHealthy: machine !== "cp-1" })),
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
    ["of the last API server that answers", { servers: [server("cp-1", "v1.36.2"), server("cp-2", undefined)] }, /no other API server is ready \(cp-2\)/],
    ["while a member of etcd is sick", { members: [{ machine: "cp-3", isHealthy: false }] }, /not healthy on cp-3/],
    ["of a worker before the control plane", { machine: "w-1", isServer: false, members: [] }, /API server of cp-1 is of v1\.36\.2: upgrade the control plane before/],
    ["of a worker without any API server", { machine: "w-1", isServer: false, members: [], servers: [server("cp-1", undefined)] }, /^no API server is ready$/],
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
    const alone = view({ servers: [server("cp-1", "v1.36.2")], members: [] });
    assert.deepEqual(upgradeProblems(alone), []);
    assert.match(upgradeWarnings(alone)[0] ?? "", /the only API server/);
    assert.deepEqual(upgradeWarnings(view({ servers: [server("cp-1", undefined), server("cp-2", "v1.37.0")] })), []);
  });

  test("beside an API server that is not ready is warned of", () => {
    assert.deepEqual(upgradeWarnings(view()), [
      "the API server of cp-3 is not ready: fewer than usual are left meanwhile",
    ]);
  });

  test("of a machine with etcd alone asks for etcd alone", () => {
    const alone = view({ machine: "db-1", isServer: false, servers: [] });
    assert.deepEqual(upgradeProblems({ ...alone, members: [{ machine: "cp-2", isHealthy: true }] }), []);
    assert.match(upgradeProblems({ ...alone, members: [{ machine: "cp-2", isHealthy: false }] })[0] ?? "", /on cp-2/);
  });
});

test("versions are read with and without a v", () => {
  assert.deepEqual(parseVersion("v1.36.0"), { major: 1, minor: 36, patch: 0 });
  assert.deepEqual(parseVersion("1.36.10-rc.1+x"), { major: 1, minor: 36, patch: 10 });
  for (const text of ["1.36", "x1.36.0", "1.36.0.1", ""]) assert.equal(parseVersion(text), undefined, text);
});
