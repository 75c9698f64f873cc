import { parseYamlDocuments } from "@kube-ts/std/yaml";
import { isRecord } from "@kube-ts/std/config-schema";

/** A flag and the value that it has where the user does not say otherwise. */
export interface FlagDefault {
  readonly name: string;
  readonly value: string;
}

export interface CommandDefaults {
  /** The names that lead to the command. */
  readonly command: readonly string[];
  readonly options: readonly FlagDefault[];
}

export interface CommandAlias extends CommandDefaults {
  readonly name: string;
  readonly prependArgs: readonly string[];
  readonly appendArgs: readonly string[];
}

/** Which programs may be started for credentials. */
export type CredentialPluginPolicy =
  | { readonly kind: "AllowAll" | "DenyAll" }
  | { readonly kind: "Allowlist"; readonly commands: readonly string[] };

/** What a user prefers. */
export interface Preferences {
  readonly defaults: readonly CommandDefaults[];
  readonly aliases: readonly CommandAlias[];
  readonly credentialPlugins: CredentialPluginPolicy;
}

export interface ReadPreferences {
  readonly preferences: Preferences;
  readonly warnings: readonly string[];
}

const group = "kubectl.config.k8s.io";
const knownFields: ReadonlySet<string> = new Set([
  "aliases",
  "apiVersion",
  "credentialPluginAllowlist",
  "credentialPluginPolicy",
  "defaults",
  "kind",
  "overrides",
]);

/** Reads preferences, of which the first document that is some counts. Throws an Error. */
export function parsePreferences(text: string, path: string): ReadPreferences {
  let documents: unknown[];
  try {
    documents = parseYamlDocuments(text);
  } catch (cause) {
    throw noPreferences(path, cause);
  }
  const found = documents.find(
    (each) =>
      isRecord(each) &&
      each["kind"] === "Preference" &&
      [`${group}/v1beta1`, `${group}/v1alpha1`].includes(String(each["apiVersion"])),
  );
  if (!isRecord(found)) throw noPreferences(path);
  const unknown = Object.keys(found).filter((field) => !knownFields.has(field));
  const warnings = unknown.map(
    (field) =>
      `kuberc: ignoring strict decoding error in ${path}: strict decoding error: unknown field ${JSON.stringify(field)}`,
  );
  const preferences = {
    defaults: records(found["defaults"] ?? found["overrides"]).map((each) => defaultsOf(each)),
    aliases: records(found["aliases"]).map((each) => aliasOf(each)),
    credentialPlugins: policyOf(found),
  };
  return { preferences, warnings };
}

function noPreferences(path: string, cause?: unknown): Error {
  return new Error(`kuberc error kuberc: no valid preferences found in ${path}, use --v=5 to see details`, { cause });
}

type Fields = Readonly<Record<string, unknown>>;

function records(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter((each) => isRecord(each)) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function defaultsOf(fields: Fields): CommandDefaults {
  const command = String(fields["command"] ?? "")
    .split(/\s+/)
    .filter((word) => word !== "");
  const options = records(fields["options"] ?? fields["flags"]).map((option) => ({
    name: String(option["name"] ?? ""),
    value: String(option["default"] ?? ""),
  }));
  return { command, options };
}

function aliasOf(fields: Fields): CommandAlias {
  const name = String(fields["name"] ?? "");
  if (!/^[a-zA-Z]+$/.test(name)) throw new Error("invalid alias name, can only include alphabetical characters");
  return {
    ...defaultsOf(fields),
    name,
    prependArgs: texts(fields["prependArgs"]),
    appendArgs: texts(fields["appendArgs"]),
  };
}

function policyOf(fields: Fields): CredentialPluginPolicy {
  const commands = records(fields["credentialPluginAllowlist"]).map((each) => {
    return String(each["command"] ?? each["name"] ?? "");
  });
  const policy = fields["credentialPluginPolicy"] ?? "";
  switch (policy) {
    case "":
    case "AllowAll":
    case "DenyAll":
      if (commands.length > 0) throw new Error(`kuberc error: an allowlist needs the credentialPluginPolicy Allowlist`);
      return { kind: policy === "DenyAll" ? "DenyAll" : "AllowAll" };
    case "Allowlist":
      if (commands.length === 0)
        throw new Error("kuberc error: the credentialPluginPolicy Allowlist needs an allowlist");
      return { kind: "Allowlist", commands };
    default:
      throw new Error(`kuberc error: invalid credentialPluginPolicy ${JSON.stringify(policy)}`);
  }
}

/** Whether a program may be started for credentials: by its name where the list has that, by its path otherwise. */
export function allowsPlugin(policy: CredentialPluginPolicy, command: string): boolean {
  if (policy.kind !== "Allowlist") return policy.kind === "AllowAll";
  const name = command.split("/").at(-1) ?? command;
  return policy.commands.some((allowed) => (allowed.includes("/") ? allowed === command : allowed === name));
}
