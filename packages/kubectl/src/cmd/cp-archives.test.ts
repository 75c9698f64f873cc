import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { type Header, pack } from "tar-stream";
import { unpack } from "./cp.ts";

interface Entry extends Partial<Header> {
  readonly name: string;
  readonly text?: string;
}

/** Unpacks entries of `tmp/x` below a directory that has a file beside it; answers what is said. */
async function unpacked(entries: readonly Entry[], check: (root: string) => void): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "kube-ts-cp-"));
  try {
    mkdirSync(join(root, "target"));
    mkdirSync(join(root, "outside"));
    writeFileSync(join(root, "outside", "kept"), "kept");
    symlinkSync(join(root, "outside"), join(root, "target", "link"));
    symlinkSync(join(root, "outside", "kept"), join(root, "target", "file-link"));
    const archive = pack();
    for (const { text = "", ...header } of entries) archive.entry(header, text);
    archive.finalize();
    let said = "";
    const terminal = { error: (output: string | Uint8Array) => void (said += String(output)) };
    await unpack(terminal, Readable.from(archive), "tmp/x", join(root, "target"), false);
    check(root);
    assert.deepEqual(readdirSync(root).toSorted(), ["outside", "target"]);
    assert.deepEqual(readdirSync(join(root, "outside")), ["kept"]);
    assert.equal(readFileSync(join(root, "outside", "kept"), "utf8"), "kept");
    return said;
  } finally {
    rmSync(root, { recursive: true });
  }
}

for (const [what, entries] of [
  [
    "parents",
    [{ name: "tmp/x/../../evil", text: "e" }, { name: "../evil", text: "e" }, { name: "tmp/x/a/../../../evil" }],
  ],
  ["absolute names", [{ name: "/tmp/kube-ts-cp-evil", text: "e" }]],
  [
    "a link and a file behind it",
    [
      { name: "tmp/x/l", type: "symlink", linkname: "../outside" },
      { name: "tmp/x/l/evil", text: "e" },
    ],
  ],
  [
    "links that lead to links",
    [
      { name: "tmp/x/a", type: "symlink", linkname: "b" },
      { name: "tmp/x/b", type: "symlink", linkname: ".." },
      { name: "tmp/x/a/outside/evil", text: "e" },
    ],
  ],
  [
    "a hard link",
    [
      { name: "tmp/x/h", type: "link", linkname: "../outside/kept" },
      { name: "tmp/x/h", text: "e" },
    ],
  ],
  [
    "a link that is there already",
    [
      { name: "tmp/x/link/evil", text: "e" },
      { name: "tmp/x/link/kept", text: "e" },
    ],
  ],
  ["a link to a file that is there already", [{ name: "tmp/x/file-link", text: "e" }]],
  ["a device", [{ name: "tmp/x/null", type: "character-device", devmajor: 1, devminor: 3 }]],
] as const satisfies readonly (readonly [string, readonly Entry[]])[]) {
  test(`an archive with ${what} changes nothing outside of the target`, async () => {
    const said = await unpacked(entries, () => {});
    if (what !== "a hard link") assert.match(said, /^warning: skipping/);
    assert.equal(existsSync("/tmp/kube-ts-cp-evil"), false);
  });
}

test("what is below is written, without rights that a file may not have", async () => {
  const entries: Entry[] = [
    { name: "tmp/x", type: "directory", mode: 0o755 },
    { name: "tmp/x/a/b", text: "contents", mode: 0o6755 },
  ];
  const said = await unpacked(entries, (root) => {
    assert.equal(readFileSync(join(root, "target", "a", "b"), "utf8"), "contents");
    assert.equal(statSync(join(root, "target", "a", "b")).mode & 0o7777, 0o755);
  });
  assert.equal(said, "");
});

test("names with escape sequences are shown without them", async () => {
  const said = await unpacked([{ name: "../\u001b[31mred", text: "e" }], () => {});
  assert.equal(said.includes("\u001b"), false);
});
