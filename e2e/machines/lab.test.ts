import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { buildImage } from "../../deploy/images/root-filesystem.ts";
import { run, succeeds } from "../../deploy/local/command.ts";
import { eventually } from "../harness/eventually.ts";
import { resetClock, shiftClock } from "./clock.ts";
import { emptyDisk, fillDisk } from "./disks.ts";
import { Lab, loadImage } from "./lab.ts";
import type { Machine } from "./machine.ts";
import { identityVariable, PodSightings } from "./pod-sightings.ts";

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

test("who runs on which machine is seen, on one that is cut off, too, and so is who runs twice", async () => {
  await buildImage({ tag: image, files: [], changes: [] });
  for (const machine of lab.machines) await loadImage(machine, image);
  using sightings = await PodSightings.start(lab.machines);
  const start = (machine: Machine, name: string) => {
    const options = `--detach --name ${name} --cgroup-parent=/kubepods/probe --env ${identityVariable}=db-0`;
    return machine.run(`docker run ${options} ${image} sleep 1000`);
  };
  const where = () => sightings.of("db-0").map(({ machine }) => machine);
  await lab.wires.cut(one);
  await start(one, "first");
  await eventually("it is seen", where, (machines) => machines.join() === "one");
  await one.run("docker rm --force first");
  await lab.wires.heal();
  await start(other, "moved");
  await eventually("it is seen elsewhere", where, (machines) => machines.join() === "one,other");
  assert.deepEqual(sightings.twice, []);
  await start(one, "twin");
  const [told = ""] = await eventually(
    "that it runs twice",
    () => sightings.twice,
    (twice) => twice.length > 0,
  );
  assert.match(told, /^db-0 ran as [0-9a-f]{12} on one and as [0-9a-f]{12} on other$/);
  await Promise.all([one.run("docker rm --force twin"), other.run("docker rm --force moved")]);
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

test("a full disk takes no byte more, and can be emptied", async () => {
  await one.write("/var/lib/etcd/before", "before");
  const filled = await fillDisk(one, "/var/lib/etcd");
  assert.ok(filled > 20 * 1024 * 1024 && filled < 32 * 1024 * 1024, String(filled));
  const { code, stderr } = await one.attempt("head -c 65536 /dev/zero >/var/lib/etcd/more");
  assert.equal(code, 1);
  assert.match(stderr, /No space left on device/);
  assert.equal(await one.read("/var/lib/etcd/before"), "before");
  await emptyDisk(one, "/var/lib/etcd");
  await one.run("head -c 65536 /dev/zero >/var/lib/etcd/more");
  await assert.rejects(fillDisk(one, "/var/lib"), /\/var\/lib has no disk of its own/);
});

test("the clock of a unit moves, the monotonic one and everybody else's do not", async () => {
  await one.copyIn(realpathSync(process.execPath), "/usr/local/bin");
  const program = "setInterval(() => console.log(`wall ${Date.now()} mono ${performance.now()}`), 100)";
  await one.write("/usr/local/bin/tell-time.mjs", program);
  const start = "ExecStart=/usr/local/bin/node /usr/local/bin/tell-time.mjs";
  await one.write("/etc/systemd/system/tell-time.service", `[Service]\n${start}\n`);
  await one.run("systemctl daemon-reload && systemctl start tell-time");
  const newest = async () => {
    const line = (await one.run("journalctl --output=cat --lines=1 --unit=tell-time")).trim();
    const [, wall, mono] = /wall (\d+) mono ([\d.]+)/.exec(line) ?? [];
    return { offset: (Number(wall) - Date.now()) / 1000, mono: Number(mono) };
  };
  for (const seconds of [3600, -3600, 7200]) {
    await shiftClock(one, "tell-time.service", seconds);
    const { MainPID } = await one.unit("tell-time.service");
    const before = await eventually("its clock moved", newest, ({ offset }) => Math.abs(offset - seconds) < 30);
    assert.ok(before.mono < 600_000, String(before.mono));
    assert.equal((await one.unit("tell-time.service")).MainPID, MainPID);
  }
  assert.ok(Math.abs(Number(await one.run("date +%s")) - Date.now() / 1000) < 30);
  await resetClock(one, "tell-time.service");
  await eventually("its clock is right", newest, ({ offset }) => Math.abs(offset) < 30);
  await one.run("systemctl stop tell-time");
  await assert.rejects(shiftClock(one, "docker.service", 10), /is a Go program/);
});

test("Docker stops and starts", async () => {
  await one.stopDocker();
  assert.equal((await one.unit("docker.service")).ActiveState, "inactive");
  assert.notEqual((await one.attempt("docker version", { timeoutMs: 5_000 })).code, 0);
  await one.startDocker();
  await one.run("docker version");
});
