import { type ChildProcess, spawn } from "node:child_process";
import { run, waitUntil } from "../../deploy/local/command.ts";
import { engineAnswers } from "../../deploy/local/engine-answers.ts";
import { ensureProgram } from "../harness/own-debian.ts";

const socket = "/var/run/docker.sock";

/** Every container, network and volume of a laboratory carries it; the value is the laboratory's id. */
export const labLabel = "kube-ts.lab";

/**
 * Uses the Docker Engine that answers at the usual socket; starts one when none does. One that was started here ends
 * with the last laboratory.
 */
export async function useLabEngine(): Promise<AsyncDisposable> {
  await ensureProgram("dockerd", "docker.io");
  await ensureProgram("nft", "nftables");
  await ensureProgram("ip", "iproute2");
  if (await engineAnswers(socket)) return { [Symbol.asyncDispose]: () => Promise.resolve() };
  const engine = spawn("dockerd", ["--live-restore=false"], { detached: true, stdio: "ignore", cwd: "/" });
  engine.unref();
  await waitUntil("the Docker Engine answers", 60_000, () => engineAnswers(socket));
  return {
    [Symbol.asyncDispose]: async () => {
      const others = await run("docker", ["ps", "--all", "--quiet", "--filter", `label=${labLabel}`]);
      if (others.trim() !== "") return;
      // It falls silent before it ends, and no other one starts beside it.
      engine.kill("SIGTERM");
      await waitUntil("the Docker Engine ends", 60_000, () => Promise.resolve(hasEnded(engine)));
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
