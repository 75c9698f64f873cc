import { CommandError } from "../../command-line/command-error.ts";
import { defineCommand } from "../../command-line/command.ts";
import { recordedChangeFlags, changeObjects, withPodSpec } from "./change-objects.ts";

const { selector: _selector, ...flags } = recordedChangeFlags;

export const command = defineCommand({
  usage: "(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT",
  description: "Update the service account of pod template resources.",
  examples:
    "  # Set deployment nginx-deployment's service account to serviceaccount1\n  kubectl set serviceaccount deployment nginx-deployment serviceaccount1",
  flags,
  run: async (session, { flags: values, positional }) => {
    const account = positional.at(-1);
    if (account === undefined) throw new CommandError("serviceaccount is required");
    await changeObjects(session, {
      resources: positional.slice(0, -1),
      flags: { ...values, selector: "" },
      word: "serviceaccount",
      refusal: "failed to patch ServiceAccountName",
      always: true,
      change: (item) =>
        withPodSpec(item, (spec) => ({ ...spec, serviceAccountName: account, serviceAccount: account })),
    });
  },
});
