import { ApiError } from "@kube-ts/api/status-error";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError, UsageError } from "../../command-line/command-error.ts";
import { defineCommand } from "../../command-line/command.ts";
import { durationFlag, repeatedFlag, stringFlag } from "../../command-line/flag.ts";
import { createPrinter, outputFlags } from "../../printers/object-printer.ts";

const boundKinds: readonly string[] = ["Node", "Pod", "Secret"];

export const command = defineCommand({
  usage: "SERVICE_ACCOUNT_NAME",
  description: "Request a service account token.",
  flags: {
    ...outputFlags,
    audience: repeatedFlag("Audience of the requested token."),
    "bound-object-kind": stringFlag("Kind of an object to bind the token to. Supported kinds are Node, Pod, Secret."),
    "bound-object-name": stringFlag("Name of an object to bind the token to."),
    "bound-object-uid": stringFlag("UID of an object to bind the token to."),
    duration: durationFlag("Requested lifetime of the issued token."),
  },
  run: async (session, { flags, positional }) => {
    const [name] = positional;
    if (name === undefined || positional.length > 1)
      throw new UsageError(`exactly one NAME is required, got ${positional.length}`);
    const kind = flags["bound-object-kind"];
    if (kind === "" && flags["bound-object-name"] !== "")
      throw new CommandError("--bound-object-name can only be set if --bound-object-kind is provided");
    if (kind !== "" && flags["bound-object-name"] === "")
      throw new CommandError("--bound-object-name is required if --bound-object-kind is provided");
    if (kind !== "" && !boundKinds.includes(kind))
      throw new CommandError(`supported --bound-object-kind values are ${boundKinds.join(", ")}`);
    if (flags.duration < 0) throw new CommandError("--duration must be greater than or equal to 0");
    const printer = await createPrinter(flags, { keepOrder: true });
    const { name: namespace } = await session.namespace();
    const bound = { kind, apiVersion: "v1", name: flags["bound-object-name"], uid: flags["bound-object-uid"] };
    const body = {
      kind: "TokenRequest",
      apiVersion: "authentication.k8s.io/v1",
      spec: {
        ...(flags.audience.length > 0 && { audiences: flags.audience }),
        ...(flags.duration > 0 && { expirationSeconds: Math.trunc(flags.duration / 1_000) }),
        ...(kind !== "" && { boundObjectRef: bound }),
      },
    };
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(name)}/token`;
    const answer = await (await session.api()).json({ method: "POST", path, body }).catch((error: unknown) => {
      if (error instanceof ApiError)
        throw new CommandError(`failed to create token: ${error.message}`, { cause: error });
      throw error;
    });
    const status = isRecord(answer["status"]) ? answer["status"] : {};
    if (typeof status["token"] !== "string" || status["token"] === "") {
      throw new CommandError("failed to create token: no token in server response");
    }
    await session.terminal.write(
      printer ? printer.format(answer) : `${status["token"]}${session.terminal.stdoutIsTerminal ? "\n" : ""}`,
    );
  },
});
