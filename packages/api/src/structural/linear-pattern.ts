import { re2 } from "../re2.ts";

/** A pattern whose matching takes time in proportion to the text, whatever the pattern. */
export interface LinearPattern {
  /** Whether the pattern matches somewhere in the text. */
  matches(text: string): boolean;
}

/** A pattern that is not RE2 syntax; the message is that of upstream's parser. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/** Schemas repeat few patterns many times, and compiling one takes a hundred times as long as most matches. */
const maxKept = 1_000;
const kept = new Map<string, LinearPattern>();

/** Compiles a pattern in RE2 syntax, or finds it among those used lately. Throws a PatternError. */
export function compilePattern(pattern: string): LinearPattern {
  const known = kept.get(pattern);
  if (known) {
    kept.delete(pattern);
    kept.set(pattern, known);
    return known;
  }
  const compiled = compile(pattern);
  const [oldest] = kept.keys();
  if (kept.size >= maxKept && oldest !== undefined) kept.delete(oldest);
  kept.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): LinearPattern {
  try {
    const compiled = re2().compile(pattern);
    return { matches: (text) => compiled.matcher(text).find() };
  } catch (cause) {
    throw new PatternError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
