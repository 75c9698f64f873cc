import type { ControllerDefinition } from "./controller.ts";

/**
 * The controllers that `--controllers` asks for, in the order of the list. Throws an Error that names a controller
 * which does not exist.
 */
export function selectControllers(
  all: readonly ControllerDefinition[],
  selectors: readonly string[],
): readonly ControllerDefinition[] {
  const names = new Set(all.map(({ name }) => name));
  for (const selector of selectors) {
    const name = selector.replace(/^-/, "");
    if (selector !== "*" && !names.has(name)) throw new Error(`"${name}" is not in the list of known controllers`);
  }
  return all.filter(({ name }) => {
    if (selectors.includes(name)) return true;
    return selectors.includes("*") && !selectors.includes(`-${name}`);
  });
}
