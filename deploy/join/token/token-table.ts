import { formatTime } from "@kube-ts/api/rfc3339";
import { type TokenRecord, formatToken } from "./bootstrap-token.ts";
import { tableText } from "../table-text.ts";

/** The tokens as a table, by id. */
export function tokenTable(tokens: readonly TokenRecord[], nowMs: number): string {
  const rows = byId(tokens).map((record) => [
    formatToken(record.token),
    record.expiresMs === undefined ? "<forever>" : shortDuration(record.expiresMs - nowMs),
    record.expiresMs === undefined ? "<never>" : formatTime(record.expiresMs),
    orNone(record.usages.toSorted().join(",")),
    orNone(record.description),
    orNone(record.groups.join(",")),
  ]);
  return tableText(["TOKEN", "TTL", "EXPIRES", "USAGES", "DESCRIPTION", "EXTRA GROUPS"], rows);
}

/** One object for each token, as upstream's `BootstrapToken` output kind has it. */
export function tokenObjects(tokens: readonly TokenRecord[]): readonly object[] {
  return byId(tokens).map(({ token, description, expiresMs, usages, groups }) => ({
    kind: "BootstrapToken",
    apiVersion: "output.kubeadm.k8s.io/v1alpha3",
    token: formatToken(token),
    ...(description !== "" && { description }),
    ...(expiresMs !== undefined && { expires: formatTime(expiresMs) }),
    ...(usages.length > 0 && { usages }),
    ...(groups.length > 0 && { groups }),
  }));
}

/** A duration in its largest unit: `23h`. */
export function shortDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1_000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 24) return `${hours}h`;
  if (hours < 24 * 365) return `${Math.trunc(hours / 24)}d`;
  return `${Math.trunc(hours / 24 / 365)}y`;
}

function byId(tokens: readonly TokenRecord[]): readonly TokenRecord[] {
  return tokens.toSorted((a, b) => (a.token.id < b.token.id ? -1 : 1));
}

function orNone(text: string): string {
  return text === "" ? "<none>" : text;
}
