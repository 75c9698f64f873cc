import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type EtcdMember, parseMemberList } from "./member-list.ts";
import { type MemberWish, initialCluster, mayRemove, nextMemberStep } from "./member-plan.ts";

const member = (name: string, change: Partial<EtcdMember> = {}): EtcdMember => ({
  id: `id-${name}`,
  name,
  peerUrls: [`https://${name}:2380`],
  clientUrls: [`https://${name}:2379`],
  isLearner: false,
  ...change,
});
const wish = (hasData: boolean): MemberWish => ({ name: "b", peerUrl: "https://b:2380", hasData });
const a = member("a");

describe("a machine's next step into etcd", () => {
  const learner = member("b", { isLearner: true });
  const added = member("", { id: "id-b", peerUrls: ["https://b:2380"], clientUrls: [], isLearner: true });
  const cases: [string, readonly EtcdMember[], boolean, string][] = [
    ["it is new", [a], false, "add"],
    ["it has been added and has not run", [a, added], false, "start"],
    ["it has run and its name is not known yet", [a, added], true, "start"],
    ["it learns", [a, learner], true, "promote"],
    ["it learned, and its data are gone", [a, learner], false, "replace"],
    ["it is a member", [a, member("b")], true, "nothing"],
    ["it was a member, and its data are gone", [a, member("b")], false, "replace"],
  ];
  for (const [name, members, hasData, expected] of cases) {
    test(name, () => assert.equal(nextMemberStep(members, wish(hasData)).kind, expected));
  }

  test("it has data of a member that was removed", () => {
    assert.throws(() => nextMemberStep([a], wish(true)), /etcd has no member b: reset it first/);
  });

  test("somebody else has its name or its address", () => {
    const elsewhere = member("b", { peerUrls: ["https://c:2380"] });
    assert.throws(() => nextMemberStep([a, elsewhere], wish(false)), /has a member b already, at https:\/\/c:2380/);
    const other = member("c", { peerUrls: ["https://b:2380"] });
    assert.throws(() => nextMemberStep([a, other], wish(false)), /has a member c at https:\/\/b:2380 already/);
  });
});

test("a new member is told of all others that have run, and of itself", () => {
  const added = member("", { peerUrls: ["https://b:2380"] });
  assert.equal(
    initialCluster([member("c"), added, a], wish(false)),
    "a=https://a:2380,b=https://b:2380,c=https://c:2380",
  );
});

test("the last member with a vote stays", () => {
  assert.equal(mayRemove([a], a), false);
  const learner = member("b", { isLearner: true });
  assert.equal(mayRemove([a, learner], a), false);
  assert.equal(mayRemove([a, learner], learner), true);
  assert.equal(mayRemove([a, member("b")], a), true);
});

test("ids of members are read exactly", () => {
  const text =
    '{"header":{"cluster_id":1,"member_id":2,"raft_term":3},"members":[{"ID":10276657743932975437,"name":"a","peerURLs":["https://a:2380"],"clientURLs":["https://a:2379"]},{"ID":9372538179322589801,"peerURLs":["https://b:2380"],"isLearner":true}]}';
  assert.deepEqual(parseMemberList(text), [
    {
      id: "8e9e05c52164694d",
      name: "a",
      peerUrls: ["https://a:2380"],
      clientUrls: ["https://a:2379"],
      isLearner: false,
    },
    { id: "8211f1d0f64f3269", name: "", peerUrls: ["https://b:2380"], clientUrls: [], isLearner: true },
  ]);
  assert.throws(() => parseMemberList("{}"), /listed no members/);
  assert.throws(() => parseMemberList("no"), /no JSON/);
});
