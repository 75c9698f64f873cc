import { CommandError } from "../command-line/command-error.ts";

/** What arguments name: `type/name …`, or `type[,type…] [name…]`. */
export type ResourceArguments =
  | { readonly kind: "none" }
  | { readonly kind: "pairs"; readonly pairs: readonly { readonly type: string; readonly name: string }[] }
  | { readonly kind: "types"; readonly types: readonly string[]; readonly names: readonly string[] };

/** Sorts out resource arguments. Throws a CommandError with upstream's wording. */
export function parseResourceArguments(args: readonly string[]): ResourceArguments {
  if (args.length === 0) return { kind: "none" };
  const slashed = args.filter((arg) => arg.includes("/")).length;
  if (slashed === 0) {
    const [types = "", ...names] = args;
    return { kind: "types", types: types.split(","), names };
  }
  if (slashed !== args.length) {
    throw new CommandError(
      "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    );
  }
  return { kind: "pairs", pairs: args.map(parsePair) };
}

function parsePair(arg: string): { type: string; name: string } {
  const parts = arg.split("/");
  if (parts.length > 2) throw new CommandError("arguments in resource/name form may not have more than one slash");
  const [type = "", name = ""] = parts;
  if (type === "" || name === "" || type.split(",").length !== 1) {
    throw new CommandError("arguments in resource/name form must have a single resource and name");
  }
  return { type, name };
}
