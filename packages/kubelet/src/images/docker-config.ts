import type { RegistryAuth } from "../runtime/image-service.ts";

/** Credentials by the registry (and path) that they are for. */
export type RegistryCredentials = ReadonlyMap<string, RegistryAuth>;

interface ConfigEntry {
  readonly username?: unknown;
  readonly password?: unknown;
  readonly auth?: unknown;
}

/** Reads a `.dockerconfigjson`: credentials under `auths`. Throws for what is not such a file. */
export function parseDockerConfigJson(text: string): RegistryCredentials {
  const value = JSON.parse(text) as { readonly auths?: unknown };
  return parseEntries(value?.auths ?? {});
}

/** Reads the older `.dockercfg`: the credentials alone. */
export function parseDockerCfg(text: string): RegistryCredentials {
  return parseEntries(JSON.parse(text));
}

function parseEntries(value: unknown): RegistryCredentials {
  if (typeof value !== "object" || value === null) throw new Error("credentials are not an object");
  const credentials = new Map<string, RegistryAuth>();
  for (const [location, entry] of Object.entries(value as Record<string, ConfigEntry | null>)) {
    const auth = parseEntry(entry ?? {});
    if (auth) credentials.set(location, { ...auth, serverAddress: location });
  }
  return credentials;
}

/** `auth` is base64 of `user:password` and wins over the single fields. */
function parseEntry(entry: ConfigEntry): RegistryAuth | undefined {
  if (typeof entry.auth === "string" && entry.auth !== "") {
    const decoded = Buffer.from(entry.auth, "base64").toString("utf8");
    const colon = decoded.indexOf(":");
    if (colon < 0) throw new Error("auth field is not user:password in base64");
    // Some writers pad the password with zero bytes.
    return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1).replace(/\0+$/, "") };
  }
  const { username, password } = entry;
  if (typeof username !== "string" || typeof password !== "string") return undefined;
  return { username, password };
}
