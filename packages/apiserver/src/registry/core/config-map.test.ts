import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { configMapResource } from "./config-map.ts";

const bench = new RuleBench<ConfigMap>(configMapResource);
const metadata = { name: "settings", creationTimestamp: "2026-01-31T11:59:00Z" };

describe("a config map", () => {
  function create(what: string, fields: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, ...fields }), errors));
  }

  create("may hold text and bytes", { data: { a: "b", "c.d_e-F": "" }, binaryData: { g: "AAEC" } }, []);
  create("has right keys", { data: { "a/b": "c", "..": "d", "..x": "e" }, binaryData: { "": "AA==" } }, [
    `data[a/b]: Invalid value: "a/b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
    `data[..]: Invalid value: "..": must not be '..'`,
    `data[..x]: Invalid value: "..x": must not start with '..'`,
    `binaryData[]: Invalid value: "": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
  ]);
  create("has each key once", { data: { a: "b" }, binaryData: { a: "AA==" } }, [
    'data[a]: Invalid value: "a": duplicate of key present in binaryData',
  ]);
  create("holds a mebibyte", { data: { a: "x".repeat(1024 * 1024) } }, []);
  create("holds no more than a mebibyte", { data: { a: "x".repeat(1024 * 1024), b: "y" } }, [
    ": Too long: may not be more than 1048576 bytes",
  ]);
  const bytes = Buffer.alloc(1024 * 1024).toString("base64");
  create("holds a mebibyte of bytes", { binaryData: { a: bytes } }, []);
  create("holds no more than a mebibyte of bytes", { binaryData: { a: bytes, b: "AA==" } }, [
    ": Too long: may not be more than 1048576 bytes",
  ]);
});

describe("an update of a config map", () => {
  function update(what: string, before: Draft, change: Partial<ConfigMap>, errors: readonly string[]): void {
    it(what, () => {
      const old = bench.prepared({ metadata, ...before });
      assert.deepEqual(
        bench.updateErrors(old, (configMap) => Object.assign(configMap, change)),
        errors,
      );
    });
  }

  update("may change all", { data: { a: "b" } }, { data: { c: "d" } }, []);
  update("may make it immutable", { data: { a: "b" } }, { immutable: true }, []);
  update(
    "keeps what is immutable",
    { immutable: true, data: { a: "b" } },
    { data: { a: "c" }, binaryData: { d: "AA==" } },
    [
      "data: Forbidden: field is immutable when `immutable` is set",
      "binaryData: Forbidden: field is immutable when `immutable` is set",
    ],
  );
  update("keeps that it is immutable", { immutable: true, data: { a: "b" } }, { immutable: false }, [
    "immutable: Forbidden: field is immutable when `immutable` is set",
  ]);
  update(
    "may change metadata",
    { immutable: true },
    { metadata: { ...bench.prepared({ metadata }).metadata, labels: { a: "b" } } },
    [],
  );
});

it("shows how many keys a config map holds", () => {
  assert.deepEqual(bench.row({ metadata, data: { a: "", b: "" }, binaryData: { c: "" } }), {
    Name: "settings",
    Data: 3,
    Age: "60s",
  });
});
