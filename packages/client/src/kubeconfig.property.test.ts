import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { formatYaml } from "@kube-ts/std/yaml";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { KubeconfigError, kubeconfigPaths, mergeKubeconfigs, parseKubeconfig } from "./kubeconfig.ts";
import { parseWarnings } from "./warning-header.ts";

const name = fc.constantFrom("a", "b", "c", "constructor", "__proto__", "");
const text = fc.string({ minLength: 1, maxLength: 10 });
const config = fc.record(
  {
    clusters: fc.array(
      fc.record({ name, cluster: fc.record({ server: text }, { noNullPrototype: true }) }, { noNullPrototype: true }),
      { maxLength: 3 },
    ),
    users: fc.array(
      fc.record({ name, user: fc.record({ token: text }, { noNullPrototype: true }) }, { noNullPrototype: true }),
      { maxLength: 3 },
    ),
    contexts: fc.array(
      fc.record(
        { name, context: fc.record({ cluster: name, user: name }, { noNullPrototype: true }) },
        { noNullPrototype: true },
      ),
      { maxLength: 3 },
    ),
    "current-context": name,
  },
  { requiredKeys: [], noNullPrototype: true },
);

suite("kubeconfigs", () => {
  test("are read as they were written, in YAML or JSON", () => {
    checkProperty(
      fc.property(config, (given) => {
        assert.deepEqual(parseKubeconfig(formatYaml(given), "/x/config"), given);
        assert.deepEqual(parseKubeconfig(JSON.stringify(given), "/x/config"), given);
      }),
      { share: 2 },
    );
  });

  test("together are the first that names each thing", () => {
    checkProperty(
      fc.property(fc.array(config, { maxLength: 4 }), (configs) => {
        const merged = mergeKubeconfigs(configs);
        const all = configs.flatMap(({ clusters = [] }) => clusters);
        const names = [...new Set(all.map((each) => each.name))];
        assert.deepEqual(
          merged.clusters,
          names.map((wanted) => all.find((each) => each.name === wanted)),
        );
        assert.equal(merged["current-context"], configs.map((each) => each["current-context"]).find(Boolean) ?? "");
        assert.deepEqual(mergeKubeconfigs([merged, ...configs]), merged);
      }),
    );
  });

  test("have paths that start at their own directory", () => {
    const path = fc.stringMatching(/^[a-z]{1,5}(\/[a-z]{1,5}){0,2}$/);
    checkProperty(
      fc.property(path, fc.boolean(), (given, absolute) => {
        const certificate = absolute ? `/${given}` : given;
        const read = parseKubeconfig(
          JSON.stringify({ users: [{ name: "u", user: { "client-certificate": certificate } }] }),
          "/home/me/config",
        );
        assert.equal(read.users?.[0]?.user?.["client-certificate"], absolute ? certificate : `/home/me/${given}`);
      }),
    );
  });

  test("of any text are read or refused in a KubeconfigError", () => {
    const any = fc.oneof(
      fc.string(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc
        .record({ clusters: fc.jsonValue(), users: fc.jsonValue(), kind: fc.jsonValue() })
        .map((value) => JSON.stringify(value)),
    );
    checkProperty(
      fc.property(any, (written) => {
        try {
          mergeKubeconfigs([parseKubeconfig(written, "/x")]);
        } catch (error) {
          assert.ok(error instanceof KubeconfigError, String(error));
        }
      }),
      { share: 3 },
    );
  });

  test("are looked for where the variable says, each once", () => {
    checkProperty(
      fc.property(fc.array(fc.constantFrom("/a", "/b", ""), { maxLength: 5 }), (paths) => {
        const listed = [...new Set(paths.filter((path) => path !== ""))];
        const found = kubeconfigPaths({ KUBECONFIG: paths.join(":"), HOME: "/home/me" });
        assert.deepEqual(found, listed.length === 0 ? ["/home/me/.kube/config"] : listed);
      }),
      { share: 0.5 },
    );
  });
});

suite("warnings", () => {
  test("are read as they were written", () => {
    checkProperty(
      fc.property(fc.array(fc.stringMatching(/^[ -~]{0,30}$/), { maxLength: 4 }), (texts) => {
        const header = texts.map((each) => `299 - "${each.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(", ");
        assert.deepEqual(parseWarnings(header), texts);
      }),
    );
  });
});
