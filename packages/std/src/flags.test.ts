import assert from "node:assert/strict";
import { test } from "node:test";
import { flagUsage } from "./flag-usage.ts";
import { defineFlags, FlagError, parseArguments, parseFlags } from "./flags.ts";

const flags = defineFlags({
  name: { type: "string", description: "a name" },
  port: { type: "integer", default: 10_250, description: "a port" },
  ratio: { type: "number", default: 0.5, description: "a ratio" },
  "leader-elect": { type: "boolean", default: true, description: "whether to elect" },
  "sync-period": { type: "duration", default: 90_000, description: "a period" },
  controllers: { type: "stringList", default: ["*"], description: "what to run" },
  "feature-gates": { type: "stringMap", description: "gates" },
  v: { type: "integer", default: 0, shorthand: "v", description: "verbosity" },
  secret: { type: "string", hidden: true, description: "not shown" },
});

function parse(...args: string[]) {
  return parseFlags(flags, "test-daemon", args);
}

test("defaults hold for what is not given", () => {
  const { values, explicit } = parse();
  const port: number = values.port;
  const name: string | undefined = values.name;
  assert.deepEqual([port, name], [10_250, undefined]);
  assert.deepEqual(values.controllers, ["*"]);
  assert.equal(explicit("port"), false);
});

test("every type is read from either way of writing", () => {
  const { values, explicit } = parse(
    "--name=a=b",
    "--port",
    "-1",
    "--ratio=1e-1",
    "--leader-elect=F",
    "--sync_period=1m",
    "--controllers=a,b",
    "--controllers",
    "-c",
    "--feature-gates=A=true,B=false",
    "--feature-gates= C = x",
    "-v4",
    "--secret=",
  );
  assert.deepEqual(values, {
    name: "a=b",
    port: -1,
    ratio: 0.1,
    "leader-elect": false,
    "sync-period": 60_000,
    controllers: ["a", "b", "-c"],
    "feature-gates": { A: "true", B: "false", C: "x" },
    v: 4,
    secret: "",
  });
  assert.equal(explicit("sync-period"), true);
});

test("a bare boolean is true and takes no value; the last of several wins", () => {
  assert.equal(parse("--leader-elect=false", "--leader-elect").values["leader-elect"], true);
  assert.equal(parse("--port=1", "--port=2").values.port, 2);
  assert.equal(parse("-v=2").values.v, 2);
  assert.equal(parse("-v", "3").values.v, 3);
  assert.equal(parse("--v=5").values.v, 5);
});

test("errors name the flag in upstream's words", () => {
  const refusals: readonly (readonly [readonly string[], string, string])[] = [
    [["--foo"], "foo", "unknown flag: --foo"],
    [["--no-leader-elect"], "no-leader-elect", "unknown flag: --no-leader-elect"],
    [["--constructor=1"], "constructor", "unknown flag: --constructor"],
    [["-x"], "x", "unknown shorthand flag: 'x' in -x"],
    [["--name"], "name", "flag needs an argument: --name"],
    [
      ["--port=abc"],
      "port",
      'invalid argument "abc" for "--port" flag: strconv.ParseInt: parsing "abc": invalid syntax',
    ],
    [
      ["--port=99999999999999999999"],
      "port",
      'invalid argument "99999999999999999999" for "--port" flag: strconv.ParseInt: parsing "99999999999999999999": value out of range',
    ],
    [["-v=x"], "v", 'invalid argument "x" for "-v, --v" flag: strconv.ParseInt: parsing "x": invalid syntax'],
    [
      ["--leader-elect=maybe"],
      "leader-elect",
      'invalid argument "maybe" for "--leader-elect" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [
      ["--sync-period=5"],
      "sync-period",
      'invalid argument "5" for "--sync-period" flag: time: missing unit in duration "5"',
    ],
    [
      ["--feature-gates=A"],
      "feature-gates",
      'invalid argument "A" for "--feature-gates" flag: A must be formatted as key=value',
    ],
    [["--leader-elect", "false"], "", '"test-daemon" does not take any arguments, got ["false"]'],
    [["--", "--port"], "", '"test-daemon" does not take any arguments, got ["--port"]'],
  ];
  for (const [args, flag, message] of refusals) {
    assert.throws(
      () => parse(...args),
      (error) => {
        assert.ok(error instanceof FlagError);
        assert.deepEqual([error.flag, error.message], [flag, message]);
        return true;
      },
    );
  }
});

test("a command may take positional arguments among its flags", () => {
  const flags = defineFlags({
    ttl: { type: "duration", default: 0, description: "" },
    print: { type: "boolean", default: false, description: "" },
  });
  const { values, positional } = parseArguments(flags, ["first", "--ttl", "2s", "--print", "second", "--", "--third"]);
  assert.deepEqual(values, { ttl: 2_000, print: true });
  assert.deepEqual(positional, ["first", "second", "--third"]);
});

test("usage is sorted, shows types and defaults, and leaves hidden flags out", () => {
  const { name, port, "leader-elect": leaderElect, "sync-period": syncPeriod, v, secret } = flags;
  const shown = { v, secret, port, name, "leader-elect": leaderElect, "sync-period": syncPeriod };
  assert.equal(
    flagUsage("test-daemon", "Tests flags.", shown),
    `Tests flags.

Usage:
  test-daemon [flags]

Flags:
      --leader-elect           whether to elect (default true)
      --name string            a name
      --port int               a port (default 10250)
      --sync-period duration   a period (default 1m30s)
  -v, --v int                  verbosity
`,
  );
});

test("a definition that cannot work is refused", () => {
  assert.throws(() => defineFlags({ Bad_Name: { type: "string", description: "" } }), /not lowercase words/);
});
