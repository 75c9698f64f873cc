import { goQuote } from "@kube-ts/api/go-quote";
import { isRecord } from "@kube-ts/std/config-schema";
import { formatTime } from "@kube-ts/api/rfc3339";
import { recordAt } from "../builder/pod-template.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { findObjects } from "../builder/resource-query.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { type Command, defineCommand } from "../command-line/command.ts";
import { groupCommand } from "../command-line/group-command.ts";
import { booleanFlag } from "../command-line/flag.ts";
import { fileFlags } from "../command-line/shared-flags.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import type { JsonObject } from "../session/api.ts";

export const command: Command = groupCommand(["certificate"], {
  usage: "SUBCOMMAND",
  description: "Modify certificate resources.",
});

function decisionCommand(type: "Approved" | "Denied", word: string, description: string): Command {
  return defineCommand({
    usage: "(-f FILENAME | NAME)",
    description,
    flags: {
      ...outputFlags,
      ...fileFlags,
      force: booleanFlag("Update the CSR even if it is already approved or denied."),
    },
    run: async (session, { flags, positional }) => {
      if (positional.length === 0 && flags.filename.length === 0 && flags.kustomize === "") {
        throw new CommandError("one or more CSRs must be specified as <name> or -f <filename>");
      }
      const print = await createResultPrinter(flags);
      const failures: unknown[] = [];
      const args = positional.length === 0 ? [] : ["certificatesigningrequests", ...positional];
      const found = await findObjects(session, args, flags, failures);
      const api = await session.api();
      for (const { resource, name, object } of found) {
        try {
          const opposite = type === "Approved" ? "Denied" : "Approved";
          if (hasDecision(object, opposite)) {
            throw new CommandError(`certificate signing request ${goQuote(name)} is already ${opposite}`);
          }
          const decided = decide(object, type, word, flags.force, formatTime(session.clock.now()));
          const path = pathOf(resource, "", name, "approval");
          const result = decided === undefined ? object : await api.json({ method: "PUT", path, body: decided });
          await session.terminal.write(print(result, word));
        } catch (error) {
          failures.push(error);
        }
      }
      throwFailures(failures);
    },
  });
}

export const approve = decisionCommand("Approved", "approved", "Approve a certificate signing request.");
export const deny = decisionCommand("Denied", "denied", "Deny a certificate signing request.");

function hasDecision(request: JsonObject, type: string): boolean {
  const { conditions } = recordAt(request, ["status"]);
  return Array.isArray(conditions) && conditions.some((condition) => isRecord(condition) && condition["type"] === type);
}

/** The request with the decision added; undefined where it is there already. */
export function decide(
  request: JsonObject,
  type: "Approved" | "Denied",
  word: string,
  force: boolean,
  now: string,
): JsonObject | undefined {
  const status = recordAt(request, ["status"]);
  const conditions = Array.isArray(status["conditions"]) ? status["conditions"].filter(isRecord) : [];
  const known = conditions.find((condition) => condition["type"] === type);
  if (known && !force) return undefined;
  const verb = word === "approved" ? "Approve" : "Deny";
  const added = {
    type,
    status: "True",
    reason: `Kubectl${verb}`,
    message: `This CSR was ${word} by kubectl certificate ${verb.toLowerCase()}.`,
    lastUpdateTime: now,
  };
  const others = conditions.filter((condition) => condition !== known);
  return { ...request, status: { ...status, conditions: [...others, { ...known, ...added }] } };
}
