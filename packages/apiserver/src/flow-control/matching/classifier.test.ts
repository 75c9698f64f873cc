import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PolicyRulesWithSubjects, Subject } from "@kube-ts/api/flowcontrol/v1";
import { anonymousUser } from "../../auth/user.ts";
import type { UserInfo } from "../../auth/user.ts";
import { parseRequestInfo } from "../../endpoints/request-info.ts";
import { mandatoryFlowSchemas, suggestedFlowSchemas } from "../../registry/flowcontrol/default-objects.ts";
import { readFlowConfig } from "../flow-config.ts";
import { mandatoryPriorityLevels, suggestedPriorityLevels } from "../../registry/flowcontrol/default-objects.ts";
import { Classifier } from "./classifier.ts";

const user = (name: string, ...groups: string[]): UserInfo => ({
  name,
  uid: "",
  groups: [...groups, "system:authenticated"],
  extra: {},
});
const account = (namespace: string, name: string) =>
  user(`system:serviceaccount:${namespace}:${name}`, "system:serviceaccounts", `system:serviceaccounts:${namespace}`);
const leases = "/apis/coordination.k8s.io/v1/namespaces";

describe("the default schemas", () => {
  const { schemas } = readFlowConfig(
    [...mandatoryPriorityLevels, ...suggestedPriorityLevels],
    [...suggestedFlowSchemas, ...mandatoryFlowSchemas],
  );
  const classifier = new Classifier(
    schemas.map(({ rules, name }) => ({ rules, target: name })),
    "fallback",
  );
  const cases: [who: UserInfo, method: string, url: string, schema: string][] = [
    [user("admin", "system:masters"), "DELETE", "/api/v1/namespaces/default/pods/a", "exempt"],
    [user("admin", "system:masters"), "GET", "/metrics", "exempt"],
    [anonymousUser, "GET", "/healthz", "probes"],
    [anonymousUser, "GET", "/livez/etcd", "probes"],
    [anonymousUser, "GET", "/version", "global-default"],
    [user("alice"), "GET", "/readyz", "probes"],
    [user("alice"), "POST", "/readyz", "global-default"],
    [user("alice"), "GET", "/api/v1/pods", "global-default"],
    [user("system:node:n1", "system:nodes"), "PUT", `${leases}/kube-node-lease/leases/n1`, "system-node-high"],
    [user("system:node:n1", "system:nodes"), "PATCH", "/api/v1/nodes/n1/status", "system-node-high"],
    [user("system:node:n1", "system:nodes"), "GET", "/api/v1/nodes/n1", "system-node-high"],
    [user("system:node:n1", "system:nodes"), "GET", "/api/v1/pods?watch=1", "system-nodes"],
    [user("system:kube-scheduler"), "PUT", `${leases}/kube-system/leases/kube-scheduler`, "system-leader-election"],
    [user("system:kube-scheduler"), "PATCH", `${leases}/kube-system/leases/kube-scheduler`, "kube-scheduler"],
    [user("system:kube-scheduler"), "POST", "/api/v1/namespaces/default/pods/a/binding", "kube-scheduler"],
    [user("system:kube-controller-manager"), "GET", "/apis", "kube-controller-manager"],
    [user("system:kube-controller-manager"), "PUT", "/api/v1/namespaces/default/endpoints/a", "endpoint-controller"],
    [account("kube-system", "anyone"), "PUT", `${leases}/kube-system/leases/a`, "system-leader-election"],
    [account("kube-system", "anyone"), "GET", "/api/v1/pods", "kube-system-service-accounts"],
    [account("kube-system", "endpoint-controller"), "POST", "/api/v1/namespaces/a/endpoints", "endpoint-controller"],
    [account("default", "builder"), "GET", "/api/v1/pods", "service-accounts"],
    [user("odd"), "GET", "/", "global-default"],
    [{ name: "nobody", uid: "", groups: [], extra: {} }, "GET", "/api/v1/pods", "fallback"],
  ];
  for (const [who, method, url, schema] of cases) {
    test(`${who.name} ${method} ${url}`, () => {
      assert.equal(classifier.classify(who, parseRequestInfo(method, url)), schema);
      // What is remembered is the same.
      assert.equal(classifier.classify(who, parseRequestInfo(method, url)), schema);
    });
  }
});

describe("a rule", () => {
  const alice = user("alice", "team");
  const subjects: Subject[] = [{ kind: "User", user: { name: "alice" } }];
  const pods = { verbs: ["get"], apiGroups: [""], resources: ["pods"], namespaces: ["one", "two"] };
  function answer(rule: Partial<PolicyRulesWithSubjects>, url: string, who = alice, method = "GET"): boolean {
    const classifier = new Classifier([{ rules: [{ subjects, ...rule }], target: true }], false);
    return classifier.classify(who, parseRequestInfo(method, url));
  }
  const matches: [what: string, rule: Partial<PolicyRulesWithSubjects>, url: string, expected: boolean][] = [
    ["names namespaces", { resourceRules: [pods] }, "/api/v1/namespaces/two/pods/a", true],
    ["leaves others out", { resourceRules: [pods] }, "/api/v1/namespaces/three/pods/a", false],
    ["has no subresources unless it names them", { resourceRules: [pods] }, "/api/v1/namespaces/one/pods/a/log", false],
    [
      "names subresources",
      { resourceRules: [{ ...pods, resources: ["pods/log"] }] },
      "/api/v1/namespaces/one/pods/a/log",
      true,
    ],
    [
      "is not for the cluster unless it says so",
      { resourceRules: [{ ...pods, namespaces: ["*"], verbs: ["*"] }] },
      "/api/v1/pods",
      false,
    ],
    [
      "is for the cluster if it says so",
      { resourceRules: [{ ...pods, clusterScope: true, verbs: ["*"] }] },
      "/api/v1/pods",
      true,
    ],
    ["names groups", { resourceRules: [{ ...pods, apiGroups: ["apps"] }] }, "/api/v1/namespaces/one/pods/a", false],
    [
      "is for paths below",
      { nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/debug/*"] }] },
      "/debug/a/b",
      true,
    ],
    [
      "is for the path alone, too",
      { nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/debug"] }] },
      "/debug",
      true,
    ],
    [
      "is not for other paths",
      { nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["/debug"] }] },
      "/debugger",
      false,
    ],
    ["for resources is not for paths", { resourceRules: [pods] }, "/healthz", false],
    [
      "of a group",
      { subjects: [{ kind: "Group", group: { name: "team" } }], resourceRules: [pods] },
      "/api/v1/namespaces/one/pods/a",
      true,
    ],
    [
      "of everybody",
      { subjects: [{ kind: "User", user: { name: "*" } }], resourceRules: [pods] },
      "/api/v1/namespaces/one/pods/a",
      true,
    ],
    [
      "of a service account is not for a user",
      { subjects: [{ kind: "ServiceAccount", serviceAccount: { namespace: "a", name: "*" } }], resourceRules: [pods] },
      "/api/v1/namespaces/one/pods/a",
      false,
    ],
  ];
  for (const [what, rule, url, expected] of matches) {
    test(what, () => assert.equal(answer(rule, url), expected));
  }

  test("answers for one namespace are not those for another", () => {
    const classifier = new Classifier([{ rules: [{ subjects, resourceRules: [pods] }], target: "named" }], "other");
    const ask = (namespace: string) =>
      classifier.classify(alice, parseRequestInfo("GET", `/api/v1/namespaces/${namespace}/pods/a`));
    for (let round = 0; round < 2; round += 1) {
      assert.deepEqual([ask("one"), ask("three"), ask("two"), ask("four")], ["named", "other", "named", "other"]);
    }
  });

  test("names that clients make up are remembered within a bound, and answered rightly beyond it", () => {
    const classifier = new Classifier([{ rules: [{ subjects, resourceRules: [pods] }], target: "named" }], "other");
    for (let index = 0; index < 50_000; index += 1) {
      assert.equal(classifier.classify(alice, parseRequestInfo("GET", `/api/v1/namespaces/one/r${index}/a`)), "other");
    }
    assert.equal(classifier.classify(alice, parseRequestInfo("GET", "/api/v1/namespaces/one/pods/a")), "named");
  });
});
