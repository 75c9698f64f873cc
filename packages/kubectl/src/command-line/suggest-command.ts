/** Names that are at most this many edits away are suggested. */
const maxDistance = 2;

/** The commands that a mistyped name may mean, in the order of their names. */
export function suggestCommands(typed: string, names: readonly string[]): string[] {
  return names.filter(
    (name) => editDistance(typed.toLowerCase(), name.toLowerCase()) <= maxDistance || name.startsWith(typed),
  );
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_none, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
