import type { HttpResponse } from "./http-client.ts";
import { TransportError } from "./transport-error.ts";

/** The whole body of an answer. Rejects with a TransportError when it is larger than `maxBytes`. */
export async function readBody(response: HttpResponse, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw new TransportError(`answer is larger than ${maxBytes} bytes`, "");
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
