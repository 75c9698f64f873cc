import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parseRuntimeConfig } from "./runtime-config.ts";

const resources = {
  pods: { group: "", version: "v1", plural: "pods" },
  deployments: { group: "apps", version: "v1", plural: "deployments" },
  oldDeployments: { group: "extensions", version: "v1beta1", plural: "deployments" },
  oldIngresses: { group: "extensions", version: "v1beta1", plural: "ingresses" },
  betaJobs: { group: "batch", version: "v1beta1", plural: "cronjobs" },
  custom: { group: "example.com", version: "v1alpha1", plural: "widgets" },
};

function served(values: Record<string, string>): string[] {
  const config = parseRuntimeConfig(values);
  return Object.entries(resources)
    .filter(([, resource]) => config.isServed(resource))
    .map(([name]) => name);
}

const today = ["pods", "deployments", "custom"];

suite("--runtime-config", () => {
  const cases: [string, Record<string, string>, string[], boolean][] = [
    ["left out offers what upstream serves today", {}, today, false],
    ["api/legacy offers all versions that are gone", { "api/legacy": "true" }, Object.keys(resources), true],
    ["api/all offers everything", { "api/all": "true" }, Object.keys(resources), true],
    [
      "one version",
      { "extensions/v1beta1": "true" },
      ["pods", "deployments", "oldDeployments", "oldIngresses", "custom"],
      true,
    ],
    ["one resource", { "extensions/v1beta1/ingresses": "" }, ["pods", "deployments", "oldIngresses", "custom"], true],
    [
      "a resource less",
      { "api/legacy": "1", "extensions/v1beta1/ingresses": "false" },
      ["pods", "deployments", "oldDeployments", "betaJobs", "custom"],
      true,
    ],
    ["the narrower key wins", { "api/all": "false", v1: "true" }, ["pods"], false],
    ["a version that is there today can be turned off", { "apps/v1": "false" }, ["pods", "custom"], false],
    [
      "api/ga leaves betas alone",
      { "api/ga": "false", "api/v1": "true", "batch/v1beta1": "true" },
      ["pods", "betaJobs", "custom"],
      true,
    ],
    ["api/beta does not bring back what is gone", { "api/beta": "true" }, today, false],
  ];
  for (const [name, values, expected, hasLegacy] of cases) {
    test(name, () => {
      assert.deepEqual(served(values), expected);
      assert.equal(parseRuntimeConfig(values).hasLegacy, hasLegacy);
    });
  }

  const refusals: [Record<string, string>, string][] = [
    [{ "api/all": "false" }, "invalid key with only api/all=false"],
    [
      { "apps/v1": "maybe" },
      'invalid value of apps/v1: maybe, err: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [{ apps: "true" }, "runtime-config invalid key apps"],
    [{ "a/b/c/d": "true" }, "runtime-config invalid key a/b/c/d"],
    [{ "nobody.io/v1": "true" }, "unknown api groups nobody.io"],
    [{ "apps/v9": "true" }, "group version apps/v9 that has not been registered"],
  ];
  for (const [values, message] of refusals) {
    test(`refuses ${JSON.stringify(values)}`, () => assert.throws(() => parseRuntimeConfig(values), { message }));
  }
});
