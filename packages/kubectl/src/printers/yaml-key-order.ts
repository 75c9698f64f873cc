const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;

/** Orders a mapping's keys as upstream's YAML writer does: letters behind anything else, numbers by their value. */
export function compareKeys(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const shorter = Math.min(left.length, right.length);
  let at = 0;
  while (at < shorter && left[at] === right[at]) at += 1;
  if (at === shorter) return left.length - right.length;
  const [x = "", y = ""] = [left[at], right[at]];
  const letters = [letter.test(x), letter.test(y)];
  if (letters[0] !== letters[1]) return letters[1] ? -1 : 1;
  if (letters[0]) return codeOf(x) - codeOf(y);
  const [leftNumber, rightNumber] = [numberAt(left, at), numberAt(right, at)];
  if (leftNumber.value !== rightNumber.value) return leftNumber.value < rightNumber.value ? -1 : 1;
  if (leftNumber.end !== rightNumber.end) return leftNumber.end - rightNumber.end;
  return codeOf(x) - codeOf(y);
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function numberAt(characters: readonly string[], start: number): { value: number; end: number } {
  let end = start;
  let value = 0;
  while (end < characters.length && digit.test(characters[end] ?? "")) {
    value = value * 10 + codeOf(characters[end] ?? "0") - codeOf("0");
    end += 1;
  }
  return { value, end };
}
