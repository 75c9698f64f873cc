import { chooseContainer, findPod } from "../builder/find-pods.ts";
import { fileFlags } from "../command-line/shared-flags.ts";
import { readManifests } from "../builder/manifests.ts";
import { nameOf } from "../builder/object-reference.ts";
import { defineCommand } from "../command-line/command.ts";
import { booleanFlag, durationFlag, stringFlag } from "../command-line/flag.ts";
import { CommandError } from "../command-line/command-error.ts";
import { runRemoteSession, usableTty } from "./remote-session.ts";

export const command = defineCommand({
  usage: "(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]",
  description: "Execute a command in a container.",
  examples:
    "  # Switch to raw terminal mode; sends stdin to 'bash' in ruby-container from pod mypod\n  kubectl exec mypod -c ruby-container -i -t -- bash -il",
  flags: {
    filename: fileFlags.filename,
    container: stringFlag("Container name.", { short: "c" }),
    "pod-running-timeout": durationFlag("The length of time to wait until at least one pod is running", {
      default: 60_000,
    }),
    quiet: booleanFlag("Only print output from the remote session", { short: "q" }),
    stdin: booleanFlag("Pass stdin to the container", { short: "i" }),
    tty: booleanFlag("Stdin is a TTY", { short: "t" }),
  },
  run: async (session, { flags, positional, dashIndex }) => {
    const named = flags.filename.length > 0 ? 0 : 1;
    if (dashIndex === undefined && positional.length > 1) {
      throw new CommandError(
        "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples",
      );
    }
    if (positional.length < named || (dashIndex !== undefined && dashIndex < named)) {
      throw new CommandError("pod, type/name or --filename must be specified");
    }
    const command = positional.slice(dashIndex ?? named);
    if (command.length === 0) throw new CommandError("you must specify at least one command for the container");
    const [manifest, ...others] =
      named === 0 ? await readManifests(session, { filename: flags.filename, recursive: false, kustomize: "" }) : [];
    if (others.length > 0) throw new CommandError("cannot exec into multiple objects at a time");
    const pod = await findPod(
      session,
      [manifest ? nameOf(manifest.object) : (positional[0] ?? "")],
      flags["pod-running-timeout"],
    );
    const phase = pod.status?.phase ?? "";
    if (phase === "Succeeded" || phase === "Failed") {
      throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    }
    const container = chooseContainer(session, pod, flags.container, flags.quiet);
    const tty = usableTty(session, flags.tty, flags.stdin);
    await runRemoteSession(session, pod, { subresource: "exec", container, command, stdin: flags.stdin, tty });
  },
});
