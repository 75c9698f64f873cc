/** One block of a PEM text. */
export interface PemBlock {
  readonly label: string;
  readonly hasHeaders: boolean;
  readonly bytes: Buffer;
}

const blockPattern = /-----BEGIN ([^\n-]*)-----[ \t\r]*\n([\s\S]*?)-----END \1-----/g;
const headerPattern = /^[^\n:]+:[^\n]*\n/;
const base64Pattern = /^[A-Za-z0-9+/]*={0,2}$/;

/** The blocks of a PEM text in their order; what lies between them, and blocks that are no base64, are skipped. */
export function* pemBlocks(text: string): Generator<PemBlock> {
  for (const [, label = "", body = ""] of text.matchAll(blockPattern)) {
    const hasHeaders = headerPattern.test(body);
    const content = hasHeaders ? body.slice(body.search(/\n[ \t\r]*\n/) + 1) : body;
    const base64 = content.replace(/\s+/g, "");
    if (base64Pattern.test(base64)) yield { label, hasHeaders, bytes: Buffer.from(base64, "base64") };
  }
}

export function firstPemBlock(text: string): PemBlock | undefined {
  for (const block of pemBlocks(text)) return block;
  return undefined;
}
