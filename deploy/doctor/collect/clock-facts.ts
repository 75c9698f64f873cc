import { existsSync } from "node:fs";
import { run } from "../../local/command.ts";
import type { ClockFacts } from "../machine-view.ts";
import { readText } from "./read-file.ts";

/** Watches the clock from now until the answer is asked for: it should have gone on as fast as time did. */
export function watchClock(): () => Promise<ClockFacts> {
  const wall = Date.now();
  const monotonic = performance.now();
  return async () => {
    const nowMs = Date.now();
    const stepMs = nowMs - wall - (performance.now() - monotonic);
    const hardware = Number(readText("/sys/class/rtc/rtc0/since_epoch"));
    return {
      nowMs,
      stepMs,
      isSynchronized: await isSynchronized(),
      aheadOfHardwareMs: hardware > 0 ? nowMs - hardware * 1000 : undefined,
    };
  };
}

async function isSynchronized(): Promise<boolean | undefined> {
  if (!existsSync("/run/systemd/system")) return undefined;
  const answer = await run("timedatectl", ["show", "--property=NTPSynchronized", "--value"], 5_000).catch(() => "");
  return answer.trim() === "" ? undefined : answer.trim() === "yes";
}
