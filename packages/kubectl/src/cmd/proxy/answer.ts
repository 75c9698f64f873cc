import type { ServerResponse } from "node:http";

export function answerText(response: ServerResponse, code: number, text: string): void {
  const body = `${text}\n`;
  response.writeHead(code, {
    "Content-Type": "text/plain; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

export function redirect(response: ServerResponse, code: number, location: string): void {
  response.writeHead(code, { Location: encodeURI(decodeURI(location)), "Content-Length": 0 });
  response.end();
}
