import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { localCluster } from "../deploy/local/layout.ts";
import { BareMachine } from "./harness/bare-machine.ts";
import { runScript } from "./harness/local-cluster.ts";

/** What `up` needs from Debian beyond a minimal installation. */
const packages = [
  "etcd-server",
  "docker.io",
  "iptables",
  "iproute2",
  "conntrack",
  "containernetworking-plugins",
  "busybox",
  "procps",
  "ca-certificates",
];

test("a machine with Debian, Node.js, npm and git has a cluster after one command", async (context) => {
  if (existsSync(localCluster().directory)) await runScript("down");
  await using machine = await BareMachine.create();
  try {
    await context.test("up installs what is missing and says what", async () => {
      const { code, output } = await machine.shell("npm run up");
      assert.equal(code, 0, output);
      assert.match(output, /installing Node\.js 26 and the npm packages/);
      assert.match(output, /installing the Debian package libatomic1/);
      assert.equal(/installing Debian packages: (.+)/.exec(output)?.[1], packages.join(", "));
      assert.match(output, /node is Ready/);
      assert.match(output, /cluster DNS answers/);
      const { output: nodes } = await machine.shell(
        "packages/kubectl/bin/kubectl --kubeconfig=.cluster/admin.kubeconfig get nodes --no-headers",
      );
      assert.match(nodes, / Ready /);
    });

    await context.test("a second up installs nothing", async () => {
      const { code, output } = await machine.shell("npm run up");
      assert.equal(code, 0, output);
      assert.doesNotMatch(output, /installing|started one/);
    });
  } finally {
    const { code, output } = await machine.shell("npm run down");
    assert.equal(code, 0, output);
  }
});
