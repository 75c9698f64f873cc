import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { FlagError, parseFlags } from "@kube-ts/std/flags";
import { admissionConfig, admissionFlags } from "./admission.ts";
import { loadAdmissionConfiguration } from "./admission-configuration.ts";

const kubeconfig = `
apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "https://images.example.com/review" } }]
users: [{ name: u, user: { token: t } }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
`;

suite("--admission-control-config-file", () => {
  let directory = "";
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "admission-configuration-"));
    file("kubeconfig", kubeconfig);
    file("selectors.yaml", "podNodeSelectorPluginConfig: { clusterDefaultNodeSelector: 'a=b' }");
  });
  after(() => rmSync(directory, { recursive: true }));

  function file(name: string, text: string): string {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  }

  const loadText = (text: string) => loadAdmissionConfiguration(file("admission.yaml", text));
  const plugins = (...lines: string[]) =>
    loadText(
      ["apiVersion: apiserver.config.k8s.io/v1", "kind: AdmissionConfiguration", "plugins:", ...lines].join("\n"),
    );

  test("configures plugins in place and by the files that it names", async () => {
    const loaded = await plugins(
      "- name: PodSecurity",
      "  configuration:",
      "    apiVersion: pod-security.admission.config.k8s.io/v1",
      "    kind: PodSecurityConfiguration",
      "    defaults: { enforce: baseline, enforce-version: v1.30 }",
      "    exemptions: { namespaces: [kube-system] }",
      "- name: PodNodeSelector",
      "  path: selectors.yaml",
      "- name: ImagePolicyWebhook",
      "  configuration: { imagePolicy: { kubeConfigFile: kubeconfig, defaultAllow: true } }",
      "- name: ResourceQuota",
      "  configuration:",
      "    apiVersion: apiserver.config.k8s.io/v1",
      "    kind: ResourceQuotaConfiguration",
      "    limitedResources: [{ resource: pods, matchScopes: [{ scopeName: PriorityClass, operator: In, values: [x] }] }]",
      "- name: ValidatingAdmissionWebhook",
      "  configuration:",
      "    apiVersion: apiserver.config.k8s.io/v1",
      "    kind: WebhookAdmissionConfiguration",
      `    kubeConfigFile: ${join(directory, "kubeconfig")}`,
      "- name: MutatingAdmissionWebhook",
    );
    assert.deepEqual(loaded.podSecurity?.defaults.enforce, { level: "baseline", version: 30 });
    assert.ok(loaded.podSecurity.exemptions.namespaces.has("kube-system"));
    assert.deepEqual(loaded.nodeSelectors?.clusterDefault, { a: "b" });
    assert.equal(loaded.imagePolicy?.backend.server, "https://images.example.com/review");
    assert.equal(loaded.imagePolicy.defaultAllow, true);
    assert.deepEqual(loaded.limitedResources?.[0]?.matchContains, []);
    assert.equal(loaded.validatingWebhooks?.users?.[0]?.name, "u");
    assert.equal(loaded.mutatingWebhooks, undefined);
  });

  test("takes files of former times", async () => {
    const loaded = await loadText("podNodeSelectorPluginConfig: { ns: 'a=b' }");
    assert.deepEqual(loaded.nodeSelectors?.allowed.get("ns"), { a: "b" });
    const quota = await plugins(
      "- name: ResourceQuota",
      "  configuration: { apiVersion: resourcequota.admission.k8s.io/v1beta1, kind: Configuration }",
    );
    assert.deepEqual(quota.limitedResources, []);
  });

  const faults: readonly [string, () => Promise<unknown>, RegExp][] = [
    [
      "an unknown plugin",
      () => plugins("- name: PodSecurityPolicy"),
      /admission plugin "PodSecurityPolicy" is unknown/,
    ],
    ["a plugin twice", () => plugins("- name: Priority", "- name: Priority"), /"Priority" is configured twice/],
    [
      "a plugin that takes none",
      () => plugins("- name: Priority", "  configuration: { a: 1 }"),
      /admission plugin "Priority" takes no configuration/,
    ],
    [
      "a file that is not there",
      () => plugins("- name: PodSecurity", "  path: nowhere"),
      /unable to read the configuration of PodSecurity from ".*nowhere" \[ENOENT/,
    ],
    [
      "an unknown field",
      () => loadText("apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugin: []"),
      /strict decoding error: unknown field "plugin"/,
    ],
    [
      "another kind",
      () => loadText("apiVersion: v1\nkind: Pod"),
      /no kind "Pod" is registered for version "v1": expected AdmissionConfiguration of apiserver.config.k8s.io\/v1/,
    ],
    ["no kind", () => loadText("a: 1"), /Object 'Kind' is missing/],
    [
      "a relative kubeconfig for webhooks",
      () =>
        plugins(
          "- name: MutatingAdmissionWebhook",
          "  configuration: { apiVersion: apiserver.config.k8s.io/v1, kind: WebhookAdmissionConfiguration, kubeConfigFile: x }",
        ),
      /kubeConfigFile must be an absolute file path: "x"/,
    ],
  ];
  for (const [name, attempt, message] of faults) {
    test(`${name} is an error`, () => assert.rejects(attempt, { message }));
  }

  const flags = (...args: string[]) => admissionConfig(parseFlags(admissionFlags, "kube-apiserver", args).values);

  test("flags name what is wrong", async () => {
    const refused = async (...args: string[]) => {
      const error = await flags(...args).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof FlagError);
      return `${error.flag}: ${error.message}`;
    };
    assert.equal(
      await refused("--enable-admission-plugins=Nonsense"),
      'enable-admission-plugins: enable-admission-plugins plugin "Nonsense" is unknown',
    );
    assert.match(
      await refused(`--admission-control-config-file=${join(directory, "none")}`),
      /^admission-control-config-file: .*unable to read admission control configuration from/,
    );
  });

  test("flags say how long pods stay on nodes that fail", async () => {
    const { tolerationSeconds } = await flags("--default-not-ready-toleration-seconds=5");
    assert.deepEqual(tolerationSeconds, { notReady: 5, unreachable: 300 });
  });
});
