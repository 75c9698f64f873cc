import { CommandError } from "../command-line/command-error.ts";

/** Strings and punctuation; all that stands between is a number, a literal or white space. */
const tokenPattern = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^"{}[\],:\s]+/g;

/**
 * JSON text with two spaces for each level and everything else as it was written: the order of fields, how numbers and
 * characters are spelled, and white space at the end. Throws a CommandError for text that is not JSON.
 */
export function indentJson(text: string): string {
  try {
    JSON.parse(text);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(text.trim() === "" ? "unexpected end of JSON input" : problem, { cause });
  }
  const tokens = text.match(tokenPattern) ?? [];
  let depth = 0;
  let indented = "";
  const newLine = () => `\n${"  ".repeat(depth)}`;
  for (const [index, token] of tokens.entries()) {
    const opensEmpty = /^[{[]$/.test(token) && /^[}\]]$/.test(tokens[index + 1] ?? "");
    const closesEmpty = /^[}\]]$/.test(token) && /^[{[]$/.test(tokens[index - 1] ?? "");
    if (closesEmpty || opensEmpty) indented += token;
    else if (token === "{" || token === "[") {
      depth += 1;
      indented += token + newLine();
    } else if (token === "}" || token === "]") {
      depth -= 1;
      indented += newLine() + token;
    } else if (token === ",") indented += token + newLine();
    else indented += token === ":" ? ": " : token;
  }
  return indented + text.slice(text.trimEnd().length);
}
