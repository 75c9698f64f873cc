import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, invalid } from "@kube-ts/api/status-error";
import { TransportError } from "@kube-ts/client/transport-error";
import { CommandError, FailureList, FlagError, UsageError } from "./command-error.ts";
import { rootCommands } from "./command-tree.ts";
import { findCommand } from "./find-command.ts";
import { booleanFlag, durationFlag, integerFlag, listFlag, repeatedFlag, stringFlag } from "./flag.ts";
import { globalFlags } from "./global-flags.ts";
import { parseArguments } from "./parse-arguments.ts";
import { reportError } from "./report-error.ts";

const flags = {
  output: stringFlag("", { short: "o" }),
  filename: repeatedFlag("", { short: "f" }),
  list: listFlag("", { short: "L" }),
  stdin: booleanFlag("", { short: "i" }),
  tty: booleanFlag("", { short: "t" }),
  wait: booleanFlag("", { default: true }),
  count: integerFlag("", { default: 7 }),
  since: durationFlag(""),
  "dry-run": stringFlag("", { default: "none", bare: "unchanged" }),
};

test("flags and arguments mix as upstream lets them", () => {
  const args = [
    "pods",
    "-owide",
    "-f",
    "a",
    "--filename=b,c",
    "-L",
    "x,y",
    "-it",
    "--wait=false",
    "--since",
    "1m",
    "--dry-run",
    "name",
    "--",
    "-x",
    "--y",
  ];
  const parsed = parseArguments(flags, args);
  assert.deepEqual(parsed.values, {
    output: "wide",
    filename: ["a", "b,c"],
    list: ["x", "y"],
    stdin: true,
    tty: true,
    wait: false,
    count: 7,
    since: 60_000,
    "dry-run": "unchanged",
  });
  assert.deepEqual(parsed.positional, ["pods", "name", "-x", "--y"]);
  assert.equal(parsed.dashIndex, 2);
  assert.equal(parsed.changed.has("count"), false);
  assert.equal(parseArguments(flags, ["-o=json", "-"]).values["output"], "json");
  assert.deepEqual(parseArguments(flags, ["-", "a=1", "b-"]).positional, ["-", "a=1", "b-"]);
});

for (const [args, message] of [
  [["--foo"], "unknown flag: --foo"],
  [["-x"], "unknown shorthand flag: 'x' in -x"],
  [["-ix"], "unknown shorthand flag: 'x' in -ix"],
  [["-o"], "flag needs an argument: 'o' in -o"],
  [["--output"], "flag needs an argument: --output"],
  [["--count=x"], 'invalid argument "x" for "--count" flag: strconv.ParseInt: parsing "x": invalid syntax'],
  [["-i=x"], 'invalid argument "x" for "-i, --stdin" flag: strconv.ParseBool: parsing "x": invalid syntax'],
] as const) {
  test(`${args.join(" ")} is refused`, () => {
    assert.throws(() => parseArguments(flags, args), { name: "FlagError", message });
  });
}

test("commands are found behind flags, by name and alias", async () => {
  assert.deepEqual((await findCommand(["-n", "x", "create", "-f", "deployment", "deploy", "d", "--image=a"])).path, [
    "create",
    "deployment",
  ]);
  assert.deepEqual((await findCommand(["rollout", "-n", "status", "undo", "x"])).path, ["rollout", "undo"]);
  assert.deepEqual((await findCommand(["--v=1"])).path, []);
  await assert.rejects(findCommand(["getx"]), {
    message: 'unknown command "getx" for "kubectl"\n\nDid you mean this?\n\tset\n\tget\n',
  });
});

test("every command loads, and no two of its flags share a letter", async () => {
  const check = async (entries: typeof rootCommands): Promise<void> => {
    for (const entry of entries) {
      const command = await entry.load();
      const own = Object.entries(command.flags);
      const inherited = Object.entries(globalFlags).filter(([name]) => !Object.hasOwn(command.flags, name));
      const letters = [...own, ...inherited].flatMap(([, flag]) => flag.short ?? []);
      assert.deepEqual(letters.toSorted(), [...new Set(letters)].toSorted(), entry.name);
      await check(entry.children ?? []);
    }
  };
  await check(rootCommands);
});

test("failures are reported in upstream's words", () => {
  const text = (error: unknown) => reportError(error, "kubectl get").text;
  assert.equal(text(new CommandError("x")), "error: x\n");
  assert.equal(text(new UsageError("x")), "error: x\nSee 'kubectl get -h' for help and examples\n");
  assert.equal(
    text(new FlagError("unknown flag: --x")),
    "error: unknown flag: --x\nSee 'kubectl get --help' for usage.\n",
  );
  const notFound = new ApiError({
    metadata: {},
    status: "Failure",
    reason: "NotFound",
    message: 'pods "x" not found',
    code: 404,
  });
  assert.equal(text(notFound), 'Error from server (NotFound): pods "x" not found\n');
  assert.equal(
    text(new FailureList([notFound, new CommandError("y")])),
    'Error from server (NotFound): pods "x" not found\ny\n',
  );
  for (const host of ["127.0.0.1:1", "[fd00::1]:6443", "api"]) {
    const refused = new TransportError(`GET https://${host}/api: connect ECONNREFUSED`, "ECONNREFUSED");
    assert.equal(
      text(refused),
      `The connection to the server ${host} was refused - did you specify the right host or port?\n`,
    );
  }
  assert.equal(text(invalid({ group: "", kind: "Pod" }, "x", [])), 'The Pod "x" is invalid\n');
  assert.equal(reportError(new CommandError("x", { exitCode: 3 }), "").exitCode, 3);
});
