import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPreferences } from "./apply-preferences.ts";
import { kubercPlace } from "./kuberc-file.ts";
import { allowsPlugin, parsePreferences } from "./preferences.ts";

const header = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n";
const { preferences } = parsePreferences(
  `${header}
defaults:
- {command: get, options: [{name: output, default: wide}]}
- {command: create deployment, options: [{name: replicas, default: "3"}]}
aliases:
- {name: getn, command: get, prependArgs: [nodes], appendArgs: [--, x], options: [{name: show-labels, default: "true"}]}
- {name: get, command: delete}
`,
  "kuberc",
);

for (const [given, expected] of [
  ["get pods", "get pods --output=wide"],
  ["get pods -o json", "get pods -o json"],
  ["-n x get pods", "-n x get pods --output=wide"],
  ["delete pods", "delete pods"],
  ["create deployment x -- get", "create deployment x --replicas=3 -- get"],
  ["getn a", "get nodes a --show-labels=true -- x"],
  ["-n x getn a --show-labels=false", "-n x get nodes a --show-labels=false -- x"],
  ["nope", "nope"],
] as const) {
  test(`kubectl ${given} stands for kubectl ${expected}`, async () => {
    assert.equal((await applyPreferences(given.split(" "), preferences)).join(" "), expected);
  });
}

test("preferences that are none, or aliases that are no words, are refused", () => {
  assert.throws(() => parsePreferences("foo: bar", "f"), /no valid preferences found in f/);
  assert.throws(() => parsePreferences(`${header}aliases: [{name: a b, command: get}]`, "f"), /invalid alias name/);
  assert.deepEqual(parsePreferences(`${header}nope: 1`, "f").warnings.length, 1);
});

test("a default for a flag that a command does not have is refused", async () => {
  const read = parsePreferences(`${header}defaults: [{command: get, options: [{name: nope, default: x}]}]`, "f");
  await assert.rejects(applyPreferences(["get", "pods"], read.preferences), /invalid flag nope/);
});

test("plugins are started only where the policy lets them", () => {
  const policy = (text: string) => parsePreferences(header + text, "f").preferences.credentialPlugins;
  assert.equal(allowsPlugin(policy(""), "/bin/x"), true);
  assert.equal(allowsPlugin(policy("credentialPluginPolicy: DenyAll"), "x"), false);
  const list = policy("credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: x}, {command: /a/y}]");
  assert.deepEqual(
    ["/bin/x", "x", "/a/y", "/b/y", "y"].map((each) => allowsPlugin(list, each)),
    [true, true, true, false, false],
  );
});

test("the file is named by a flag, by the environment, or is in the home directory", () => {
  const env = { HOME: "/h" };
  assert.deepEqual(kubercPlace(["get"], env), { path: "/h/.kube/kuberc", explicit: false });
  assert.deepEqual(kubercPlace(["get", "--kuberc", "f"], env), { path: "f", explicit: true });
  assert.deepEqual(kubercPlace(["--kuberc=f"], { KUBERC: "g" }), { path: "f", explicit: true });
  assert.equal(kubercPlace(["exec", "p", "--", "--kuberc=f"], { ...env, KUBERC: "off" }), undefined);
  assert.equal(kubercPlace([], { ...env, KUBECTL_KUBERC: "false" }), undefined);
});
