import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StorageClass, VolumeAttributesClass } from "@kube-ts/api/storage/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { storageClassResource } from "./storage-class.ts";
import { volumeAttributesClassResource } from "./volume-attributes-class.ts";

const metadata = { name: "fast", creationTimestamp: "2026-01-31T11:59:00Z" };

describe("a storage class", () => {
  const bench = new RuleBench<StorageClass>(storageClassResource);
  const plain = { metadata, provisioner: "example.com/disk" };

  it("is filled in", () => {
    const { reclaimPolicy, volumeBindingMode } = bench.decode(plain);
    assert.deepEqual([reclaimPolicy, volumeBindingMode], ["Delete", "Immediate"]);
  });

  function create(what: string, fields: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ ...plain, ...fields }), errors));
  }

  create("may be full", { parameters: { type: "ssd" }, reclaimPolicy: "Retain", allowVolumeExpansion: true }, []);
  create("has a provisioner", { provisioner: "" }, ["provisioner: Required value"]);
  create("has a right provisioner", { provisioner: "Example.com/A b" }, [
    `provisioner: Invalid value: "example.com/a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  ]);
  create("keeps what it makes, or does not", { reclaimPolicy: "Recycle" }, [
    'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"',
  ]);
  create("binds at a known time", { volumeBindingMode: "Later" }, [
    'volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", "WaitForFirstConsumer"',
  ]);
  create("has named parameters", { parameters: { "": "a" } }, [
    'parameters: Invalid value: "": field can not be empty.',
  ]);
  create("has few parameters", { parameters: Object.fromEntries(Array.from({ length: 513 }, (_, at) => [at, "a"])) }, [
    "parameters: Too long: may not be more than 512 bytes",
  ]);
  create("has small parameters", { parameters: { a: "x".repeat(256 * 1024) } }, [
    "parameters: Too long: may not be more than 262144 bytes",
  ]);
  const zone = (...values: string[]) => ({ matchLabelExpressions: [{ key: "zone", values }] });
  create("has different topologies", { allowedTopologies: [zone("a", "b"), zone("b", "a"), {}] }, [
    'allowedTopologies[1].matchLabelExpressions: Duplicate value: ""',
    'allowedTopologies[2].matchLabelExpressions: Duplicate value: ""',
  ]);
  create(
    "has right topologies",
    {
      allowedTopologies: [
        {
          matchLabelExpressions: [
            { key: "zone", values: ["a", "a"] },
            { key: "zone", values: [] },
          ],
        },
      ],
    },
    [
      'allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"',
      "allowedTopologies[0].matchLabelExpressions[1].values: Required value",
      'allowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: "zone"',
    ],
  );

  it("does not change, but for what claims may ask for", () => {
    const old = bench.prepared({ ...plain, parameters: { type: "ssd" } });
    const change = {
      parameters: { type: "hdd" },
      provisioner: "example.com/other",
      reclaimPolicy: "Retain",
      volumeBindingMode: "WaitForFirstConsumer",
    };
    assert.deepEqual(
      bench.updateErrors(old, (next) => Object.assign(next, change)),
      [
        "parameters: Forbidden: updates to parameters are forbidden.",
        "provisioner: Forbidden: updates to provisioner are forbidden.",
        "reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.",
        'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
      ],
    );
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.allowVolumeExpansion = true)),
      [],
    );
  });

  it("warns of old labels", () => {
    const term = { matchLabelExpressions: [{ key: "failure-domain.beta.kubernetes.io/zone", values: ["a"] }] };
    assert.deepEqual(bench.warnings({ ...plain, allowedTopologies: [term] }), [
      'allowedTopologies[0].matchLabelExpressions[0].key: deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    ]);
  });

  it("is shown", () => {
    const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
    assert.deepEqual(bench.row({ ...plain, metadata: { ...metadata, annotations } }), {
      Name: "fast (default)",
      Provisioner: "example.com/disk",
      ReclaimPolicy: "Delete",
      VolumeBindingMode: "Immediate",
      AllowVolumeExpansion: false,
      Age: "60s",
    });
  });
});

describe("a volume attributes class", () => {
  const bench = new RuleBench<VolumeAttributesClass>(volumeAttributesClassResource);
  const plain = { metadata, driverName: "disk.example.com", parameters: { iops: "100" } };

  it("has a driver and parameters", () => {
    assert.deepEqual(bench.createErrors(plain), []);
    assert.deepEqual(bench.createErrors({ metadata }), [
      "driverName: Required value",
      "parameters: Required value: must contain at least one key/value pair",
    ]);
  });

  it("does not change", () => {
    const change = { driverName: "other.example.com", parameters: { iops: "200" } };
    assert.deepEqual(
      bench.updateErrors(bench.prepared(plain), (next) => Object.assign(next, change)),
      [
        "driverName: Forbidden: updates to driverName are forbidden.",
        "parameters: Forbidden: updates to parameters are forbidden.",
      ],
    );
  });

  it("is shown", () => {
    assert.deepEqual(bench.row(plain), { Name: "fast", DriverName: "disk.example.com", Age: "60s" });
  });
});
