import type { Control } from "../control.ts";
import { maskedProcViolation } from "./proc-mount.ts";

/** Containers see /proc masked as the engine does it, whoever their root is on the node. */
export const procMountRestricted: Control = {
  id: "procMount_restricted",
  level: "restricted",
  versions: [{ since: 35, check: maskedProcViolation }],
  replaces: ["procMount"],
};
