/** One element of DER: its tag and what is in it. */
export interface DerElement {
  readonly tag: number;
  readonly contents: Buffer;
}

const constructedTag = 0x20;

/** The elements that follow each other in some bytes. Throws a RangeError for lengths that reach beyond them. */
export function readDer(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes.readUInt8(at);
    const first = bytes.readUInt8(at + 1);
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    if (lengthBytes > 4) throw new RangeError("an element of DER is too long");
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
    const start = at + 2 + lengthBytes;
    if (start + length > bytes.length) throw new RangeError("an element of DER reaches beyond its end");
    elements.push({ tag, contents: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}

/** The elements in a constructed element; none in another or a missing one. */
export function childrenOf(element: DerElement | undefined): DerElement[] {
  return element && (element.tag & constructedTag) !== 0 ? readDer(element.contents) : [];
}

/** An object identifier in dotted form. */
export function identifierText({ contents }: DerElement): string {
  const parts: number[] = [];
  let value = 0;
  for (const byte of contents) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    parts.push(value);
    value = 0;
  }
  const [head = 0, ...rest] = parts;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...rest].join(".");
}
