import assert from "node:assert/strict";
import { test } from "node:test";
import { unchangedFileMappings } from "./memory-mappings.ts";

function mapping(header: string, rss: number, anonymous: number): string {
  return `${header}\nSize: 9000 kB\nRss:        ${rss} kB\nPss: 1 kB\nAnonymous:         ${anonymous} kB\nVmFlags: rd ex\n`;
}

test("mappings of files are found that nobody has changed", () => {
  const smaps = [
    mapping("00400000-0082e000 r--p 00000000 fe:00 16040345       /usr/lib/kube-ts/node", 4_000, 0),
    mapping("0082e000-03489000 r-xp 0042e000 fe:00 16040345       /usr/lib/kube-ts/node", 20_000, 0),
    mapping("072a7000-072dc000 r--p 06ea7000 fe:00 16040345       /usr/lib/kube-ts/node", 212, 212),
    mapping("072dc000-07308000 rw-p 06edc000 fe:00 16040345       /usr/lib/kube-ts/node", 176, 0),
    mapping("08000000-09000000 r--s 00000000 fe:00 77             /var/cache/shared", 4_000, 0),
    mapping("09000000-0a000000 r-xp 00000000 fe:00 78             /usr/lib/old.so (deleted)", 4_000, 0),
    mapping("0a000000-0b000000 r-xp 00000000 00:00 0 ", 4_000, 0),
    mapping("7ffd0d1c7000-7ffd0d1c9000 r-xp 00000000 00:00 0      [vdso]", 400, 0),
  ].join("");
  assert.deepEqual(unchangedFileMappings(smaps), [
    { start: 0x400000n, end: 0x82e000n, residentKib: 4_000 },
    { start: 0x82e000n, end: 0x3489000n, residentKib: 20_000 },
  ]);
});
