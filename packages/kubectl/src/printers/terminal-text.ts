const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\f": "\\f" };

/** A text that cannot move the cursor or start an escape sequence: control characters become visible ones. */
export function safeText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const visible = text.replace(/[\x1b\x9b]/g, "^[").replaceAll("\r", "\\r");
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return visible.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9a\x9c-\x9f]/g, "?");
}

/** A table's cell: one line, nothing that would break the columns. */
export function safeCell(text: string): string {
  const end = text.search(/[\f\n\r]/);
  const line = end < 0 ? text : `${text.slice(0, end)}...`;
  return safeText(line.replace(/[\n\r\f]/g, (character) => escapes[character] ?? "")).replaceAll("\t", " ");
}
