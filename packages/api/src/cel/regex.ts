import type { RE2JS } from "re2js";
import { re2 } from "../re2.ts";
import { CelEvaluationError } from "./evaluation-error.ts";

/** Compiled patterns, least recently used first, and the size of their programs together. */
const compiled = new Map<string, RE2JS>();
let compiledSize = 0;
const maxCompiledSize = 200_000;
/** A longer pattern, or one that becomes a larger program, is refused: it would take too much memory. */
const maxPatternLength = 16_384;
const maxProgramSize = 50_000;

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
  compiledSize += weightOf(regex);
  for (const [oldest, dropped] of compiled) {
    if (compiledSize <= maxCompiledSize) break;
    compiled.delete(oldest);
    compiledSize -= weightOf(dropped);
  }
  return regex;
}

/** What a pattern takes of the cache; the smallest ones, too, take something. */
function weightOf(regex: RE2JS): number {
  return 100 + regex.programSize();
}

function compileNew(pattern: string): RE2JS {
  if (pattern.length > maxPatternLength) {
    throw new CelEvaluationError(`error parsing regexp: expression too large: ${pattern.length} bytes`);
  }
  try {
    const regex = re2().compile(pattern);
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
