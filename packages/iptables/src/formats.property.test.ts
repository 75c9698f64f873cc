import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { parseRule } from "./parse-rule.ts";
import { renderRestore } from "./restore-format.ts";
import { type Match, type Rule, type Target, connectionStates, ruleArguments, ruleKey } from "./rule.ts";
import { SaveFormatError, parseSave, quoteArgument } from "./save-format.ts";

const matchOf = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Match<T>> =>
  fc.oneof(
    value.map((is) => ({ is })),
    value.map((not) => ({ not })),
  );
const address = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, length]) => `${ip}/${length}`);
const mark = fc.record({ value: fc.nat(), mask: fc.nat() }, { noNullPrototype: true });
/** Chains and lists as the project names them. */
const name = fc.stringMatching(/^KUBE-[A-Z0-9-]{1,18}$/);
const comment = fc.oneof(
  fc.stringMatching(/^[ -~]{0,40}$/),
  fc.constantFrom('a "quoted" word', "back\\slash", "'", "é ü", "-j DROP"),
);

const target: fc.Arbitrary<Target> = fc.oneof(
  fc.constantFrom("accept", "drop", "return", "reject").map((kind) => ({ kind })),
  name.map((chain) => ({ kind: "jump", chain }) as const),
  fc
    .tuple(fc.ipV4(), fc.integer({ min: 1, max: 65_535 }))
    .map(([ip, port]) => ({ kind: "dnat", address: `${ip}:${port}` }) as const),
  fc.boolean().map((fullyRandom) => ({ kind: "masquerade", fullyRandom }) as const),
  mark.map((each) => ({ kind: "set-mark", mark: each }) as const),
);

const rule: fc.Arbitrary<Rule> = fc
  .record(
    {
      source: matchOf(address),
      destination: matchOf(address),
      inInterface: matchOf(fc.constantFrom("eth0", "cni+", "lo")),
      protocol: fc.constantFrom("tcp", "udp", "sctp"),
      comment,
      mark: matchOf(mark),
      connectionState: matchOf(fc.subarray([...connectionStates], { minLength: 1 })),
      sourceIsLocal: fc.constant(true),
      destinationIsLocal: fc.constant(true),
      recent: fc.oneof(
        name.map((list) => ({ list, action: "set" }) as const),
        fc.tuple(name, fc.nat({ max: 9999 })).map(([list, seconds]) => ({ list, action: "check", seconds }) as const),
      ),
      destinationPort: fc.integer({ min: 1, max: 65_535 }),
      target,
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map(({ destinationPort, ...rest }) => ({ ...rest, ...(rest.protocol && destinationPort && { destinationPort }) }));

suite("rules", () => {
  test("are read back from their arguments", () => {
    checkProperty(
      fc.property(rule, (given) => {
        const read = parseRule(ruleArguments(given));
        assert.ok(read, JSON.stringify(given));
        assert.equal(ruleKey(read), ruleKey(given));
        assert.deepEqual(read.comment, given.comment);
        assert.deepEqual(read.target, given.target);
      }),
      { share: 5 },
    );
  });

  test("are read back from a table that was written", () => {
    checkProperty(
      fc.property(name, fc.array(rule, { maxLength: 5 }), (chain, rules) => {
        const text = renderRestore([{ table: "nat", replace: new Map([[chain, rules]]) }]);
        const saved = parseSave(text).get("nat")?.get(chain);
        assert.deepEqual(
          saved?.rules.map(({ args }) => args),
          rules.map(ruleArguments),
        );
      }),
      { share: 3 },
    );
  });

  test("of any other arguments are none, or rules that read back", () => {
    const word = fc.constantFrom(
      "-s",
      "-d",
      "!",
      "-p",
      "tcp",
      "-m",
      "comment",
      "--comment",
      "--dport",
      "80",
      "-j",
      "DNAT",
      "--to-destination",
      "--mark",
      "0x1/0xff",
      "--probability",
      "0.5",
      "constructor",
      "__proto__",
      "toString",
    );
    checkProperty(
      fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 8 }), (args) => {
        const read = parseRule(args);
        if (!read || (read.destinationPort !== undefined && !read.protocol)) return;
        const again = parseRule(ruleArguments(read));
        assert.ok(again, JSON.stringify(args));
        assert.equal(ruleKey(again), ruleKey(read));
      }),
      { share: 10 },
    );
  });
});

suite("text of iptables-save", () => {
  test("carries every argument without control characters", () => {
    checkProperty(
      fc.property(fc.array(fc.oneof(comment, fc.string()), { minLength: 1, maxLength: 5 }), (args) => {
        if (args.some((argument) => /[\p{Cc}]/u.test(argument) && !/[\u0080-\u009f]/.test(argument))) return;
        const line = args.map(quoteArgument).join(" ");
        const saved = parseSave(`*filter\n:X - [0:0]\n-A X ${line}\nCOMMIT\n`).get("filter")?.get("X");
        assert.deepEqual(saved?.rules[0]?.args, args);
      }),
      { share: 3 },
    );
  });

  test("is read or refused in a SaveFormatError", () => {
    const line = fc.oneof(
      fc.constantFrom(
        "*nat",
        "*filter",
        "*constructor",
        "COMMIT",
        ":A - [0:0]",
        ":B ACCEPT [1:2]",
        ":C",
        "-A A -j B",
        '-A A "x',
        "[1:2] -A B",
        "# x",
        "",
        "-A",
        "*",
      ),
      fc.string({ maxLength: 10 }),
    );
    checkProperty(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        try {
          for (const [, table] of parseSave(lines.join("\n")))
            for (const [, { rules }] of table) rules.map(({ args }) => args);
        } catch (error) {
          assert.ok(error instanceof SaveFormatError, String(error));
        }
      }),
      { share: 10 },
    );
  });
});
