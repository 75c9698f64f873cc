/** What a proxied name says: `[scheme:]name[:port]`. */
export interface TargetName {
  readonly scheme: "" | "http" | "https";
  readonly name: string;
  /** A number or a name; empty when there is none. */
  readonly port: string;
}

/** Reads `name`, `name:port` or `scheme:name:port`; undefined for anything else. */
export function parseTargetName(text: string): TargetName | undefined {
  const parts = text.split(":");
  if (parts.length > 3) return undefined;
  const [scheme, name, port] = parts.length === 3 ? parts : ["", ...parts];
  if (!name || (scheme !== "" && scheme !== "http" && scheme !== "https")) return undefined;
  return { scheme, name, port: port ?? "" };
}
