import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { run, succeeds } from "../../deploy/local/command.ts";
import { adminKubeconfig } from "../harness/kubeconfig.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

const installMs = 600_000;
const scriptMs = 120_000;
const python = "/usr/bin/python3";

const home = mkdtempSync(join(tmpdir(), "kube-ts-python-"));
after(() => rmSync(home, { recursive: true, force: true }));

const server = serverForTests({ prepare: installClient });

async function installClient(): Promise<void> {
  if (await succeeds(python, ["-c", "import kubernetes"])) return;
  await run("apt-get", ["-qq", "update"], installMs);
  await run("apt-get", ["-qq", "install", "-y", "--no-install-recommends", "python3-kubernetes"], installMs);
}

test("the Python client lists, writes and watches", async () => {
  const script = join(import.meta.dirname, "client-python.py");
  const env = { ...process.env, KUBECONFIG: adminKubeconfig(server), HOME: home };
  const output = await new Promise<string>((resolve) => {
    execFile(python, [script], { env, timeout: scriptMs }, (error, stdout, stderr) =>
      resolve(error ? `${error.message}\n${stdout}${stderr}` : ""),
    );
  });
  assert.equal(output, "");
});
