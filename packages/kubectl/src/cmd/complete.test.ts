import assert from "node:assert/strict";
import { test } from "node:test";
import { rootCommands } from "../command-line/command-tree.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { commandCandidates, flagCandidates } from "./complete.ts";

test("commands and flags complete by their beginning", () => {
  const texts = (list: readonly { readonly text: string }[]) => list.map(({ text }) => text);
  assert.deepEqual(texts(commandCandidates(rootCommands, "un")), ["uncordon"]);
  assert.deepEqual(texts(commandCandidates(rootCommands, "__")), []);
  const flags = { output: stringFlag(""), overwrite: booleanFlag(""), old: booleanFlag("", { hidden: true }) };
  assert.deepEqual(texts(flagCandidates(flags, "--o")), ["--output=", "--overwrite"]);
});
