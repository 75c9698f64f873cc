import type { Pod } from "@kube-ts/api/core/v1";
import { chooseContainer, findPod } from "../builder/find-pods.ts";
import { CommandError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { booleanFlag, durationFlag, stringFlag } from "../command-line/flag.ts";
import type { Session } from "../session/session.ts";
import { runRemoteSession, usableTty, warnOfAttaching } from "./remote-session.ts";

export const command = defineCommand({
  usage: "(POD | TYPE/NAME) -c CONTAINER",
  description: "Attach to a process that is already running inside an existing container.",
  flags: {
    container: stringFlag("Container name.", { short: "c" }),
    "detach-keys": stringFlag("The keys that end the session and leave the container as it is.", {
      default: "ctrl-p,ctrl-q",
    }),
    "pod-running-timeout": durationFlag("The length of time to wait until at least one pod is running", {
      default: 60_000,
    }),
    quiet: booleanFlag("Only print output from the remote session", { short: "q" }),
    stdin: booleanFlag("Pass stdin to the container", { short: "i" }),
    tty: booleanFlag("Stdin is a TTY", { short: "t" }),
  },
  run: async (session, { flags, positional }) => {
    if (positional.length === 0) throw new CommandError("at least 1 argument is required for attach");
    if (positional.length > 2)
      throw new CommandError(
        "expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw " +
          `${positional.length}: [${positional.join(" ")}]`,
      );
    const pod = await findPod(session, positional, flags["pod-running-timeout"]);
    const phase = pod.status?.phase ?? "";
    if (phase === "Succeeded" || phase === "Failed") {
      throw new CommandError(`cannot attach a container in a completed pod; current phase is ${phase}`);
    }
    const container = containerOf(session, pod, flags.container, flags.quiet);
    const own = pod.spec?.containers.find(({ name }) => name === container);
    if (flags.tty && !own?.tty && !flags.quiet) {
      session.terminal.error(`error: Unable to use a TTY - container ${container} did not allocate one\n`);
    }
    const tty = (flags.tty || own?.tty === true) && own?.tty === true && usableTty(session, true, flags.stdin);
    if (!flags.quiet) warnOfAttaching(session);
    const detachKeys = flags["detach-keys"];
    const remote = { subresource: "attach", container, command: [], stdin: flags.stdin, tty, detachKeys } as const;
    await runRemoteSession(session, pod, remote);
  },
});

function containerOf(session: Session, pod: Pod, wanted: string, quiet: boolean): string {
  try {
    return chooseContainer(session, pod, wanted, quiet);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(`cannot attach to the container: ${error.message}`, { cause: error });
  }
}
