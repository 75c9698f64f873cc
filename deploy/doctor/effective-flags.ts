/** The flags of a program that runs, defaults included. */
export interface EffectiveFlags {
  /** Undefined for a flag that has no default and is not given. */
  text(name: string): string | undefined;
  list(name: string): readonly string[];
  isGiven(name: string): boolean;
  /** Whether the flag is given and not empty. */
  isSet(...names: readonly string[]): boolean;
}

/** Reads `--name=value`, `--name value` and a bare `--name`. The last of a repeated flag wins; lists collect. */
export function effectiveFlags(
  args: readonly string[],
  defaults: Readonly<Record<string, string>> = {},
): EffectiveFlags {
  const given = new Map<string, string[]>();
  for (let index = 0; index < args.length; index += 1) {
    const [, name, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(args[index] ?? "") ?? [];
    if (name === undefined) continue;
    const next = args[index + 1];
    const takesNext = value === undefined && next !== undefined && !next.startsWith("-");
    const text = value ?? (takesNext ? next : "true");
    if (takesNext) index += 1;
    given.set(name, [...(given.get(name) ?? []), text]);
  }
  const text = (name: string) => given.get(name)?.at(-1) ?? defaults[name];
  return {
    text,
    list: (name) => (given.get(name) ?? [defaults[name] ?? ""]).flatMap((one) => one.split(",")).filter(Boolean),
    isGiven: (name) => given.has(name),
    isSet: (...names) => names.every((name) => (text(name) ?? "") !== ""),
  };
}
