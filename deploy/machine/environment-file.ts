/** Words that neither systemd's splitting nor its environment files change. */
const plain = /^[\w@%+=:,./*-]+$/;

/** The line of a unit's environment file whose variable `$NAME` systemd splits into these words. */
export function environmentLine(name: string, words: readonly string[]): string {
  const value = words.map((word) => (plain.test(word) ? word : quoted(word))).join(" ");
  return `${name}="${value.replaceAll(/["\\`$]/g, String.raw`\$&`)}"\n`;
}

/** The words of a line that `environmentLine` has made; undefined when the variable is not there. */
export function wordsOf(text: string, name: string): readonly string[] | undefined {
  const line = text.split("\n").find((one) => one.startsWith(`${name}="`) && one.endsWith('"'));
  if (line === undefined) return undefined;
  const value = line.slice(name.length + 2, -1).replaceAll(/\\(.)/g, "$1");
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g)].map(
    ([word, inner]) => inner?.replaceAll(/\\(.)/g, "$1") ?? word,
  );
}

/** Inside double quotes a backslash makes the next character an ordinary one. */
function quoted(word: string): string {
  if (word.includes("\n")) throw new Error(`a flag may not have several lines: ${JSON.stringify(word)}`);
  return `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
