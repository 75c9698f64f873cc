import assert from "node:assert/strict";
import { test } from "node:test";
import { defineFlags } from "@kube-ts/std/flags";
import { defineCommand } from "./command.ts";
import { commandTable } from "./command-table.ts";
import type { CommandEntry } from "./command-table.ts";
import { runCommand } from "./run-command.ts";

const greet = defineCommand({
  description: "Greets.",
  arguments: "NAME",
  argumentCount: { least: 1, most: 1 },
  flags: defineFlags({ loud: { type: "boolean", default: false, description: "shout" } }),
  run: ({ values }, { positional: [name = ""], write }) => {
    if (name === "nobody") return Promise.reject(new Error("there is nobody"));
    write(`hello ${values.loud ? name.toUpperCase() : name}`);
    return Promise.resolve();
  },
});

const table: readonly CommandEntry[] = [
  { path: "greet", summary: "says hello", load: () => Promise.resolve({ command: greet }) },
  { path: "group one", summary: "the first", load: () => Promise.resolve({ command: greet }) },
  { path: "rule", summary: "rules", load: () => Promise.resolve({ command: { ...greet, needsRoot: true } }) },
];

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return runAs(true, ...args);
}

async function runAs(isRoot: boolean, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const code = await runCommand(table, args, {
    signal: new AbortController().signal,
    isRoot,
    takeTurn: () => Promise.resolve({ [Symbol.dispose]: () => {} }),
    write: (text) => void (out += text),
    warn: (text) => void (err += text),
  });
  return { code, out, err };
}

test("a command gets its flags and arguments, and its failure is the exit code", async () => {
  assert.deepEqual(await run("greet", "you", "--loud"), { code: 0, out: "hello YOU", err: "" });
  assert.deepEqual(await run("group", "one", "you"), { code: 0, out: "hello you", err: "" });
  assert.deepEqual(await run("greet", "nobody"), { code: 1, out: "", err: "error: there is nobody" });
  assert.deepEqual(await run("greet"), { code: 2, out: "", err: "error: usage: kube-ts greet NAME [flags]" });
  assert.equal((await run("greet", "you", "--quiet")).code, 2);
});

test("what needs root is refused to others, and its help is not", async () => {
  assert.deepEqual(await runAs(false, "rule", "you"), { code: 1, out: "", err: "error: kube-ts rule needs root" });
  assert.equal((await runAs(true, "rule", "you")).code, 0);
  assert.equal((await runAs(false, "rule", "--help")).code, 0);
  assert.equal((await runAs(false, "greet", "you")).code, 0);
});

test("help is there for all, for a group and for a command", async () => {
  assert.match((await run()).out, /greet {6,}says hello\n {2}group one {3}the first/);
  assert.equal((await run("--help")).code, 0);
  assert.match((await run("greet", "--help")).out, /kube-ts greet NAME \[flags\]/);
  const { code, out } = await run("group");
  assert.equal(code, 2);
  assert.doesNotMatch(out, /greet/);
  assert.match((await run("group", "two")).err, /no command "group two"/);
  assert.match((await run("gret")).err, /no command "gret"/);
});

test("every command loads", async () => {
  for (const { path, load } of commandTable) {
    const { command } = await load();
    assert.match(command.description, /^[A-Z][^]*\.$/, path);
    for (const [name, { description }] of Object.entries(command.flags)) {
      assert.match(description, /^[A-Z][^]*\.$/, `${path} --${name}`);
    }
  }
});
