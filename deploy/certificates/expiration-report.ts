import { formatTime } from "@kube-ts/api/rfc3339";
import { shortDuration } from "../join/token/token-table.ts";
import { tableText } from "../join/table-text.ts";

/** What is known of the end of a certificate. */
export interface Expiration {
  readonly name: string;
  /** Undefined when it is missing, or cannot be read. */
  readonly notAfterMs: number | undefined;
  /** Who signed it; empty for an authority itself. */
  readonly authority: string;
  /** Whether somebody else has to renew it, since this machine has not the authority's key. */
  readonly isExternal: boolean;
}

export interface ExpirationReport {
  readonly certificates: readonly Expiration[];
  readonly authorities: readonly Expiration[];
}

/** Two tables, for people. */
export function reportTable({ certificates, authorities }: ExpirationReport, nowMs: number): string {
  const common = ({ name, notAfterMs }: Expiration) =>
    notAfterMs === undefined
      ? [`!MISSING! ${name}`, "", ""]
      : [name, dateText(notAfterMs), shortDuration(notAfterMs - nowMs)];
  const external = ({ notAfterMs, isExternal }: Expiration) =>
    notAfterMs === undefined ? "" : isExternal ? "yes" : "no";
  const first = tableText(
    ["CERTIFICATE", "EXPIRES", "RESIDUAL TIME", "CERTIFICATE AUTHORITY", "EXTERNALLY MANAGED"],
    certificates.map((each) => [...common(each), each.authority, external(each)]),
  );
  const second = tableText(
    ["CERTIFICATE AUTHORITY", "EXPIRES", "RESIDUAL TIME", "EXTERNALLY MANAGED"],
    authorities.map((each) => [...common(each), external(each)]),
  );
  return `${first}\n${second}`;
}

/** For programs, as upstream's output kind has it. */
export function reportObject({ certificates, authorities }: ExpirationReport, nowMs: number): object {
  return {
    kind: "CertificateExpirationInfo",
    apiVersion: "output.kubeadm.k8s.io/v1alpha3",
    certificates: certificates.map((each) => ({ ...objectOf(each, nowMs), caName: each.authority })),
    certificateAuthorities: authorities.map((each) => objectOf(each, nowMs)),
  };
}

function objectOf({ name, notAfterMs, isExternal }: Expiration, nowMs: number): object {
  if (notAfterMs === undefined) return { name, missing: true, externallyManaged: isExternal };
  return {
    name,
    expirationDate: formatTime(notAfterMs),
    residualTime: Math.trunc((notAfterMs - nowMs) / 1_000),
    externallyManaged: isExternal,
  };
}

const dateFormat = new Intl.DateTimeFormat("en-US", {
  month: "short",
  day: "2-digit",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
});

/** `Dec 30, 2020 23:36 UTC`. */
function dateText(timeMs: number): string {
  const parts = Object.fromEntries(dateFormat.formatToParts(timeMs).map(({ type, value }) => [type, value]));
  return `${parts["month"]} ${parts["day"]}, ${parts["year"]} ${parts["hour"]}:${parts["minute"]} UTC`;
}
