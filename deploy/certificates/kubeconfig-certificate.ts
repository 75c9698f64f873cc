import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { formatYaml, parseYaml } from "@kube-ts/std/yaml";
import type { KeyPairTexts } from "../pki/authority.ts";

interface UserEntry {
  readonly name?: string;
  readonly user?: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly contexts?: readonly { readonly name?: string; readonly context?: { readonly user?: string } }[];
  readonly users?: readonly UserEntry[];
  readonly "current-context"?: string;
}

/** The client certificate of a kubeconfig's current user, with its key. Throws when there is none. */
export function certificateOfKubeconfig(text: string): KeyPairTexts {
  const { user = {} } = currentUser(parseYaml(text) as Document);
  return { cert: pem(user, "client-certificate"), key: pem(user, "client-key") };
}

/** The kubeconfig with another client certificate; everything else stays. Throws when it has no user. */
export function withCertificate(text: string, { cert, key }: KeyPairTexts): string {
  const document = parseYaml(text) as Document;
  const current = currentUser(document);
  const { "client-certificate": _certificateFile, "client-key": _keyFile, ...others } = current.user ?? {};
  const user = {
    ...others,
    "client-certificate-data": Buffer.from(cert).toString("base64"),
    "client-key-data": Buffer.from(key).toString("base64"),
  };
  const users = (document.users ?? []).map((entry) => (entry === current ? { ...entry, user } : entry));
  return formatYaml({ ...document, users });
}

function currentUser({ contexts = [], users = [], "current-context": name }: Document): UserEntry {
  const userName = contexts.find((each) => each.name === name)?.context?.user;
  const found = users.find((each) => each.name === userName);
  if (!found) throw new Error("the kubeconfig has no user in its current context");
  return found;
}

function pem(user: Readonly<Record<string, unknown>>, field: string): string {
  const data = user[`${field}-data`];
  if (typeof data === "string" && data !== "") return Buffer.from(data, "base64").toString("utf8");
  const file = user[field];
  if (typeof file === "string" && isAbsolute(file)) return readFileSync(file, "utf8");
  throw new Error(`the kubeconfig has no ${field}`);
}
