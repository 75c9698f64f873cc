import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { buildImage } from "../../deploy/images/root-filesystem.ts";
import { run, succeeds } from "../../deploy/local/command.ts";
import { eventually } from "../harness/eventually.ts";
import { Lab, loadImage } from "./lab.ts";
import type { Machine } from "./machine.ts";

const image = "kube-ts-lab/probe:test";
let lab: Lab;
let one: Machine;
let other: Machine;

before(async () => {
  lab = await Lab.start({
    machines: [{ name: "one", disks: [{ path: "/var/lib/etcd", sizeMb: 32 }] }, { name: "other" }],
    network: { ipv6: true },
  });
  one = lab.machine("one");
  other = lab.machine("other");
});

after(async () => {
  await lab[Symbol.asyncDispose]();
  await succeeds("docker", ["image", "rm", image]);
});

const hears = async (from: Machine, to: Machine, family = 0) =>
  (await from.attempt(`ping -n -c 1 -W 1 ${to.addresses[family]}`)).code === 0;
const hearsGateway = async (from: Machine, family: number) =>
  (await from.attempt(`ping -n -c 1 -W 1 ${lab.segments[0]?.gateways[family]}`)).code === 0;

describe("a machine", () => {
  test("is running, and is the root of its own control groups, mounts and boots", async () => {
    assert.equal((await one.run("systemctl is-system-running")).trim(), "running");
    assert.match(await one.run("cat /proc/1/cgroup"), /^\d+:(name=)?systemd:\/init\.scope$|^0::\/init\.scope$/m);
    assert.match(await one.run("findmnt --noheadings --output PROPAGATION /"), /shared/);
    const bootId = (machine: Machine) => machine.read("/proc/sys/kernel/random/boot_id");
    assert.notEqual(await bootId(one), await bootId(other));
    assert.notEqual(await one.read("/etc/machine-id"), await other.read("/etc/machine-id"));
  });

  test("runs commands, and tells when they fail", async () => {
    assert.equal(await one.run("cat; hostname", { input: "in " }), "in one\n");
    await assert.rejects(one.run("echo out; echo err >&2; exit 3"), /one: .* ended with 3: out\n\nerr/);
    assert.equal((await one.attempt("sleep 30", { timeoutMs: 1_000 })).code, 124);
  });

  test("takes files", async () => {
    const directory = mkdtempSync(join(tmpdir(), "kube-ts-lab-"));
    try {
      writeFileSync(join(directory, "note"), "hello");
      await one.copyIn(directory, "/tmp/in");
      assert.equal(await one.run("cat /tmp/in/*/note"), "hello");
    } finally {
      rmSync(directory, { recursive: true });
    }
    await one.write("/etc/kube-ts-test/secret", "s", 0o600);
    assert.equal(await one.run("stat -c %a /etc/kube-ts-test/secret"), "600\n");
  });

  test("has units and journals", async () => {
    const { ActiveState, MainPID } = await one.unit("docker.service");
    assert.equal(ActiveState, "active");
    assert.notEqual(MainPID, 0);
    assert.match(await one.journal("docker.service"), /Started/);
    assert.equal((await one.unit("etcd.service")).ActiveState, "inactive");
  });

  test("has an engine of its own that limits memory inside the machine's control group", async () => {
    await buildImage({ tag: image, files: [], changes: [] });
    await loadImage(one, image);
    await one.run(`docker run --detach --name limited --memory 32m ${image} sleep 1000`);
    const groups = "/sys/fs/cgroup/memory/docker/$(docker inspect -f '{{.Id}}' limited)/memory.limit_in_bytes";
    const groups2 = "/sys/fs/cgroup/system.slice/docker-$(docker inspect -f '{{.Id}}' limited).scope/memory.max";
    assert.equal((await one.run(`cat ${groups} 2>/dev/null || cat ${groups2}`)).trim(), String(32 * 1024 * 1024));
    const eater = "head -c 67108864 /dev/zero | tail -c 67108864 >/dev/null";
    const limits = "--memory 32m --memory-swap 32m";
    // 128 + SIGKILL
    assert.equal((await one.attempt(`docker run --rm ${limits} ${image} sh -c '${eater}'`)).code, 137);
    assert.equal((await other.run("docker ps --all --quiet")).trim(), "");
    assert.equal((await run("docker", ["ps", "--all", "--quiet", "--filter", "name=limited"])).trim(), "");
  });

  test("hears the others in both families, knows their names, and nothing outside", async () => {
    assert.ok(await hears(one, other, 0));
    assert.ok(await hears(one, other, 1));
    assert.match(await one.run("getent ahostsv4 other"), new RegExp(other.address.replaceAll(".", "\\.")));
    assert.ok(await hearsGateway(one, 0));
    assert.notEqual((await one.attempt("ping -n -c 1 -W 1 192.0.2.1")).code, 0);
  });
});

describe("a power cycle", () => {
  test("ends everything at once and keeps the disks", async () => {
    await one.write("/var/lib/etcd/kept", "kept");
    const before = await one.read("/proc/sys/kernel/random/boot_id");
    await one.powerOff();
    assert.ok(!(await hears(other, one)));
    await one.powerOn();
    assert.notEqual(await one.read("/proc/sys/kernel/random/boot_id"), before);
    assert.equal(await one.read("/var/lib/etcd/kept"), "kept");
    assert.equal((await one.run("docker inspect -f '{{.State.Running}}' limited")).trim(), "false");
    assert.ok(await hears(other, one));
    assert.match(await one.journal("docker.service"), /Started[\s\S]+Started/);
  });
});

test("a paused machine is silent and goes on afterwards", async () => {
  const { MainPID } = await one.unit("docker.service");
  await one.pause();
  await eventually("nothing moves", async () => !(await succeeds("docker", ["exec", one.container, "true"], 2_000)));
  await one.unpause();
  assert.equal((await one.unit("docker.service")).MainPID, MainPID);
});

test("a killed unit ends at once, and systemd restarts it", async () => {
  await one.write("/etc/systemd/system/steady.service", "[Service]\nExecStart=sleep infinity\nRestart=always\n");
  await one.run("systemctl daemon-reload && systemctl start steady");
  const killed = await one.kill("steady.service");
  const state = await eventually(
    "it is restarted",
    () => one.unit("steady.service"),
    ({ NRestarts }) => NRestarts === 1,
  );
  assert.notEqual(state.MainPID, killed);
  await one.run("systemctl stop steady");
});

describe("the wires", () => {
  afterEach(() => lab.wires.heal());

  test("a cut cable has no carrier, also after a power cycle, until it is healed", async () => {
    await lab.wires.cut(other);
    assert.equal((await other.read("/sys/class/net/eth0/carrier")).trim(), "0");
    assert.ok(!(await hears(one, other)));
    await other.powerCycle();
    assert.equal((await other.read("/sys/class/net/eth0/carrier")).trim(), "0");
    await lab.wires.heal(other);
    await eventually("they hear each other", () => hears(one, other));
  });

  test("a partition separates two machines in both families, and nobody else", async () => {
    await lab.wires.partition(one, other);
    for (const family of [0, 1]) {
      assert.ok(!(await hears(one, other, family)));
      assert.ok(!(await hears(other, one, family)));
      for (const machine of [one, other]) assert.ok(await hearsGateway(machine, family));
    }
    await lab.wires.heal();
    for (const family of [0, 1]) await eventually("they hear each other", () => hears(one, other, family));
  });

  test("a lossy cable loses about its share", async () => {
    await lab.wires.lose(other, 30);
    const { stdout } = await one.attempt(`ping -n -q -i 0.01 -W 1 -w 20 -c 300 ${other.address}`);
    await lab.wires.heal();
    // Both ways: 1 − 0.7² = 51 % of the answers are missing.
    const lost = Number(/([\d.]+)% packet loss/.exec(stdout)?.[1]);
    assert.ok(lost > 38 && lost < 64, stdout);
    assert.ok(await hears(one, other));
  });
});
