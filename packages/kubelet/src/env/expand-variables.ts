/**
 * Replaces `$(NAME)` by the variable's value. `$$` stands for one dollar sign, and a reference to a variable that does
 * not exist stays as it is written.
 */
export function expandVariables(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (reference, name: string | undefined) =>
    name === undefined ? "$" : (lookup(name) ?? reference),
  );
}
