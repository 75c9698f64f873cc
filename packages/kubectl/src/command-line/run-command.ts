import type { Terminal, Environment, Session } from "../session/session.ts";
import { kubercPlace, readKuberc } from "../kuberc/kuberc-file.ts";
import type { CredentialPluginPolicy } from "../kuberc/preferences.ts";
import { safeText } from "../printers/terminal-text.ts";
import { CommandError, ExitStatus, FlagError } from "./command-error.ts";
import { findCommand } from "./find-command.ts";
import type { Flags } from "./flag.ts";
import { globalFlags, type GlobalValues } from "./global-flags.ts";
import { commandHelp, rootHelp } from "./help.ts";
import { parseArguments } from "./parse-arguments.ts";
import { reportError } from "./report-error.ts";

export interface Surroundings {
  readonly terminal: Terminal;
  readonly env: Environment;
  readonly signal: AbortSignal;
}

/** Runs one command line (without the program's name) and answers the exit code. Does not throw. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  const location = { path: "kubectl" };
  try {
    await dispatch(args, surroundings, location);
    return 0;
  } catch (error) {
    if (surroundings.signal.aborted) return 130;
    if ((error as NodeJS.ErrnoException | null)?.code === "EPIPE") return 0;
    const { text, exitCode } = reportError(error, location.path);
    if (text !== "") terminal.error(text);
    return exitCode;
  }
}

async function dispatch(
  written: readonly string[],
  surroundings: Surroundings,
  location: { path: string },
): Promise<void> {
  const { terminal } = surroundings;
  const { args, credentialPlugins } = await preferred(written, surroundings);
  const found = await findCommand(args);
  location.path = ["kubectl", ...found.path].join(" ");
  const { entry, command } = found;
  if (!entry || !command) {
    parseArguments(globalFlags, found.args);
    await terminal.write(rootHelp());
    return;
  }
  const given = command.takesWords ? ["--", ...found.args] : found.args;
  const parsed = parseArguments({ ...globalFlags, ...command.flags }, given);
  if (parsed.values["help"] === true) {
    await terminal.write(commandHelp(found.path, entry, command));
    return;
  }
  for (const written of parsed.written) {
    const name = written.slice(2).replace(/=.*/s, "");
    const { deprecated } = command.flags[name] ?? {};
    if (deprecated !== undefined) terminal.error(`Flag --${name} has been deprecated, ${deprecated}\n`);
  }
  const globals = globalValues(parsed.values, command.flags);
  const { openSession } = await import("../session/open-session.ts");
  await using session = openSession({
    ...surroundings,
    commandPath: location.path,
    commandLine: [location.path, ...parsed.positional, ...withoutSecrets(parsed.written)].join(" "),
    globals,
    credentialPlugins,
  });
  await command.run(session, {
    flags: parsed.values,
    positional: parsed.positional,
    dashIndex: parsed.dashIndex,
    changed: (name) => parsed.changed.has(name),
  });
  refuseWarnings(session);
}

interface Preferred {
  readonly args: readonly string[];
  readonly credentialPlugins?: CredentialPluginPolicy;
}

/** The command line with the user's preferences, if there are any. */
async function preferred(args: readonly string[], { terminal, env }: Surroundings): Promise<Preferred> {
  // What completes a command line must see it as it is written.
  if (args[0]?.startsWith("__")) return { args };
  try {
    const place = kubercPlace(args, env);
    const text = place && readKuberc(place);
    if (place === undefined || text === undefined) return { args };
    const { parsePreferences } = await import("../kuberc/preferences.ts");
    const { preferences, warnings } = parsePreferences(text, place.path);
    for (const warning of warnings) terminal.error(`${safeText(warning)}\n`);
    const { applyPreferences } = await import("../kuberc/apply-preferences.ts");
    return { args: await applyPreferences(args, preferences), credentialPlugins: preferences.credentialPlugins };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    terminal.error(`${safeText(`error occurred while applying preferences ${reason}`)}\n`);
    throw new ExitStatus(1);
  }
}

/** Flags as they may be kept with an object that others read. */
function withoutSecrets(written: readonly string[]): string[] {
  return written.map((flag) => flag.replace(/^--(token|username|password)=.*/s, "--$1=CLASSIFIED"));
}

function refuseWarnings(session: Session): void {
  const { count } = session.warnings;
  if (!session.globals["warnings-as-errors"] || count === 0) return;
  throw new FlagError(`${count} warning${count === 1 ? "" : "s"} received`);
}

/** The global flags; one whose name the command uses for a flag of its own keeps its default. */
function globalValues(values: Readonly<Record<string, unknown>>, own: Flags): GlobalValues {
  const entries = Object.entries(globalFlags).map(([name, flag]) => {
    return [name, Object.hasOwn(own, name) ? flag.default : values[name]] as const;
  });
  return Object.fromEntries(entries) as unknown as GlobalValues;
}
