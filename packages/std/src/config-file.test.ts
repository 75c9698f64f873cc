import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ConfigFileError, decodeConfig, loadConfigFile } from "./config-file.ts";
import {
  booleanField,
  durationField,
  integerField,
  jsonField,
  listField,
  mapField,
  numberField,
  objectField,
  stringField,
  wordField,
} from "./config-schema.ts";

const profile = objectField({ schedulerName: stringField(), args: jsonField() });

const kind = {
  apiVersion: "test.config.k8s.io/v1",
  kind: "TestConfiguration",
  fields: {
    parallelism: integerField(),
    ratio: numberField(),
    enabled: booleanField(),
    timeout: durationField(),
    mode: wordField("fast", "slow"),
    profiles: listField(profile),
    featureGates: mapField(booleanField()),
  },
};

const header = "apiVersion: test.config.k8s.io/v1\nkind: TestConfiguration\n";

function decode(text: string) {
  return decodeConfig(text, "config.yaml", kind);
}

test("fields are decoded with their types, null means absent", () => {
  const config = decode(`${header}
parallelism: 16
ratio: 0.5
enabled: yes
timeout: 1m30s
mode: fast
profiles:
- schedulerName: default-scheduler
  args: {anything: [1]}
featureGates: {A: true}
`);
  const timeoutMs: number | undefined = config.timeout;
  assert.equal(timeoutMs, 90_000);
  assert.deepEqual(config, {
    parallelism: 16,
    ratio: 0.5,
    enabled: true,
    timeout: 90_000,
    mode: "fast",
    profiles: [{ schedulerName: "default-scheduler", args: { anything: [1] } }],
    featureGates: { A: true },
  });
  assert.deepEqual(decode(`${header}parallelism: null`), {});
});

test("every fault is told with its path", () => {
  const text = `${header}
paralelism: 16
profiles: [{schedulerName: 7, colour: red}]
featureGates: {A: maybe}
timeout: 5
mode: medium
ratio: [1]
parallelism: 1.5
`;
  assert.throws(
    () => decode(text),
    (error) => {
      assert.ok(error instanceof ConfigFileError);
      assert.deepEqual(
        error.problems.map(({ path }) => path),
        [
          "paralelism",
          "profiles[0].schedulerName",
          "profiles[0].colour",
          "featureGates[A]",
          "timeout",
          "mode",
          "ratio",
          "parallelism",
        ],
      );
      assert.equal(
        error.message,
        'failed to load config file "config.yaml": ' +
          'strict decoding error: unknown field "paralelism", unknown field "profiles[0].colour"; ' +
          "profiles[0].schedulerName: Invalid value: 7: must be a string; " +
          'featureGates[A]: Invalid value: "maybe": must be a boolean; ' +
          "timeout: Invalid value: 5: must be a duration such as 1m30s; " +
          'mode: Unsupported value: "medium": supported values: "fast", "slow"; ' +
          "ratio: Invalid value: [1]: must be a number; " +
          "parallelism: Invalid value: 1.5: must be an integer",
      );
      return true;
    },
  );
});

test("another kind, or none, is refused", () => {
  assert.throws(() => decode("apiVersion: v1\nkind: Pod"), /no kind "Pod" is registered for version "v1"/);
  assert.throws(() => decode("kind: TestConfiguration"), /Object 'apiVersion' is missing/);
  assert.throws(() => decode("apiVersion: v1"), /Object 'Kind' is missing/);
  assert.throws(() => decode("- a"), /must be an object/);
  assert.throws(() => decode("a: 1\na: 2"), /key "a" already set in map/);
});

test("a file is read from disk, and a missing one is an error that names it", async () => {
  const directory = await mkdtemp(join(tmpdir(), "config-test-"));
  try {
    const path = join(directory, "config.json");
    await writeFile(path, JSON.stringify({ apiVersion: kind.apiVersion, kind: kind.kind, parallelism: 3 }));
    assert.deepEqual(await loadConfigFile(path, kind), { parallelism: 3 });
    await assert.rejects(loadConfigFile(join(directory, "missing"), kind), /missing": ENOENT/);
  } finally {
    await rm(directory, { recursive: true });
  }
});
