import type { DryRun } from "../command-line/dry-run.ts";
import type { JsonObject } from "../session/api.ts";
import { createPrinter, objectName, type OutputValues } from "./object-printer.ts";

/** Prints what became of an object: `pod/web created`, or the object itself where `-o` asks for it. */
export type ResultPrinter = (object: JsonObject, operation: string) => string;

/** Throws a CommandError for an unknown output format. */
export async function createResultPrinter(
  values: OutputValues,
  dryRun: DryRun = "none",
  options: { readonly keepOrder?: boolean } = {},
): Promise<ResultPrinter> {
  const printer = await createPrinter(values, options);
  const suffix = dryRun === "none" ? "" : dryRun === "client" ? " (dry run)" : " (server dry run)";
  return (object, operation) => printer?.format(object) ?? `${objectName(object)} ${operation}${suffix}\n`;
}
