import { Transform } from "node:stream";
import type { TransformCallback } from "node:stream";
import { type LinkRules, rewriteLink } from "./link-rewriter.ts";

/** The attributes that hold links, by element. */
const linkAttributes: Readonly<Record<string, readonly string[]>> = {
  a: ["href"],
  applet: ["codebase"],
  area: ["href"],
  audio: ["src"],
  base: ["href"],
  blockquote: ["cite"],
  body: ["background"],
  button: ["formaction"],
  command: ["icon"],
  del: ["cite"],
  embed: ["src"],
  form: ["action"],
  frame: ["longdesc", "src"],
  head: ["profile"],
  html: ["manifest"],
  iframe: ["longdesc", "src"],
  img: ["longdesc", "src", "usemap"],
  input: ["src", "usemap", "formaction"],
  ins: ["cite"],
  link: ["href"],
  object: ["classid", "codebase", "data", "usemap"],
  q: ["cite"],
  script: ["src"],
  source: ["src"],
  video: ["poster", "src"],
};

/** Elements whose content is text, whatever it looks like. */
const rawText = new Set(["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"]);

/** A tag or comment that is longer passes unchanged. */
const maxTagBytes = 16 * 1024;

/**
 * Rewrites the links of an HTML document that flows through. Works on bytes, so that any encoding that has ASCII in it
 * passes unharmed; never holds more than one tag.
 */
export class HtmlLinks extends Transform {
  readonly #rules: LinkRules;
  #rest = "";
  /** What has to come before tags count again: the end of a comment or of a raw text element. */
  #until: string | undefined;

  constructor(rules: LinkRules) {
    super();
    this.#rules = rules;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#rest += chunk.toString("latin1");
    callback(null, Buffer.from(this.#take(), "latin1"));
  }

  override _flush(callback: TransformCallback): void {
    callback(null, Buffer.from(this.#rest, "latin1"));
  }

  /** Everything that can be decided on what has come so far. */
  #take(): string {
    const parts: string[] = [];
    for (;;) {
      const taken = this.#until === undefined ? this.#takeTag() : this.#takeRawText(this.#until);
      if (taken === "") return parts.join("");
      parts.push(taken);
    }
  }

  #takeRawText(until: string): string {
    const at = this.#rest.toLowerCase().indexOf(until);
    if (at < 0) return this.#cut(Math.max(0, this.#rest.length - until.length + 1));
    this.#until = undefined;
    return this.#cut(at + until.length);
  }

  #takeTag(): string {
    const start = this.#rest.indexOf("<");
    if (start !== 0) return this.#cut(start < 0 ? this.#rest.length : start);
    if (this.#rest.length < 4) return "";
    if (this.#rest.startsWith("<!--")) {
      this.#until = "-->";
      // `<!-->` is a comment that ends at once.
      return this.#cut(2);
    }
    if (!/[a-z/!?]/i.test(this.#rest[1] ?? "")) return this.#cut(1);
    const end = tagEnd(this.#rest);
    if (end < 0) return this.#rest.length > maxTagBytes ? this.#cut(this.#rest.length) : "";
    const tag = this.#cut(end);
    const name = /^<([a-z][^\s/>]*)/i.exec(tag)?.[1]?.toLowerCase();
    if (name === undefined) return tag;
    if (rawText.has(name)) this.#until = `</${name}`;
    return this.#rewrite(tag, name);
  }

  #rewrite(tag: string, name: string): string {
    const wanted = linkAttributes[name];
    if (!wanted) return tag;
    const attribute = /([^\s"'<>/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/g;
    const nameLength = name.length + 1;
    const attributes = tag
      .slice(nameLength)
      .replace(attribute, (whole: string, key: string, equals: string, value: string) => {
        if (!wanted.includes(key.toLowerCase())) return whole;
        const quote = value.startsWith('"') || value.startsWith("'") ? value.charAt(0) : "";
        const inner = quote === "" ? value : value.slice(1, -1);
        return `${key}${equals}${quote}${rewriteLink(inner, this.#rules)}${quote}`;
      });
    return `${tag.slice(0, nameLength)}${attributes}`;
  }

  #cut(length: number): string {
    const part = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
    return part;
  }
}

/** Where the tag that the text starts with ends, behind its `>`; -1 when that has not come yet. */
function tagEnd(text: string): number {
  let quote = "";
  for (let at = 1; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (quote !== "") {
      if (char === quote) quote = "";
    } else if (char === ">") return at + 1;
    else if ((char === '"' || char === "'") && /=\s*$/.test(text.slice(Math.max(0, at - 16), at))) quote = char;
  }
  return -1;
}
