/** A file of variables that does not have the form it must have. */
export class EnvFileError extends Error {
  override readonly name = "EnvFileError";
}

/**
 * The value that a file of lines `NAME='value'` gives to the name; undefined when it gives none. Values are literal and may
 * have several lines; blank lines and comments are skipped. What a shell would read as well is all that is taken. Throws
 * EnvFileError for whatever else stands before the name.
 */
export function envFileValue(text: string, wanted: string): string | undefined {
  let line = 1;
  for (let at = 0; at < text.length;) {
    const lineEnd = endOfLine(text, at);
    const trimmed = text.slice(at, lineEnd).trimStart();
    if (trimmed === "" || trimmed.startsWith("#")) {
      at = lineEnd + 1;
      line += 1;
      continue;
    }
    const { name, valueAt } = nameIn(trimmed, lineEnd - trimmed.length, line);
    const close = text.indexOf("'", valueAt);
    if (close < 0) throw new EnvFileError(`unclosed single quote at line ${line}`);
    const end = endOfLine(text, close);
    if (!/^(?:\s*|\s+#.*)$/.test(text.slice(close + 1, end))) {
      throw new EnvFileError(`unexpected content after closing quote at line ${line}`);
    }
    const value = text.slice(valueAt, close);
    if (name === wanted) return value;
    line += value.split("\n").length;
    at = end + 1;
  }
  return undefined;
}

function nameIn(line: string, offset: number, number: number): { name: string; valueAt: number } {
  const equals = line.indexOf("=");
  const name = line.slice(0, equals);
  if (equals <= 0) throw new EnvFileError(`invalid environment variable format at line ${number}`);
  if (name.trimEnd() !== name) throw new EnvFileError(`whitespace before '=' is not allowed at line ${number}`);
  if (line[equals + 1] !== "'") throw new EnvFileError(`value must be enclosed in single quotes at line ${number}`);
  return { name, valueAt: offset + equals + 2 };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}
