const maxManagerBytes = 128;
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

/** The name under which a request's changes are recorded: what it gives, or the first part of its user agent. */
export function managerName(fieldManager: string, userAgent: string | undefined): string {
  if (fieldManager !== "") return fieldManager;
  const [program = ""] = (userAgent ?? "").split("/", 1);
  let name = "";
  let room = maxManagerBytes;
  for (const character of program.replaceAll(unprintable, "")) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    name += character;
  }
  return name === "" ? "unknown" : name;
}

/** What is wrong with a manager's name, as `field: problem`; undefined when it is right. */
export function managerNameProblem(name: string): string | undefined {
  if (Buffer.byteLength(name) > maxManagerBytes) return `Too long: may not be more than ${maxManagerBytes} bytes`;
  const bad = name.matchAll(unprintable).next().value;
  if (!bad) return undefined;
  const character = bad[0].codePointAt(0) ?? 0;
  const shown = `U+${character.toString(16).toUpperCase().padStart(4, "0")}`;
  const position = Buffer.byteLength(name.slice(0, bad.index));
  return `Invalid value: ${JSON.stringify(name)}: invalid character ${shown} (at position ${position})`;
}
