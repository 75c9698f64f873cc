export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

export type Token =
  | { readonly kind: "field"; readonly text: string }
  | { readonly kind: "variable"; readonly text: string }
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "value"; readonly value: string | number }
  | { readonly kind: "symbol"; readonly text: string }
  | { readonly kind: "space" };

export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly tokens: readonly Token[]; readonly source: string };

/** Splits a Go template into text and actions. Throws a TemplateError. */
export function splitTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  while (at <= template.length) {
    const open = template.indexOf("{{", at);
    let text = open < 0 ? template.slice(at) : template.slice(at, open);
    if (trimNext) text = text.trimStart();
    const trimBefore = open >= 0 && /^\{\{-\s/.test(template.slice(open, open + 4));
    if (trimBefore) text = text.trimEnd();
    if (text !== "") pieces.push({ kind: "text", text });
    if (open < 0) return pieces;
    const start = open + (trimBefore ? 3 : 2);
    const { end, source, trimAfter } = readAction(template, start);
    if (!source.trim().startsWith("/*"))
      pieces.push({ kind: "action", tokens: tokenize(source), source: source.trim() });
    trimNext = trimAfter;
    at = end;
  }
  return pieces;
}

function readAction(template: string, start: number): { end: number; source: string; trimAfter: boolean } {
  const comment = /^\s*\/\*[\s\S]*?\*\/\s*/.exec(template.slice(start))?.[0];
  let at = start + (comment?.length ?? 0);
  while (at < template.length && !template.startsWith("}}", at)) {
    const literal = /^(?:"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])*')/.exec(template.slice(at))?.[0];
    if (literal === undefined && /["`']/.test(template.charAt(at)))
      throw new TemplateError("unterminated quoted string");
    at += literal?.length ?? 1;
  }
  if (at >= template.length) throw new TemplateError("unclosed action");
  const trimAfter = /\s-$/.test(template.slice(start, at));
  return { end: at + 2, source: template.slice(start, trimAfter ? at - 1 : at), trimAfter };
}

const patterns: readonly (readonly [RegExp, (text: string) => Token])[] = [
  [/^\s+/, () => ({ kind: "space" })],
  [/^\.[A-Za-z_]\w*/, (text) => ({ kind: "field", text: text.slice(1) })],
  [/^\$\w*/, (text) => ({ kind: "variable", text })],
  [/^"(?:\\.|[^"\\])*"/, (text) => ({ kind: "value", value: unquote(text) })],
  [/^`[^`]*`/, (text) => ({ kind: "value", value: text.slice(1, -1) })],
  [/^'(?:\\.|[^'\\])+'/, (text) => ({ kind: "value", value: unquote(`"${text.slice(1, -1)}"`).codePointAt(0) ?? 0 })],
  [/^[-+]?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/, (text) => ({ kind: "value", value: Number(text) })],
  [/^[A-Za-z_]\w*/, (text) => ({ kind: "word", text })],
  [/^(?::=|[=,|().])/, (text) => ({ kind: "symbol", text })],
];

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let rest = source;
  while (rest !== "") {
    const found = patterns.find(([pattern]) => pattern.test(rest));
    const text = found?.[0].exec(rest)?.[0] ?? "";
    if (!found || text === "") throw new TemplateError(`unexpected ${JSON.stringify(rest.charAt(0))} in command`);
    tokens.push(found[1](text));
    rest = rest.slice(text.length);
  }
  return tokens;
}

function unquote(text: string): string {
  const simple: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };
  return text
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/g, (_all, unicode?: string, hex?: string, one?: string) =>
      unicode !== undefined || hex !== undefined
        ? String.fromCharCode(Number.parseInt(unicode ?? hex ?? "", 16))
        : (simple[one ?? ""] ?? one ?? ""),
    );
}
