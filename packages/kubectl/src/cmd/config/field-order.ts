import { isRecord } from "@kube-ts/std/config-schema";
import type { JsonObject } from "../../session/api.ts";

/** The fields of a kubeconfig in the order in which upstream writes them as JSON; others follow. */
const order: Readonly<Record<string, readonly string[]>> = {
  "": ["kind", "apiVersion", "preferences", "clusters", "users", "contexts", "current-context", "extensions"],
  entry: ["name", "cluster", "user", "context"],
  cluster: [
    "server",
    "tls-server-name",
    "insecure-skip-tls-verify",
    "certificate-authority",
    "certificate-authority-data",
    "proxy-url",
    "disable-compression",
  ],
  user: [
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "token",
    "tokenFile",
    "as",
    "as-uid",
    "as-groups",
    "as-user-extra",
    "username",
    "password",
    "auth-provider",
    "exec",
  ],
  context: ["cluster", "user", "namespace"],
  exec: ["command", "args", "env", "apiVersion", "installHint", "provideClusterInfo", "interactiveMode"],
  "auth-provider": ["name", "config"],
};

/** A kubeconfig with its fields in upstream's order. */
export function inFieldOrder(config: JsonObject): JsonObject {
  return ordered(config, "");
}

function ordered(fields: JsonObject, place: string): JsonObject {
  const known = order[place] ?? [];
  const names = [
    ...known.filter((name) => name in fields),
    ...Object.keys(fields).filter((name) => !known.includes(name)),
  ];
  return Object.fromEntries(names.map((name) => [name, below(fields[name], place, name)] as const));
}

function below(value: unknown, place: string, name: string): unknown {
  if (Array.isArray(value)) {
    return place === "" ? value.map((each: unknown) => (isRecord(each) ? ordered({ ...each }, "entry") : each)) : value;
  }
  return isRecord(value) && order[name] && place !== "" ? ordered({ ...value }, name) : value;
}
