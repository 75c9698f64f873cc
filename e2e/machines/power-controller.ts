import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import type { Lab } from "./lab.ts";
import type { Machine } from "./machine.ts";

const paths = {
  fence: "/usr/local/bin/fence",
  power: "/usr/local/bin/power",
  inventory: "/etc/kubernetes/machines.yaml",
};

/**
 * Turns machines off when it is asked to over the network, as the controller in a server's board does; and what an
 * operator puts on a machine so that the cluster asks it.
 */
export class PowerController implements AsyncDisposable {
  /** How often it was asked to turn a machine off. */
  asked = 0;
  /** Whether it does nothing of what it is asked to do. */
  isStuck = false;
  readonly #lab: Lab;
  readonly #server: Server;
  readonly #offSince = new Map<string, number>();

  private constructor(lab: Lab) {
    this.#lab = lab;
    this.#server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", (data) => {
        const [verb = "", name = ""] = data.toString().trim().split(" ");
        this.#answer(verb, lab.machine(name)).then(
          (answer) => socket.end(`${answer}\n`),
          () => socket.end("failed\n"),
        );
      });
    });
  }

  static async start(lab: Lab): Promise<PowerController> {
    const controller = new PowerController(lab);
    controller.#server.listen(0, controller.#host);
    await once(controller.#server, "listening");
    return controller;
  }

  /** The flags by which controller-managers ask it. */
  static readonly flags = { "node-fencing-program": paths.fence, "node-fencing-delay": "5s" };

  /** When it found, or made sure, that the machine is off; on the monotonic clock. Undefined if it was not asked. */
  offSince(machine: Machine): number | undefined {
    return this.#offSince.get(machine.name);
  }

  /** Writes the programs and the inventory of these machines, in one group; answers the group's provider. */
  async installOn(machine: Machine, group: string, machines: readonly Machine[]): Promise<readonly string[]> {
    const { port } = this.#server.address() as AddressInfo;
    const power = [
      "#!/bin/bash",
      "set -eu",
      `exec 3<>/dev/tcp/${this.#host}/${port}`,
      'echo "$1 $MACHINE" >&3',
      "read -r -t 60 answer <&3",
      'case $answer in on | off) echo "$answer" ;; *) echo "the power controller says: $answer" >&2; exit 1 ;; esac',
    ];
    const provider = ["/usr/bin/kube-ts", "node-group", "bare-metal", `--inventory=${paths.inventory}`];
    const inventory = {
      apiVersion: "deploy.kube-ts.io/v1",
      kind: "MachineInventory",
      stateDirectory: "/var/lib/cluster-autoscaler/machines",
      powerOff: [paths.power, "off"],
      powerState: [paths.power, "status"],
      groups: [{ name: group, minSize: 1, machines: machines.map(({ name, mac }) => ({ name, mac })) }],
    };
    await machine.write(paths.power, `${power.join("\n")}\n`, 0o755);
    await machine.write(paths.fence, `#!/bin/sh\nexec ${provider.join(" ")} "$@"\n`, 0o755);
    await machine.write(paths.inventory, JSON.stringify(inventory));
    return provider;
  }

  async powerOn(machine: Machine): Promise<void> {
    this.#offSince.delete(machine.name);
    await machine.powerOn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }

  /** This computer, as machines see it. */
  get #host(): string {
    return this.#lab.segments[0]?.gateways[0] ?? "";
  }

  async #answer(verb: string, machine: Machine): Promise<string> {
    const isOn = await machine.isOn();
    if (verb === "status") return isOn ? "on" : "off";
    this.asked += 1;
    if (this.isStuck) return "busy";
    if (isOn) await machine.powerOff();
    this.#offSince.set(machine.name, performance.now());
    return "off";
  }
}
