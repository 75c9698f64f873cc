import { CommandError } from "./command-error.ts";
import type { Terminal } from "../session/session.ts";

export type DryRun = "none" | "client" | "server";

/** Reads `--dry-run`; the old forms are understood with a warning. Throws a CommandError. */
export function parseDryRun(terminal: Terminal, text: string): DryRun {
  if (text === "none" || text === "client" || text === "server") return text;
  if (text === "unchanged") {
    terminal.error(
      "W: --dry-run is deprecated and can be replaced with --dry-run=client.\n".replace("W: ", "warning: "),
    );
    return "client";
  }
  throw new CommandError(`Invalid dry-run value (${text}). Must be "none", "server", or "client".`);
}

/** Reads `--validate`. Throws a CommandError. */
export function parseValidation(text: string): "Strict" | "Warn" | "Ignore" {
  switch (text) {
    case "strict":
    case "true":
      return "Strict";
    case "warn":
      return "Warn";
    case "ignore":
    case "false":
      return "Ignore";
    default:
      throw new CommandError(
        `invalid - validate option ${JSON.stringify(text)}; must be one of: strict (or true), warn, ignore (or false)`,
      );
  }
}
