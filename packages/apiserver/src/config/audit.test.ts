import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseFlags } from "@kube-ts/std/flags";
import { auditConfig, auditFlags } from "./audit.ts";

function configOf(...args: readonly string[]) {
  return auditConfig(parseFlags(auditFlags, "test", args).values);
}

test("values that cannot be are refused in upstream's words", async () => {
  const cases: readonly [problem: RegExp, ...args: string[]][] = [
    [/invalid audit log mode async, allowed modes are "batch,blocking,blocking-strict"/, "--audit-log-mode=async"],
    [/invalid audit log format xml, allowed formats are "legacy,json"/, "--audit-log-format=xml"],
    [/--audit-log-maxage -1 can't be a negative number/, "--audit-log-maxage=-1"],
    [
      /invalid audit batch log buffer size 0, must be a positive number/,
      "--audit-log-mode=batch",
      "--audit-log-batch-buffer-size=0",
    ],
    [
      /invalid audit batch log throttle QPS 0, must be a positive number/,
      "--audit-log-mode=batch",
      "--audit-log-batch-throttle-enable",
    ],
    [
      /invalid audit truncate log max batch size 1, must be greater than max event size \(102400\)/,
      "--audit-log-truncate-max-batch-size=1",
    ],
    [/invalid group version, allowed versions are \["audit.k8s.io\/v1"\]/, "--audit-log-version=audit.k8s.io/v1beta1"],
  ];
  for (const [message, ...args] of cases) {
    await assert.rejects(configOf("--audit-log-path=/tmp/never", ...args), { message });
  }
});

test("nothing is recorded without a policy, nor without a place", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-audit-config-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "policy.yaml");
  writeFileSync(file, "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]");
  assert.equal(await configOf("--audit-log-path=-"), undefined);
  assert.equal(await configOf(`--audit-policy-file=${file}`), undefined);
  const config = await configOf(`--audit-policy-file=${file}`, "--audit-log-path=-");
  assert.equal(config?.policy.rules.length, 1);
  assert.equal(config?.log?.mode, "blocking");
});
