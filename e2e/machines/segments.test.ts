import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { run } from "../../deploy/local/command.ts";
import { eventually } from "../harness/eventually.ts";
import { useLabEngine } from "./lab-engine.ts";
import { Lab } from "./lab.ts";

test("two segments are joined by a router that knows nothing of pods", async () => {
  await using lab = await Lab.start({
    machines: [{ name: "near" }, { name: "far", segment: 1 }],
    network: { ipv6: true, segments: 2 },
  });
  const near = lab.machine("near");
  const far = lab.machine("far");
  const hears = async (address: string) => (await near.attempt(`ping -n -c 1 -W 1 ${address}`)).code === 0;
  // New addresses and neighbours take a moment.
  const reaches = async () => {
    for (const address of far.addresses) await eventually(`${address} answers`, () => hears(address), Boolean, 30_000);
  };
  assert.match(await near.run("ip route"), /default via 172\.30\.\d+\.2 dev eth0/);
  await reaches();
  const hops = await near.run(`ip route get ${far.address}`);
  assert.match(hops, /via 172\.30\.\d+\.2 /);
  await far.run("ip address add 10.244.7.1/24 dev docker0");
  assert.ok(!(await hears("10.244.7.1")));
  await lab.wires.partition(near, far);
  for (const address of far.addresses) assert.ok(!(await hears(address)), address);
  await lab.wires.heal();
  await reaches();
});

test("what a killed laboratory left is removed when the next one starts, and what is in use stays", async () => {
  // Has the engine for the whole test: one that the killed laboratory started would outlive it.
  await using _engine = await useLabEngine();
  const boot = spawn(process.execPath, [join(dirname(import.meta.filename), "boot.ts"), "orphan"]);
  let said = "";
  boot.stdout.setEncoding("utf8");
  for await (const text of boot.stdout) {
    said += String(text);
    if (said.includes("Ctrl-C")) break;
  }
  const orphan = /docker exec -it (\S+)/.exec(said)?.[1] ?? "";
  const isThere = async () => (await run("docker", ["ps", "--quiet", "--filter", `name=${orphan}`])).trim() !== "";
  {
    await using lab = await Lab.start({ machines: [] });
    assert.ok(await isThere(), `${lab.id} removed a laboratory that is in use`);
  }
  boot.kill("SIGKILL");
  await once(boot, "close");
  await using lab = await Lab.start({ machines: [] });
  assert.ok(!(await isThere()), `${lab.id} left it`);
  assert.doesNotMatch(await run("docker", ["volume", "ls"]), new RegExp(orphan));
});
