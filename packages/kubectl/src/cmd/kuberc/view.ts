import { defineCommand } from "../../command-line/command.ts";
import { stringFlag } from "../../command-line/flag.ts";
import { createPrinter, outputFlags } from "../../printers/object-printer.ts";
import { safeText } from "../../printers/terminal-text.ts";
import { emptyDocument, kubercPath, readDocument, writeDocument } from "./kuberc-document.ts";

/** What upstream recommends to start with. */
const recommended = {
  ...emptyDocument,
  defaults: [
    { command: "apply", options: [{ name: "server-side", default: "true" }] },
    { command: "delete", options: [{ name: "interactive", default: "true" }] },
  ],
};

export const command = defineCommand({
  usage: "",
  description: "Display the contents of the kuberc file in the specified output format.",
  examples: "  # View the current kuberc configuration\n  kubectl kuberc view",
  flags: { ...outputFlags, output: stringFlag("Output format.", { short: "o", default: "yaml" }) },
  run: async (session, { flags }) => {
    const printer = await createPrinter(flags, { keepOrder: true });
    const path = kubercPath(session);
    const document = await readDocument(path);
    if (document) {
      const { kind, apiVersion, defaults, aliases, ...rest } = document;
      const ordered = { kind, apiVersion, defaults, aliases, ...rest };
      const known = Object.entries(ordered).filter(([, value]) => value !== undefined && value !== null);
      return session.terminal.write(printer?.format(Object.fromEntries(known)) ?? "");
    }
    await session.terminal.write(
      safeText(
        `kuberc file not found at ${path}\nWould you like to generate a default kuberc file with recommended options? (y/N): `,
      ),
    );
    const answer = (await session.terminal.readStdin()).trim().toLowerCase();
    if (answer !== "y" && answer !== "yes") return;
    await writeDocument(path, recommended);
    await session.terminal.write(safeText(`Updated ${path}\n`));
  },
});
