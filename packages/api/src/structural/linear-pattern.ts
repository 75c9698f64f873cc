import { RE2JS } from "re2js";

/** A pattern whose matching takes time in proportion to the text, whatever the pattern. */
export interface LinearPattern {
  /** Whether the pattern matches somewhere in the text. */
  matches(text: string): boolean;
}

/** A pattern that is not RE2 syntax; the message is that of upstream's parser. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/** Compiles a pattern in RE2 syntax. Throws a PatternError. */
export function compilePattern(pattern: string): LinearPattern {
  try {
    const compiled = RE2JS.compile(pattern);
    return { matches: (text) => compiled.matcher(text).find() };
  } catch (cause) {
    throw new PatternError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
