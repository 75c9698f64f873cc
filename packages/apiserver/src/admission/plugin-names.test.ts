import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPluginNames, enabledPlugins } from "./plugin-names.ts";

const enablePlugins = "enable-admission-plugins";
const disablePlugins = "disable-admission-plugins";

test("plugins are on by default as upstream has them, in upstream's order", () => {
  assert.deepEqual(enabledPlugins([], []), [
    "NamespaceLifecycle",
    "LimitRanger",
    "ServiceAccount",
    "TaintNodesByCondition",
    "PodSecurity",
    "Priority",
    "DefaultTolerationSeconds",
    "DefaultStorageClass",
    "StorageObjectInUseProtection",
    "PodGroupProtection",
    "PersistentVolumeClaimResize",
    "RuntimeClass",
    "CertificateApproval",
    "CertificateSigning",
    "ClusterTrustBundleAttest",
    "CertificateSubjectRestriction",
    "DefaultIngressClass",
    "PodTopologyLabels",
    "PodGroupWorkloadExists",
    "NodeDeclaredFeatureValidator",
    "JobValidation",
    "PodResizeValidator",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionWebhook",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionWebhook",
    "ResourceQuota",
  ]);
});

test("plugins are turned on and off by name, and keep their order", () => {
  const enabled = enabledPlugins(["NodeRestriction", "AlwaysPullImages"], ["LimitRanger", "PodSecurity"]);
  assert.deepEqual(enabled.slice(0, 5), [
    "NamespaceLifecycle",
    "ServiceAccount",
    "NodeRestriction",
    "TaintNodesByCondition",
    "AlwaysPullImages",
  ]);
  assert.ok(!enabled.includes("PodSecurity"));
});

const problems: readonly [string[], string[], string | undefined, string][] = [
  [["Priority", "EventRateLimit"], ["PodSecurity"], undefined, ""],
  [["Nonsense"], [], enablePlugins, 'enable-admission-plugins plugin "Nonsense" is unknown'],
  [[], ["constructor"], disablePlugins, 'disable-admission-plugins plugin "constructor" is unknown'],
  [
    ["Priority"],
    ["Priority"],
    enablePlugins,
    "[Priority] in enable-admission-plugins and disable-admission-plugins overlapped",
  ],
];

for (const [enable, disable, flag, message] of problems) {
  test(`on ${enable.join()}, off ${disable.join()}: ${message || "fine"}`, () => {
    assert.deepEqual(checkPluginNames(enable, disable), flag === undefined ? undefined : { flag, message });
  });
}
