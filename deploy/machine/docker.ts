import { mkdir } from "node:fs/promises";
import { runProgram } from "@kube-ts/std/run-program";
import { engineAnswers } from "../local/engine-answers.ts";
import { dockerSettings } from "./docker-settings.ts";
import { publicFile } from "./files/planned-file.ts";
import { readText, writeFiles } from "./files/write-files.ts";
import { ensureUnit } from "./daemon-units.ts";
import type { UnitOutcome } from "./daemon-units.ts";
import { dockerSocket } from "./places.ts";
import { waitFor } from "./wait-for.ts";

const dockerSettingsFile = "/etc/docker/daemon.json";
const answerMs = 60_000;

/** Has the engine run with the settings that pods need; it is restarted only when they were others. */
export async function ensureDocker(signal: AbortSignal): Promise<UnitOutcome> {
  await mkdir("/etc/docker", { recursive: true, mode: 0o755 });
  const text = await readText(dockerSettingsFile);
  const next = dockerSettings(text);
  if (next !== text) await writeFiles([publicFile(dockerSettingsFile, next)]);
  const outcome = await ensureUnit("docker.service", [dockerSettingsFile], signal);
  await waitFor("the Docker Engine answers", answerMs, () => engineAnswers(dockerSocket), signal);
  // A bridge of former settings would keep its addresses and be mistaken for a way out.
  if (outcome !== "unchanged") {
    await runProgram({ command: ["ip", "link", "delete", "docker0"], timeoutMs: 10_000 }, signal).catch(() => {
      signal.throwIfAborted();
    });
  }
  return outcome;
}
