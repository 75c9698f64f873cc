import { RE2JS } from "re2js";
import { CelEvaluationError } from "./evaluation-error.ts";

/** Compiled patterns, least recently used first. */
const compiled = new Map<string, RE2JS>();
const maxCompiled = 512;
/** A longer pattern, or one that becomes a larger program, is refused: it would take too much memory. */
const maxPatternLength = 16_384;
const maxProgramSize = 100_000;

/** The pattern compiled with RE2's syntax; matching takes time linear in the text. Throws `CelEvaluationError`. */
export function compileRegex(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) {
    compiled.delete(pattern);
    compiled.set(pattern, known);
    return known;
  }
  const regex = compileNew(pattern);
  compiled.set(pattern, regex);
  if (compiled.size > maxCompiled) {
    const [oldest] = compiled.keys();
    if (oldest !== undefined) compiled.delete(oldest);
  }
  return regex;
}

function compileNew(pattern: string): RE2JS {
  if (pattern.length > maxPatternLength) {
    throw new CelEvaluationError(`error parsing regexp: expression too large: ${pattern.length} bytes`);
  }
  try {
    const regex = RE2JS.compile(pattern);
    if (regex.programSize() > maxProgramSize)
      throw new CelEvaluationError("error parsing regexp: expression too large");
    return regex;
  } catch (error) {
    if (error instanceof CelEvaluationError) throw error;
    throw new CelEvaluationError(error instanceof Error ? error.message : "error parsing regexp");
  }
}

/** Whether the pattern matches anywhere in the text. */
export function regexMatches(text: string, pattern: string): boolean {
  return compileRegex(pattern).test(text);
}

/** The first match; empty when there is none. */
export function regexFind(text: string, pattern: string): string {
  const matcher = compileRegex(pattern).matcher(text);
  return matcher.find() ? (matcher.group() ?? "") : "";
}

/** All matches that do not overlap, at most `limit` of them when it is not negative. */
export function regexFindAll(text: string, pattern: string, limit: number): string[] {
  const matcher = compileRegex(pattern).matcher(text);
  const found: string[] = [];
  const most = limit < 0 ? Infinity : limit;
  while (found.length < most && matcher.find()) found.push(matcher.group() ?? "");
  return found;
}
