import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

const module = new URL("./memory-single-pages.ts", import.meta.url).href;
const mappings = new URL("./memory-mappings.ts", import.meta.url).href;

/** What a new process has of files in memory after some work, in KiB; undefined where the kernel cannot map pages singly. */
function residentFilesKib(singly: boolean): number | undefined {
  const script = `
    import { readFileSync } from "node:fs";
    import { mapPagesSingly } from ${JSON.stringify(module)};
    import { unchangedFileMappings } from ${JSON.stringify(mappings)};
    let done = true;
    try { if (${singly}) mapPagesSingly(); } catch { done = false; }
    JSON.parse(JSON.stringify(Array.from({ length: 10_000 }, (_, index) => ({ index, text: String(index) }))));
    const all = unchangedFileMappings(readFileSync("/proc/self/smaps", "utf8"));
    console.log(done ? all.reduce((sum, { residentKib }) => sum + residentKib, 0) : "");
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" }).trim();
  return output === "" ? undefined : Number(output);
}

test("a process has only those pages of its program that it uses", (t) => {
  const single = residentFilesKib(true);
  if (single === undefined) return t.skip("the kernel cannot");
  const grouped = residentFilesKib(false) ?? 0;
  assert.ok(single < grouped / 2, `${single} KiB of files instead of ${grouped}`);
});
