/** The number of bytes that base64 text decodes to. */
export function base64ByteLength(text: string): number {
  const length = text.length;
  if (length === 0) return 0;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.floor((length * 3) / 4) - padding;
}

/** Whether the texts together take more than `limitBytes` in UTF-8. */
export function exceedsBytes(texts: Iterable<string>, limitBytes: number): boolean {
  let characters = 0;
  const all = [...texts];
  for (const text of all) characters += text.length;
  if (characters > limitBytes) return true;
  if (characters * 3 <= limitBytes) return false;
  let bytes = 0;
  for (const text of all) bytes += Buffer.byteLength(text);
  return bytes > limitBytes;
}
