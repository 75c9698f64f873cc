import type { ConfigMap, Secret, ServiceAccount } from "@kube-ts/api/core/v1";
import type { Description } from "./description.ts";

function head(
  description: Description,
  {
    name = "",
    namespace,
    labels,
    annotations,
  }: { name?: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> },
): void {
  description.line(0, `Name:\t${name}`);
  if (namespace !== undefined) description.line(0, `Namespace:\t${namespace}`);
  description.map("Labels", labels);
  description.annotations(annotations);
}

export function describeConfigMap(description: Description, { metadata, data = {}, binaryData = {} }: ConfigMap): void {
  const line = (text: string) => description.line(0, text);
  head(description, metadata);
  line("");
  line("Data");
  line("====");
  for (const key of Object.keys(data).toSorted()) {
    line(`${key}:`);
    line("----");
    for (const each of (data[key] ?? "").split("\n")) line(each);
    line("");
  }
  line("");
  line("BinaryData");
  line("====");
  for (const key of Object.keys(binaryData).toSorted())
    line(`${key}: ${Buffer.from(binaryData[key] ?? "", "base64").length} bytes`);
  line("");
}

export function describeSecret(description: Description, { metadata, type, data = {} }: Secret): void {
  const line = (text: string) => description.line(0, text);
  head(description, metadata);
  line("");
  line(`Type:  ${type ?? ""}`);
  line("");
  line("Data");
  line("====");
  for (const key of Object.keys(data).toSorted()) {
    const bytes = Buffer.from(data[key] ?? "", "base64");
    const shown = type === "kubernetes.io/service-account-token" && key === "token";
    line(shown ? `${key}:\t${bytes.toString("utf8")}` : `${key}:\t${bytes.length} bytes`);
  }
}

export function describeServiceAccount(description: Description, account: ServiceAccount): void {
  head(description, account.metadata);
  const names = (account.imagePullSecrets ?? []).map(({ name = "" }) => name);
  if (names.length === 0) description.line(0, "Image pull secrets:\t<none>");
  for (const [index, name] of names.entries())
    description.line(0, `${index === 0 ? "Image pull secrets:" : ""}\t${name}`);
}
