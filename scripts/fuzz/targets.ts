import { bodyTargets } from "./body-targets.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { headerTargets } from "./header-targets.ts";

/** Every decoder that is fuzzed. */
export async function fuzzTargets(): Promise<readonly FuzzTarget[]> {
  return [...(await headerTargets()), ...bodyTargets];
}
