import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import type { ClusterRole } from "@kube-ts/api/rbac/v1";
import { clusterRoleBindings, clusterRoles } from "@kube-ts/api/resource-types";
import type { ApiError } from "@kube-ts/api/status-error";
import type { AuthorizationAttributes } from "../authorizer.ts";
import { RbacAuthorizer } from "../rbac/rbac-authorizer.ts";
import { MemoryObjects } from "../testing/memory-objects.ts";
import type { UserInfo } from "../user.ts";
import { Impersonator } from "./impersonator.ts";

const signal = new AbortController().signal;
const requestor: UserInfo = { name: "boss", uid: "", groups: ["system:authenticated"], extra: {} };

const listPods = (user: UserInfo): AuthorizationAttributes => ({
  kind: "resource",
  user,
  verb: "list",
  group: "",
  version: "v1",
  resource: "pods",
  subresource: "",
  namespace: "default",
  name: "",
});

/** `verbs resources [names]`, of a group. */
function rule(group: string, text: string): NonNullable<ClusterRole["rules"]>[number] {
  const [verbs = "", resources = "", names] = text.split(" ");
  return {
    verbs: [verbs],
    apiGroups: [group],
    resources: [resources],
    ...(names !== undefined && { resourceNames: names.split(",") }),
  };
}

const identity = (text: string) => rule("authentication.k8s.io", text);
const core = (text: string) => rule("", text);

function set(rules: ClusterRole["rules"], subject = "boss") {
  const objects = new MemoryObjects();
  objects.put(clusterRoles, { metadata: { name: "r" }, ...(rules && { rules }) });
  objects.put(clusterRoleBindings, {
    metadata: { name: "b" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "r" },
    subjects: [{ kind: "User", name: subject }],
  });
  const authorizer = new RbacAuthorizer(objects);
  const impersonator = new Impersonator(authorizer);
  return async (headers: Record<string, string | string[]>, user = requestor) => {
    const distinct = Object.fromEntries(
      Object.entries(headers).map(([key, value]) => [key.toLowerCase(), [value].flat()]),
    );
    const request = { headers: distinct, headersDistinct: distinct } as unknown as IncomingMessage;
    try {
      const { user: acting, constraint } = await impersonator.actAs(request, listPods, user, signal);
      return [acting.name, acting.groups.join(), constraint ?? ""].filter((text) => text !== "").join(" ");
    } catch (error) {
      return (error as ApiError).message;
    }
  };
}

test("without headers everybody is who they are", async () => {
  assert.equal(await set([])({}), "boss system:authenticated");
  assert.equal(await set([])({ "Impersonate-User": "" }), "boss system:authenticated");
});

test("impersonation without a user is a bad request", async () => {
  assert.equal(
    await set([])({ "Impersonate-Group": ["a"], "Impersonate-Extra-Scopes": "s" }),
    'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"a"}, Extra:map[string][]string{"scopes":[]string{"s"}}} without impersonating a user name',
  );
});

test("who may impersonate may do so for everything", async () => {
  const act = set([core("impersonate users"), core("impersonate groups a,b"), core("impersonate serviceaccounts")]);
  assert.equal(await act({ "Impersonate-User": "alice" }), "alice system:authenticated");
  assert.equal(
    await act({ "Impersonate-User": "alice", "Impersonate-Group": ["a", "b"] }),
    "alice a,b,system:authenticated",
  );
  assert.equal(await act({ "Impersonate-User": "system:anonymous" }), "system:anonymous system:unauthenticated");
  assert.equal(
    await act({ "Impersonate-User": "system:serviceaccount:ns:sa" }),
    "system:serviceaccount:ns:sa system:serviceaccounts,system:serviceaccounts:ns,system:authenticated",
  );
  // The first mode that was tried tells what is missing.
  const missing =
    /^pods is forbidden: User "boss" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "default"$/;
  assert.match(await set([])({ "Impersonate-User": "alice" }), missing);
  // Whoever has succeeded so before is told about that.
  assert.equal(
    await act({ "Impersonate-User": "alice", "Impersonate-Group": "c" }),
    'groups "c" is forbidden: User "boss" cannot impersonate resource "groups" in API group "" at the cluster scope',
  );
  assert.equal(
    await act({ "Impersonate-User": "alice", "Impersonate-Uid": "1" }),
    'uids.authentication.k8s.io "1" is forbidden: User "boss" cannot impersonate resource "uids" in API group "authentication.k8s.io" at the cluster scope',
  );
});

test("each key and value of extra takes its own permission", async () => {
  const act = set([core("impersonate users"), identity("impersonate userextras/scopes view")]);
  assert.match(await act({ "Impersonate-User": "alice", "Impersonate-Extra-scopes": "view" }), /^alice /);
  for (const [key, value] of [
    ["scopes", "edit"],
    ["other", "view"],
    ["example.org%2fscopes", "view"],
  ]) {
    const answer = await act({ "Impersonate-User": "alice", [`Impersonate-Extra-${key}`]: value ?? "" });
    assert.match(answer, /cannot impersonate resource "userextras\//);
  }
});

test("a narrow permission takes both the identity and the action", async () => {
  const identityRule = identity("impersonate:user-info users alice");
  const actionRule = core("impersonate-on:user-info:list pods");
  assert.equal(
    await set([identityRule, actionRule])({ "Impersonate-User": "alice" }),
    "alice system:authenticated impersonate:user-info",
  );
  assert.match(
    await set([identityRule])({ "Impersonate-User": "alice" }),
    /cannot impersonate-on:user-info:list resource "pods"/,
  );
  assert.equal(
    await set([actionRule])({ "Impersonate-User": "alice" }),
    'users.authentication.k8s.io "alice" is forbidden: User "boss" cannot impersonate:user-info resource "users" in API group "authentication.k8s.io" at the cluster scope',
  );
  assert.match(
    await set([identityRule, actionRule])({ "Impersonate-User": "bob" }),
    /^users\.authentication\.k8s\.io "bob" is forbidden/,
  );
});

test("nobody becomes a master in a narrow way, nor a node or account by the wrong one", async () => {
  const act = set([identity("impersonate:user-info *"), core("impersonate-on:user-info:list pods")]);
  assert.match(
    await act({ "Impersonate-User": "alice", "Impersonate-Group": "system:masters" }),
    /impersonating the system:masters group is not allowed$/,
  );
  assert.match(
    await act({ "Impersonate-User": "alice", "Impersonate-Group": "" }),
    /empty string group is not allowed$/,
  );
  assert.match(
    await act({ "Impersonate-User": "alice", "Impersonate-Extra-plain": "x" }),
    /an invalid key in extra is not allowed/,
  );
  assert.match(await act({ "Impersonate-User": "system:node:n1" }), /cannot impersonate-on:arbitrary-node:list/);
  assert.match(
    await act({ "Impersonate-User": "system:serviceaccount:a:b" }),
    /cannot impersonate-on:serviceaccount:list/,
  );
});

test("many groups may be allowed at once", async () => {
  const groups = ["a", "b", "c", "d"];
  const act = set([
    identity("impersonate:user-info users"),
    identity("impersonate:user-info groups *"),
    core("impersonate-on:user-info:list pods"),
  ]);
  assert.match(await act({ "Impersonate-User": "alice", "Impersonate-Group": groups }), /^alice a,b,c,d/);
  assert.match(await act({ "Impersonate-User": "alice", "Impersonate-Group": ["a"] }), /groups.* "a" is forbidden/);
});

const agent: UserInfo = {
  name: "system:serviceaccount:kube-system:agent",
  uid: "1",
  groups: [],
  extra: { "authentication.kubernetes.io/node-name": ["n1"] },
};

test("an agent may be its own node, and no other", async () => {
  const rules = [identity("impersonate:associated-node nodes *"), core("impersonate-on:associated-node:list pods")];
  const act = set(rules, agent.name);
  assert.equal(
    await act({ "Impersonate-User": "system:node:n1" }, agent),
    "system:node:n1 system:nodes,system:authenticated impersonate:associated-node",
  );
  assert.match(await act({ "Impersonate-User": "system:node:n2" }, agent), /cannot impersonate-on:arbitrary-node:list/);
  assert.match(await act({ "Impersonate-User": "system:node:n1" }, { ...agent, extra: {} }), /is forbidden/);
  assert.match(await act({ "Impersonate-User": "system:node:n1", "Impersonate-Group": "x" }, agent), /is forbidden/);
});

test("a service account and any node, in their own modes", async () => {
  const act = set([
    identity("impersonate:serviceaccount serviceaccounts sa"),
    core("impersonate-on:serviceaccount:list pods"),
    identity("impersonate:arbitrary-node nodes n2"),
    core("impersonate-on:arbitrary-node:list pods"),
  ]);
  assert.match(
    await act({ "Impersonate-User": "system:serviceaccount:ns:sa" }),
    /^system:serviceaccount:ns:sa system:serviceaccounts,system:serviceaccounts:ns,system:authenticated impersonate:serviceaccount$/,
  );
  assert.match(await act({ "Impersonate-User": "system:node:n2" }), /impersonate:arbitrary-node$/);
  assert.match(await act({ "Impersonate-User": "system:node:n3" }), /nodes\.authentication\.k8s\.io "n3" is forbidden/);
});
