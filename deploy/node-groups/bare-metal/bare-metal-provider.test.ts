import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { formatYaml } from "@kube-ts/std/yaml";
import { parseGroups } from "../../../packages/cluster-autoscaler/src/provider/provider-answer.ts";
import { answerVerb, OutOfMachinesError } from "../group-provider.ts";
import { magicPacket } from "../wake-on-lan.ts";
import { BareMetalProvider } from "./bare-metal-provider.ts";
import { loadInventory } from "./inventory.ts";

const never = new AbortController().signal;
const mac = "52:54:00:12:34:ab";

/** A rack whose machines are files: `m1.on` stands for a machine that draws power. */
describe("machines that stand there", () => {
  let directory: string;
  let rack: string;
  let card: Socket;
  let clock: FakeClock;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "kube-ts-rack-"));
    card = createSocket("udp4");
    card.bind(0, "127.0.0.1");
    await once(card, "listening");
    card.on("message", (packet) => {
      if (packet.equals(magicPacket(mac))) writeFileSync(join(rack, "woken.on"), "");
    });
  });
  after(() => {
    card.close();
    rmSync(directory, { recursive: true, force: true });
  });
  beforeEach(() => {
    rack = mkdtempSync(join(directory, "rack-"));
    clock = new FakeClock(1e12);
  });

  function script(name: string, body: string): string {
    const path = join(rack, name);
    writeFileSync(path, `#!/bin/sh\nset -eu\ncd ${rack}\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  async function open(more: Record<string, unknown> = {}): Promise<BareMetalProvider> {
    const on = script("on", '[ ! -e "$MACHINE.broken" ] && : > "$MACHINE.on"');
    const inventory = {
      apiVersion: "deploy.kube-ts.io/v1",
      kind: "MachineInventory",
      stateDirectory: join(rack, "state"),
      powerOff: [script("off", '[ ! -e "$MACHINE.stuck" ] || exit 1; rm -f "$MACHINE.on"')],
      powerState: [
        script("power-state", '[ "$BMC" = up ] || exit 1; if [ -e "$MACHINE.on" ]; then echo On; else echo Off; fi'),
      ],
      groups: [
        {
          name: "rack",
          minSize: 0,
          template: { capacity: { cpu: "4" } },
          machines: [
            { name: "m1", powerOn: [on], environment: { BMC: "up" } },
            { name: "woken", mac, broadcast: "127.0.0.1", port: card.address().port, environment: { BMC: "up" } },
            { name: "m3", id: "rack://3", powerOn: [on], environment: { BMC: "down" } },
          ],
        },
      ],
      ...more,
    };
    const path = join(rack, "inventory.yaml");
    writeFileSync(path, formatYaml(inventory));
    return new BareMetalProvider(await loadInventory(path), clock);
  }

  async function machines(provider: BareMetalProvider): Promise<string[]> {
    // What the provider prints is read as the autoscaler reads it.
    const [group] = parseGroups(await answerVerb(provider, "list", "{}", never));
    return (group?.machines ?? []).map(({ id, nodeName, state }) => `${id} ${nodeName} ${state}`);
  }

  const increase = (provider: BareMetalProvider, count: number) =>
    answerVerb(provider, "increase", JSON.stringify({ group: "rack", count }), never);
  const remove = (provider: BareMetalProvider, id: string) =>
    answerVerb(provider, "delete", JSON.stringify({ group: "rack", machines: [{ id }] }), never);

  it("are started by their command or woken, while there are any whose state is known", async () => {
    const provider = await open();
    assert.deepEqual(await machines(provider), []);
    await increase(provider, 1);
    assert.deepEqual(await machines(provider), ["rack/m1 m1 Running"]);
    await assert.rejects(increase(provider, 2), OutOfMachinesError);
    const listed = await machines(provider);
    assert.equal(listed[0], "rack/m1 m1 Running");
    assert.match(listed[1] ?? "", /^rack\/woken woken (Creating|Running)$/);
    assert.equal(listed.length, 2);
  });

  it("that do not start are told as failed, and can be tried again", async () => {
    const provider = await open();
    writeFileSync(join(rack, "m1.broken"), "");
    await assert.rejects(increase(provider, 1), /exited with 1/);
    assert.deepEqual(await machines(provider), []);
    rmSync(join(rack, "m1.broken"));
    await increase(provider, 1);
    rmSync(join(rack, "m1.on"));
    assert.deepEqual(await machines(provider), ["rack/m1 m1 Creating"]);
    await clock.advance(3 * 60_000);
    assert.deepEqual(await machines(provider), ["rack/m1 m1 Failed"]);
    await remove(provider, "rack/m1");
    assert.deepEqual(await machines(provider), []);
  });

  it("are deleted when they are off", async () => {
    const provider = await open();
    await increase(provider, 1);
    writeFileSync(join(rack, "m1.stuck"), "");
    await assert.rejects(remove(provider, "rack/m1"), /exited with 1/);
    assert.deepEqual(await machines(provider), ["rack/m1 m1 Running"]);
    rmSync(join(rack, "m1.stuck"));
    await remove(provider, "rack/m1");
    await remove(provider, "rack/m1");
    assert.deepEqual(await machines(provider), []);
  });

  it("are fenced by provider ID or name, and only when they are certainly off", async () => {
    const provider = await open();
    await increase(provider, 1);
    const fence = (node: string, providerID: string) =>
      answerVerb(provider, "fence", JSON.stringify({ node, providerID, addresses: [] }), never);
    await assert.rejects(fence("stranger", ""), /node stranger is no machine of the inventory/);
    await fence("other-name", "rack/m1");
    assert.deepEqual(await machines(provider), ["rack/m1 m1 Creating"], "it was started and is off");
    const lying = await open({ powerOff: ["/bin/true"] });
    writeFileSync(join(rack, "m1.on"), "");
    const fenced = assert.rejects(
      answerVerb(lying, "fence", JSON.stringify({ node: "m1" }), never),
      /m1 was turned off and is not off/,
    );
    await advanceUntil(fenced);
  });

  it("without a way to ask are what was started", async () => {
    const provider = await open({ powerState: [] });
    writeFileSync(join(rack, "m1.on"), "");
    assert.deepEqual(await machines(provider), []);
    await increase(provider, 1);
    assert.deepEqual(await machines(provider), ["rack/m1 m1 Running"]);
  });

  it("come from an inventory that is checked", async () => {
    const machine = { name: "m", mac };
    const group = (machineShape: object) => ({ groups: [{ name: "g", machines: [machineShape] }] });
    await assert.rejects(open({ stateDirectory: "x" }), /stateDirectory: must be an absolute path/);
    await assert.rejects(open({ powerOff: [] }), /powerOff: Required value/);
    await assert.rejects(open(group({ name: "m" })), /groups\[0\]\.machines\[0\]: give mac or powerOn/);
    await assert.rejects(open(group({ name: "m", mac: "x" })), /machines\[0\]\.mac: "x" is not a hardware address/);
    await assert.rejects(open(group({ name: "../m", mac })), /machines\[0\]\.name: must be the name of a node/);
    await assert.rejects(open({ groups: [{ name: "g", machines: [machine, machine] }] }), /Duplicate value: "g\/m"/);
  });

  async function advanceUntil(work: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const ended = work.finally(() => done.abort());
    while (!done.signal.aborted) {
      await clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await ended;
  }
});
