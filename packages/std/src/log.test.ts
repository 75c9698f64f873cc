import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { errorFields } from "./log.ts";

test("lines are JSON on standard error, at the level that the verbosity asks for", () => {
  const module = new URL("log.ts", import.meta.url).href;
  const script = `
    const { createLogger } = await import(${JSON.stringify(module)});
    for (const verbosity of [0, 4]) {
      const log = createLogger("test", verbosity).child({ verbosity });
      log.debug("detail", { enabled: log.debugEnabled });
      log.info("started", { error: new Error("inside") });
    }
    const log = createLogger("test", 0);
    const child = log.child({ verbosity: "changed" });
    log.verbosity.level = 4;
    child.debug("later");`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
  const lines = stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    lines.map(({ level, msg, verbosity, component }) => [level, msg, verbosity, component]),
    [
      ["info", "started", 0, "test"],
      ["debug", "detail", 4, "test"],
      ["info", "started", 4, "test"],
      ["debug", "later", "changed", "test"],
    ],
  );
  assert.match(JSON.stringify(lines[0]), /"error":\{"message":"inside"/);
});

test("an error is told with its causes and code", () => {
  const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  const fields = errorFields(new Error("request failed", { cause }));
  assert.equal(fields["message"], "request failed");
  const inner = fields["cause"] as Record<string, unknown>;
  assert.deepEqual([inner["message"], inner["code"]], ["refused", "ECONNREFUSED"]);
  assert.deepEqual(errorFields("text"), { message: "text" });
  assert.deepEqual(errorFields(fields), fields);
});
