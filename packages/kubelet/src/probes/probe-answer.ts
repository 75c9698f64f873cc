/** What one probe brought. A warning counts as a success and is shown. */
export interface ProbeAnswer {
  readonly result: "success" | "warning" | "failure";
  readonly output: string;
}

/** How much of an answer is read and shown. */
export const maxOutputBytes = 10 * 1024;

/** A network failure in the words of upstream's dialer. */
export function dialFailure(address: string, error: unknown): string {
  const code = (error as { code?: unknown }).code;
  const text = typeof code === "string" ? dialTexts.get(code) : undefined;
  return `dial tcp ${address}: ${text ?? (error instanceof Error ? error.message : String(error))}`;
}

const dialTexts: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connect: connection refused"],
  ["EHOSTUNREACH", "connect: no route to host"],
  ["ENETUNREACH", "connect: network is unreachable"],
  ["ECONNRESET", "connect: connection reset by peer"],
  ["ETIMEDOUT", "i/o timeout"],
]);

/** Host and port as one address; IPv6 in brackets. */
export function joinHostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
