/** Words of the language that no identifier may be. */
export const celKeywords: ReadonlySet<string> = new Set(
  (
    "true false null in as break const continue else for function if import let loop package namespace return " +
    "var void while"
  ).split(" "),
);

const escapes = new Map([
  ["__", "__underscores__"],
  [".", "__dot__"],
  ["-", "__dash__"],
  ["/", "__slash__"],
]);
const unescapes = new Map([...escapes].map(([plain, escaped]) => [escaped.slice(2, -2), plain]));

/** The identifier that stands for a property in an expression; undefined when the property cannot be named. */
export function escapeIdentifier(property: string): string | undefined {
  if (!/^[A-Za-z_./-][A-Za-z0-9_./-]*$/.test(property)) return undefined;
  if (celKeywords.has(property)) return `__${property}__`;
  return property.replaceAll(/__|[-./]/g, (found) => escapes.get(found) ?? found);
}

/** The property that an identifier stands for; undefined when it holds an escape that does not exist. */
export function unescapeIdentifier(identifier: string): string | undefined {
  let valid = true;
  const property = identifier.replaceAll(/__([^_]+)__/g, (whole, name: string) => {
    const plain = unescapes.get(name);
    if (plain !== undefined) return plain;
    if (!celKeywords.has(name) || whole.length !== identifier.length) valid = false;
    return name;
  });
  return valid ? property : undefined;
}
