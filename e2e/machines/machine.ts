import { spawn } from "node:child_process";
import { basename, dirname } from "node:path";
import { CommandError, run } from "../../deploy/local/command.ts";
import { eventually } from "../harness/eventually.ts";

/** How a command on a machine ended, and what it said. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** What the command reads. */
  readonly input?: string | Buffer;
  /** Two minutes by default. */
  readonly timeoutMs?: number;
}

/** What systemd knows about a unit, as `systemctl show` names it. */
export interface UnitState {
  readonly ActiveState: string;
  readonly SubState: string;
  readonly Result: string;
  /** 0 when it does not run. */
  readonly MainPID: number;
  /** How often systemd restarted it by itself. */
  readonly NRestarts: number;
}

/** A machine of a laboratory: what an operator can do at its console, and at its power switch. */
export class Machine {
  readonly name: string;
  /** IPv4 first. */
  readonly addresses: readonly string[];
  /** The container that it is, for `docker exec`. */
  readonly container: string;
  readonly mac: string;
  /** Called after each start, before the machine is waited for. */
  readonly #plugIn: (machine: Machine) => Promise<void>;

  constructor(
    machine: Pick<Machine, "name" | "addresses" | "container" | "mac">,
    plugIn: (machine: Machine) => Promise<void>,
  ) {
    this.name = machine.name;
    this.addresses = machine.addresses;
    this.container = machine.container;
    this.mac = machine.mac;
    this.#plugIn = plugIn;
  }

  get address(): string {
    return this.addresses[0] ?? "";
  }

  /** Runs a shell command as root; answers what it printed. Throws with all it said when it fails. */
  async run(command: string, options: CommandOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.attempt(command, options);
    if (code === 0) return stdout;
    throw new CommandError(`${this.name}: ${command} ended with ${code}: ${`${stdout}\n${stderr}`.trim()}`);
  }

  /** Runs a shell command that may fail. The exit code is 124 when it took too long. */
  async attempt(command: string, { input = "", timeoutMs = 120_000 }: CommandOptions = {}): Promise<CommandResult> {
    // `timeout` ends the command inside too: the client's end alone would leave it running.
    const limit = String(Math.ceil(timeoutMs / 1000));
    const args = ["exec", "--interactive", this.container, "timeout", "--kill-after=5", limit, "sh", "-c", command];
    const child = spawn("docker", args, { stdio: ["pipe", "pipe", "pipe"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs + 10_000);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    // A command that does not read its input may end first.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 124));
    });
    clearTimeout(timer);
    return { code, stdout, stderr };
  }

  /** Copies a file or directory of this computer into a directory of the machine, under the same name. */
  async copyIn(path: string, directory: string): Promise<void> {
    const copy =
      'tar -C "$0" --numeric-owner --owner=0 --group=0 -cf - "$1" | docker exec --interactive "$2" sh -c \'mkdir -p "$0" && tar -C "$0" -xf -\' "$3"';
    await run("sh", ["-c", copy, dirname(path), basename(path), this.container, directory], 300_000);
  }

  /** Writes a file of root's. */
  async write(path: string, content: string | Buffer, mode = 0o644): Promise<void> {
    const put = `mkdir -p "$(dirname '${path}')" && cat >'${path}' && chmod ${mode.toString(8)} '${path}'`;
    await this.run(put, { input: content });
  }

  read(path: string): Promise<string> {
    return this.run(`cat '${path}'`);
  }

  /** The newest lines a unit logged; of all boots, since the journal is on disk. */
  journal(unit: string, lines = 200): Promise<string> {
    return this.run(`journalctl --no-pager --output=short-precise --lines=${lines} --unit='${unit}'`);
  }

  async unit(name: string): Promise<UnitState> {
    const properties = "ActiveState,SubState,Result,MainPID,NRestarts";
    const text = await this.run(`systemctl show --property=${properties} '${name}'`);
    const value = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(text)?.[1] ?? "";
    return {
      ActiveState: value("ActiveState"),
      SubState: value("SubState"),
      Result: value("Result"),
      MainPID: Number(value("MainPID")),
      NRestarts: Number(value("NRestarts")),
    };
  }

  /** Polls until a shell command succeeds; answers what it printed. */
  async waitUntil(what: string, command: string, timeoutMs = 60_000): Promise<string> {
    const { stdout } = await eventually(
      `${this.name}: ${what}`,
      () => this.attempt(command),
      ({ code }) => code === 0,
      timeoutMs,
    );
    return stdout;
  }

  /** Polls until systemd is done with booting. Throws with the units that failed. */
  async waitUntilBooted(timeoutMs = 90_000): Promise<void> {
    const state = await eventually(
      `${this.name} boots`,
      async () => (await this.attempt("systemctl is-system-running")).stdout.trim(),
      (state) => state === "running" || state === "degraded",
      timeoutMs,
    );
    if (state === "running") return;
    throw new Error(
      `${this.name} booted, but units failed: ${await this.run("systemctl --failed --plain --no-legend")}`,
    );
  }

  /** Stops the machine in the middle of everything, as a power cut would; its disks stay. */
  async powerOff(): Promise<void> {
    await run("docker", ["kill", this.container]);
  }

  async isOn(): Promise<boolean> {
    return (await run("docker", ["inspect", "--format", "{{.State.Running}}", this.container])).trim() === "true";
  }

  /** Starts it with the disks it had. Resolves when systemd is done with booting. */
  async powerOn(): Promise<void> {
    await run("docker", ["start", this.container]);
    await this.#plugIn(this);
    await this.waitUntilBooted();
  }

  async powerCycle(): Promise<void> {
    await this.powerOff();
    await this.powerOn();
  }

  /** Everything on the machine stands still, as on a machine that hangs: nothing ends, no connection is closed. */
  async pause(): Promise<void> {
    await run("docker", ["pause", this.container]);
  }

  async unpause(): Promise<void> {
    await run("docker", ["unpause", this.container]);
  }

  /** Kills the main process of a unit, as `kill -9` does; answers its process id on the machine. */
  async kill(unit: string): Promise<number> {
    const { MainPID } = await this.unit(unit);
    if (MainPID === 0) throw new Error(`${this.name}: ${unit} does not run`);
    await this.run(`kill -KILL ${MainPID}`);
    return MainPID;
  }

  /** Stops Docker. Its containers end with it unless it is configured to let them live. */
  async stopDocker(): Promise<void> {
    // The socket would start it again.
    await this.run("systemctl stop docker.socket docker.service");
  }

  async startDocker(): Promise<void> {
    await this.run("systemctl start docker.socket docker.service");
  }
}
