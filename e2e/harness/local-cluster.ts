import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { localCluster, repositoryRoot } from "../../deploy/local/layout.ts";

/** Runs one of the README's commands in the repository; answers its exit code and all it printed. */
export function runScript(script: "up" | "down", timeoutMs = 900_000): Promise<{ code: number; output: string }> {
  const program = join(repositoryRoot, "deploy", "bin", "with-node");
  const child = spawn(program, [join(repositoryRoot, "deploy", `${script}.ts`)], { cwd: repositoryRoot });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      process.stdout.write(chunk);
    });
  }
  const timer = setTimeout(() => child.kill("SIGTERM"), timeoutMs);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** A local cluster for the time of a test file. An old one is taken down first, so that tests start from nothing. */
export async function freshCluster(): Promise<AsyncDisposable> {
  if (existsSync(localCluster().directory)) await runScript("down");
  const { code } = await runScript("up");
  if (code !== 0) {
    await runScript("down");
    throw new Error("the cluster did not come up");
  }
  return { [Symbol.asyncDispose]: async () => void (await runScript("down")) };
}
