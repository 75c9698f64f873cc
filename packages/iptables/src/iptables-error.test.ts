import assert from "node:assert/strict";
import { test } from "node:test";
import { classifyFailure } from "./iptables-error.ts";
import { parseVersion } from "./iptables.ts";

const input = "*nat\n:A - [0:0]\n-A A -d 300.1.1.1 -j RETURN\nCOMMIT\n";
const hint = "Try `iptables-restore -h' or 'iptables-restore --help' for more information.";

const failures = [
  {
    exitCode: 2,
    stderr: `iptables-restore v1.8.9 (nf_tables): host/network \`300.1.1.1' not found\nError occurred at line: 3\n${hint}\n`,
    code: "invalid",
    line: { number: 3, text: "-A A -d 300.1.1.1 -j RETURN" },
    message: "iptables-restore: host/network `300.1.1.1' not found at line 3 (-A A -d 300.1.1.1 -j RETURN)",
  },
  {
    exitCode: 4,
    stderr: "iptables-restore v1.8.9 (nf_tables): \nline 2: CHAIN_DEL failed (Device or resource busy): chain A\n",
    code: "in-use",
    line: { number: 2, text: ":A - [0:0]" },
    message: "iptables-restore: line 2: CHAIN_DEL failed (Device or resource busy): chain A at line 2 (:A - [0:0])",
  },
  {
    exitCode: 2,
    stderr: `iptables-restore v1.8.9 (legacy): Couldn't load match \`foo':No such file or directory\n\nError occurred at line: 3\n${hint}\n`,
    code: "unsupported",
    line: { number: 3, text: "-A A -d 300.1.1.1 -j RETURN" },
    message:
      "iptables-restore: Couldn't load match `foo':No such file or directory at line 3 (-A A -d 300.1.1.1 -j RETURN)",
  },
  {
    exitCode: 4,
    stderr: "Another app is currently holding the xtables lock; waited 5 seconds\n",
    code: "locked",
    line: undefined,
    message: "iptables-restore: Another app is currently holding the xtables lock; waited 5 seconds",
  },
  {
    exitCode: 4,
    stderr:
      "iptables-restore v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n",
    code: "not-permitted",
    line: undefined,
    message: "iptables-restore: Could not fetch rule set generation id: Permission denied (you must be root)",
  },
  { exitCode: 1, stderr: "", code: "failed", line: undefined, message: "iptables-restore: exit code 1" },
] as const;

for (const failure of failures) {
  test(`${failure.code}: ${failure.message}`, () => {
    const error = classifyFailure("iptables-restore", failure.exitCode, failure.stderr, input);
    assert.equal(error.code, failure.code);
    assert.deepEqual(error.detail.line, failure.line);
    assert.equal(error.message, failure.message);
    assert.equal(error.detail.stderr, failure.stderr);
  });
}

test("versions", () => {
  assert.deepEqual(parseVersion("iptables", "iptables v1.8.9 (nf_tables)\n"), { version: "1.8.9", backend: "nft" });
  assert.deepEqual(parseVersion("iptables", "iptables v1.8.4 (legacy)\n"), { version: "1.8.4", backend: "legacy" });
  assert.deepEqual(parseVersion("iptables", "iptables v1.6.2\n"), { version: "1.6.2", backend: "legacy" });
  assert.throws(() => parseVersion("iptables", "iptables v1.4.21\n"), { code: "unsupported" });
  assert.throws(() => parseVersion("iptables", "no"), { code: "failed" });
});
