import { readFile } from "node:fs/promises";
import type { SandboxSecurity } from "../config.ts";
import { RuntimeError } from "../runtime-error.ts";
import type { ProfileTexts } from "./host-config.ts";

const maxProfileBytes = 1024 * 1024;

/** Reads the profile file that the config names, if it names one. The engine wants its text. */
export async function readSeccompProfiles(
  security: Pick<SandboxSecurity, "seccomp">,
  signal: AbortSignal,
): Promise<ProfileTexts> {
  if (security.seccomp.type !== "Localhost") return new Map();
  const path = security.seccomp.profile;
  try {
    const text = await readFile(path, { encoding: "utf8", signal });
    if (text.length > maxProfileBytes) throw new Error("file is too large");
    return new Map([[path, JSON.stringify(JSON.parse(text))]]);
  } catch (cause) {
    signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RuntimeError("InvalidArgument", `cannot load seccomp profile "${path}": ${why}`, { cause });
  }
}
