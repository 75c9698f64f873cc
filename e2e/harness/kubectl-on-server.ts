import assert from "node:assert/strict";
import type { KubeObject } from "@kube-ts/api/object";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { adminKubeconfig } from "./kubeconfig.ts";
import { upstream } from "./kubectl.ts";
import type { CommandResult, Kubectl } from "./kubectl.ts";

/** Upstream's kubectl as the administrator of an API server, without any other daemon. */
export class KubectlOnServer implements AsyncDisposable {
  readonly server: ServerUnderTest;
  #kubectl: Kubectl | undefined;

  /** The server may start later, but before the first command. */
  constructor(server: ServerUnderTest) {
    this.server = server;
  }

  /** Starts a server that stops with what this answers. `extraArgs` go to the server. */
  static async start(extraArgs: readonly string[] = []): Promise<KubectlOnServer> {
    return new KubectlOnServer(await startServer(extraArgs));
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.server[Symbol.asyncDispose]();
  }

  /** Runs to the end; does not throw for exit codes. */
  attempt(args: readonly string[], input?: string): Promise<CommandResult> {
    const home = this.server.directory;
    this.#kubectl ??= upstream({ kubeconfig: adminKubeconfig(this.server), home });
    return this.#kubectl.try(args, input);
  }

  /** What the command prints; its arguments are apart by single spaces. Fails when the command does. */
  async run(command: string, input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.attempt(command.split(" "), input);
    assert.equal(code, 0, `kubectl ${command}: ${stderr}${stdout}`);
    return stdout;
  }

  create(object: object): Promise<string> {
    return this.run("create -f -", JSON.stringify(object));
  }

  /** `target` is the resource, the name and the flags, apart by single spaces. */
  async patch(target: string, change: unknown): Promise<void> {
    const { code, stderr } = await this.attempt(["patch", ...target.split(" "), "-p", JSON.stringify(change)]);
    assert.equal(code, 0, `kubectl patch ${target}: ${stderr}`);
  }

  /** What kubectl says when the object cannot be created. */
  async refusal(object: object): Promise<string> {
    const { code, stderr } = await this.attempt(["create", "-f", "-"], JSON.stringify(object));
    assert.notEqual(code, 0);
    return stderr;
  }

  async json<T>(command: string): Promise<T> {
    return JSON.parse(await this.run(`${command} -o json`)) as T;
  }

  /** The lines of a table, the columns apart by two spaces, ages as `T`. */
  async table(command: string): Promise<string[]> {
    const lines = (await this.run(command)).trimEnd().split("\n");
    return lines.map((line) =>
      line
        .split(/ {2,}/)
        .map((cell) => cell.trim().replace(/^(\d+[smh])+$/, "T"))
        .join("  "),
    );
  }

  /** Whatever kubectl does with any object: show, describe, explain, patch and apply it twice. */
  async exercise(resource: string, name: string, field: string): Promise<void> {
    assert.match(await this.run(`describe ${resource} ${name}`), new RegExp(`^Name: +${name}$`, "m"));
    const documentation = await this.run(`explain ${resource}.${field}`);
    assert.match(documentation, /DESCRIPTION:\n +\S/);
    const patch = '{"metadata":{"labels":{"patched":"yes"}}}';
    assert.match(await this.run(`patch ${resource} ${name} -p ${patch}`), /patched$/m);
    assert.equal(await this.run(`get ${resource} -l patched=yes -o jsonpath={.items[*].metadata.name}`), name);
    const { status: _status, ...object } = await this.json<KubeObject & { status?: object }>(`get ${resource} ${name}`);
    delete object.metadata.resourceVersion;
    await this.run("apply -f -", JSON.stringify(object));
    assert.match(await this.run("apply -f -", JSON.stringify(object)), /unchanged$/m);
  }
}
