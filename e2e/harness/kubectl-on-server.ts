import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeObject } from "@kube-ts/api/object";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { upstreamKubectl } from "./upstream-kubectl.ts";

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Upstream's kubectl as the administrator of an API server of its own, without any other daemon. */
export class KubectlOnServer implements AsyncDisposable {
  readonly server: ServerUnderTest;
  readonly #directory: string;

  private constructor(server: ServerUnderTest, directory: string) {
    this.server = server;
    this.#directory = directory;
  }

  /** `extraArgs` go to the server. */
  static async start(extraArgs: readonly string[] = []): Promise<KubectlOnServer> {
    const server = await startServer(extraArgs);
    const directory = mkdtempSync(join(tmpdir(), "kube-ts-kubectl-"));
    const user = { "client-certificate": server.admin.cert, "client-key": server.admin.key };
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: server.url, "certificate-authority": server.ca } }],
      users: [{ name: "admin", user }],
      contexts: [{ name: "x", context: { cluster: "c", user: "admin" } }],
      "current-context": "x",
    };
    writeFileSync(join(directory, "config"), JSON.stringify(config));
    return new KubectlOnServer(server, directory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  attempt(args: readonly string[], input = ""): Promise<KubectlResult> {
    return new Promise((resolve) => {
      const env = { ...process.env, KUBECONFIG: join(this.#directory, "config"), HOME: this.#directory };
      const child = execFile(upstreamKubectl(), [...args], { env, timeout: 60_000 }, (error, stdout, stderr) => {
        resolve({ code: error ? (typeof error.code === "number" ? error.code : 1) : 0, stdout, stderr });
      });
      child.stdin?.end(input);
    });
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
