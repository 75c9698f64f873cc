import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MatchResources, NamedRuleWithOperations } from "@kube-ts/api/admissionregistration/v1";
import { deployments, namespaces, pods } from "@kube-ts/api/resource-types";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { PlainForms } from "../testing/plain-forms.ts";
import { writeOf } from "../testing/attributes.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { HookIndex, isExempt } from "./hook-index.ts";
import { policyCriteria, webhookCriteria } from "./match-criteria.ts";

const rule = (changes: Partial<NamedRuleWithOperations> = {}): NamedRuleWithOperations => ({
  operations: ["CREATE"],
  apiGroups: [""],
  apiVersions: ["v1"],
  resources: ["pods"],
  ...changes,
});

/** The version and resource in which a hook with these criteria sees the write; empty when it is not asked. */
function seen(match: MatchResources, write: AdmissionAttributes, forms = new PlainForms()): string {
  const index = new HookIndex(forms);
  index.replace([{ criteria: policyCriteria(match) }]);
  const [candidate] = index.candidates(write);
  assert.deepEqual(index.candidates(write)[0]?.form.resource, candidate?.form.resource, "the same again");
  const { group, version, resource } = candidate?.form.resource ?? { group: "", version: "", resource: "" };
  return [group, version, resource].filter(Boolean).join("/");
}

describe("rules", () => {
  const pod = { metadata: { name: "p", namespace: "ns" }, spec: { containers: [] } };
  const cases: readonly [string, Partial<NamedRuleWithOperations>, Partial<AdmissionAttributes>, boolean][] = [
    ["the resource", {}, {}, true],
    ["another operation", { operations: ["UPDATE"] }, {}, false],
    ["any operation", { operations: ["*"] }, { operation: "DELETE" }, true],
    ["another group", { apiGroups: ["apps"] }, {}, false],
    ["any group", { apiGroups: ["*"] }, {}, true],
    ["another version", { apiVersions: ["v2"] }, {}, false],
    ["no subresource", {}, { subresource: "status" }, false],
    ["its subresource", { resources: ["pods/status"] }, { subresource: "status" }, true],
    ["a subresource, not the resource", { resources: ["pods/status"] }, {}, false],
    ["all of the resource", { resources: ["pods/*"] }, {}, true],
    ["all subresources of the resource", { resources: ["pods/*"] }, { subresource: "exec" }, true],
    ["every resource without its subresources", { resources: ["*"] }, { subresource: "exec" }, false],
    ["one subresource of every resource", { resources: ["*/exec"] }, { subresource: "exec" }, true],
    ["everything", { resources: ["*/*"] }, { subresource: "exec" }, true],
    ["its scope", { scope: "Namespaced" }, {}, true],
    ["another scope", { scope: "Cluster" }, {}, false],
    ["its name", { resourceNames: ["q", "p"] }, {}, true],
    ["other names", { resourceNames: ["q"] }, {}, false],
  ];
  for (const [what, changes, write, matches] of cases) {
    it(`match ${what}: ${matches}`, () => {
      const found = seen({ resourceRules: [rule(changes)] }, writeOf(pods, pod, write));
      assert.equal(found, matches ? "v1/pods" : "");
    });
  }

  it("take a namespace for something of the cluster", () => {
    const write = writeOf(namespaces, { metadata: { name: "ns" }, spec: {} });
    const rules = (scope: "Cluster" | "Namespaced") => ({
      resourceRules: [rule({ resources: ["namespaces"], scope })],
    });
    assert.deepEqual([seen(rules("Cluster"), write), seen(rules("Namespaced"), write)], ["v1/namespaces", ""]);
  });

  it("that exclude win, by name too", () => {
    const write = writeOf(pods, pod);
    const resourceRules = [rule()];
    assert.equal(seen({ resourceRules, excludeResourceRules: [rule({ resources: ["*"] })] }, write), "");
    assert.equal(seen({ resourceRules, excludeResourceRules: [rule({ resourceNames: ["p"] })] }, write), "");
    assert.equal(seen({ resourceRules, excludeResourceRules: [rule({ resourceNames: ["q"] })] }, write), "v1/pods");
  });

  it("that are none mean everything for a policy and nothing for a webhook", () => {
    assert.equal(seen({}, writeOf(pods, pod)), "v1/pods");
    const index = new HookIndex(new PlainForms());
    index.replace([{ criteria: webhookCriteria({}) }]);
    assert.deepEqual(index.candidates(writeOf(pods, pod)), []);
  });
});

describe("the same resource in another version", () => {
  const old: ResourceType = { ...deployments, version: "v1beta1" };
  const older: ResourceType = { ...deployments, group: "extensions", version: "v1beta1" };
  const forms = new PlainForms();
  forms.others.set("deployments", [deployments, older]);
  const write = writeOf(old, { metadata: { name: "d", namespace: "ns" } });
  const apps = rule({ apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments"] });
  const extensions = { ...apps, apiGroups: ["extensions"], apiVersions: ["v1beta1"] };
  const beta = { ...apps, apiVersions: ["v1beta1"] };

  it("is matched as it is named, unless the match is to be exact", () => {
    assert.equal(seen({ resourceRules: [apps] }, write, forms), "apps/v1/deployments");
    assert.equal(seen({ resourceRules: [apps], matchPolicy: "Exact" }, write, forms), "");
  });

  it("is shown as requested if any rule names that, else as the first rule has it", () => {
    assert.equal(seen({ resourceRules: [extensions, apps, beta] }, write, forms), "apps/v1beta1/deployments");
    assert.equal(seen({ resourceRules: [extensions, apps] }, write, forms), "extensions/v1beta1/deployments");
  });
});

it("configurations of admission are exempt", () => {
  const type = (group: string, plural: string): ResourceType => ({ ...pods, group, plural });
  const group = "admissionregistration.k8s.io";
  assert.ok(isExempt({ type: type(group, "mutatingwebhookconfigurations") }));
  assert.ok(isExempt({ type: type(group, "validatingadmissionpolicybindings") }));
  assert.ok(!isExempt({ type: type("example.com", "mutatingwebhookconfigurations") }));
});
