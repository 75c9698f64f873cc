import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const program = `
import { execFileSync } from "node:child_process";
import { rawTerminal } from ${JSON.stringify(join(import.meta.dirname, "raw-terminal.ts"))};
const mode = () => /(-?opost)/.exec(execFileSync("stty", ["-a"], { stdio: [0, "pipe", "inherit"] }).toString())[1];
const before = mode();
const raw = rawTerminal(process.stdin);
const during = mode();
process.stdout.write("line\\n");
raw[Symbol.dispose]();
console.log(before, during, mode());
`;

test("a raw terminal does not touch output, and is as before afterwards", () => {
  const command = `${JSON.stringify(process.execPath)} --input-type=module-typescript -e '${program}'`;
  const screen = execFileSync("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    stdio: ["pipe", "pipe", "inherit"],
  }).toString();
  assert.match(screen, /line\n.*opost -opost opost\r\n$/s);
  assert.doesNotMatch(screen, /line\r/);
});
