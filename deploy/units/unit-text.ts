/** A directive of a unit. A list becomes one line each, after an empty one where an earlier file's are to be forgotten. */
export type DirectiveValue = string | number | boolean | readonly string[];

export type Directives = Readonly<Record<string, DirectiveValue>>;

/** The sections of a unit file, in order. */
export type UnitSections = Readonly<Record<string, Directives>>;

/** The text of a unit file. */
export function unitText(sections: UnitSections): string {
  return Object.entries(sections)
    .map(([name, directives]) => [`[${name}]`, ...Object.entries(directives).flatMap(lines)].join("\n"))
    .map((section) => `${section}\n`)
    .join("\n");
}

function lines([name, value]: readonly [string, DirectiveValue]): readonly string[] {
  if (Array.isArray(value)) return (value as readonly string[]).map((element) => line(name, element));
  return [line(name, typeof value === "boolean" ? (value ? "yes" : "no") : String(value))];
}

function line(name: string, value: string): string {
  if (/[\r\n]/.test(name + value)) throw new Error(`a directive of a unit cannot have several lines: ${name}=${value}`);
  return `${name}=${value}`;
}
