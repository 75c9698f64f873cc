import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { apiServerFiles, writeApiServerFiles } from "../local/api-server-files.ts";
import { ensureIdentities } from "../local/identities.ts";
import { kubeletConfigFile } from "../local/layout.ts";
import { writeNodeConfig } from "../local/node-config.ts";
import { findings } from "./check.ts";
import { cisChecks } from "./cis/checks.ts";
import { clusterView } from "./collect/cluster-view.ts";
import { readYaml } from "./collect/read-file.ts";
import { localSubject } from "./local-subject.ts";
import { localPrograms, noObjects, scratchCluster } from "./testing/cluster-views.ts";

/** What the local cluster leaves out on purpose, so that what runs elsewhere runs there, too. */
const leftOut = ["1.2.3", "1.2.9", "1.2.11"];

test("what `npm run up` makes follows the benchmark", { skip: process.getuid?.() !== 0 && "needs root" }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-doctor-"));
  try {
    const cluster = scratchCluster(directory);
    const identities = await ensureIdentities(cluster);
    // An older cluster's file was open to everybody.
    writeFileSync(kubeletConfigFile(cluster), "", { mode: 0o644 });
    writeNodeConfig(cluster, identities);
    writeApiServerFiles(cluster);
    mkdirSync(join(directory, "etcd"), { mode: 0o700 });
    const files = apiServerFiles(cluster);
    const key = readFileSync(files.encryption, "utf8");
    assert.equal(statSync(files.encryption).mode & 0o777, 0o600);
    writeApiServerFiles(cluster);
    assert.equal(readFileSync(files.encryption, "utf8"), key, "the key is made once");
    const view = {
      ...(await clusterView(localSubject(cluster), noObjects)),
      processes: localPrograms(identities),
      kubeletFile: readYaml(kubeletConfigFile(cluster)) as Record<string, unknown>,
      auditPolicy: readYaml(files.auditPolicy),
      authentication: readYaml(files.authentication),
      encryption: readYaml(files.encryption),
    };
    const bad = findings(cisChecks, view).filter(({ outcome }) => outcome.state === "FAIL" || outcome.state === "WARN");
    assert.deepEqual(
      bad.map(({ id }) => id),
      leftOut,
      JSON.stringify(bad, undefined, 2),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});
