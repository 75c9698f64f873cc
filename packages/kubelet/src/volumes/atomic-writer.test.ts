import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writePayload } from "./atomic-writer.ts";
import { type Payload, PayloadError } from "./volume-payload.ts";

async function scratch() {
  const path = await mkdtemp(join(tmpdir(), "payload-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function files(entries: Record<string, string>, mode = 0o644): Payload {
  return new Map(Object.entries(entries).map(([path, text]) => [path, { content: Buffer.from(text), mode }]));
}

const at = Date.UTC(2026, 0, 31, 13, 5, 7);

test("files appear under links through ..data", async () => {
  await using dir = await scratch();
  assert.equal(await writePayload(dir.path, files({ key: "one", "sub/dir/other": "two" }), {}, at), true);
  assert.equal(await readFile(join(dir.path, "key"), "utf8"), "one");
  assert.equal(await readFile(join(dir.path, "sub/dir/other"), "utf8"), "two");
  assert.equal(await readlink(join(dir.path, "key")), "..data/key");
  const dated = await readlink(join(dir.path, "..data"));
  assert.match(dated, /^\.\.2026_01_31_13_05_07\.\d+$/);
  assert.deepEqual((await readdir(dir.path)).toSorted(), ["..data", dated, "key", "sub"].toSorted());
});

test("the same content is not written again, another one replaces it and removes what is stale", async () => {
  await using dir = await scratch();
  await writePayload(dir.path, files({ a: "1", b: "2" }), {}, at);
  const before = await readlink(join(dir.path, "..data"));
  assert.equal(await writePayload(dir.path, files({ b: "2", a: "1" }), {}, at + 1000), false);
  assert.equal(await readlink(join(dir.path, "..data")), before);
  assert.equal(await writePayload(dir.path, files({ a: "3" }), {}, at + 1000), true);
  assert.equal(await readFile(join(dir.path, "a"), "utf8"), "3");
  assert.deepEqual(
    (await readdir(dir.path)).filter((name) => !name.startsWith("..")),
    ["a"],
  );
  assert.equal((await readdir(dir.path)).length, 3);
});

test("a reader that holds the old directory keeps seeing it whole until it lets go", async () => {
  await using dir = await scratch();
  await writePayload(dir.path, files({ a: "1", b: "1" }), {}, at);
  for (let round = 2; round < 20; round += 1) {
    await writePayload(dir.path, files({ a: `${round}`, b: `${round}` }), {}, at);
    const [a, b] = await Promise.all([readFile(join(dir.path, "a"), "utf8"), readFile(join(dir.path, "b"), "utf8")]);
    assert.equal(a, b);
  }
});

test("modes are kept to the bit and a changed mode is a change", async () => {
  await using dir = await scratch();
  await writePayload(dir.path, files({ a: "1" }, 0o400), {}, at);
  assert.equal((await stat(join(dir.path, "a"))).mode & 0o7777, 0o400);
  assert.equal(await writePayload(dir.path, files({ a: "1" }, 0o640), {}, at), true);
  assert.equal((await stat(join(dir.path, "a"))).mode & 0o7777, 0o640);
});

test("a group may read what is its own", { skip: process.getuid?.() !== 0 }, async () => {
  await using dir = await scratch();
  await writePayload(
    dir.path,
    new Map([["a", { content: Buffer.from("1"), mode: 0o400, uid: 7 }]]),
    { fsGroup: 1234 },
    at,
  );
  const info = await stat(join(dir.path, "a"));
  assert.deepEqual([info.uid, info.gid, info.mode & 0o7777], [7, 1234, 0o440]);
  assert.equal(
    await writePayload(
      dir.path,
      new Map([["a", { content: Buffer.from("1"), mode: 0o400, uid: 7 }]]),
      { fsGroup: 1234 },
      at,
    ),
    false,
  );
});

test("what a crash left half done is repaired", async () => {
  await using dir = await scratch();
  await writePayload(dir.path, files({ a: "1" }), {}, at);
  await mkdir(join(dir.path, "..2020_01_01_00_00_00.1"));
  await writeFile(join(dir.path, "..2020_01_01_00_00_00.1", "a"), "half");
  await symlink("..2020_01_01_00_00_00.1", join(dir.path, "..data_tmp"));
  await rm(join(dir.path, "a"));
  assert.equal(await writePayload(dir.path, files({ a: "1" }), {}, at), false);
  assert.equal(await readFile(join(dir.path, "a"), "utf8"), "1");
  assert.equal((await readdir(dir.path)).length, 3);
});

for (const path of ["/etc/passwd", "../x", "a/../../x", "..data", ""]) {
  test(`the path ${JSON.stringify(path)} is refused and nothing is written`, async () => {
    await using dir = await scratch();
    await assert.rejects(writePayload(dir.path, files({ ok: "1", [path]: "2" }), {}, at), PayloadError);
    assert.deepEqual(await readdir(dir.path), []);
  });
}
