import type { UserInfo } from "../auth/user.ts";
import type { AuditConfig, BackendConfig } from "../config/audit.ts";
import type { RequestInfo } from "../endpoints/request-info.ts";
import { authorizationAttributes } from "../server/authorization-attributes.ts";
import type { ServerEnvironment } from "../server/environment.ts";
import { type AuditBackend, type EventWriter, LossReport, UnionBackend } from "./audit-backend.ts";
import { eventJson, legacyLine } from "./audit-event.ts";
import { AuditMetrics } from "./audit-metrics.ts";
import { Auditor } from "./auditor.ts";
import { BatchBackend } from "./batch-backend.ts";
import { BlockingBackend } from "./blocking-backend.ts";
import { LogWriter } from "./log/log-writer.ts";
import { RotatedFile, standardOutput } from "./log/rotated-file.ts";
import type { Auditing } from "./request-audit.ts";
import { TruncatingBackend } from "./truncating-backend.ts";

/** Keeps records until it is disposed of, which writes what is still to be written. */
export interface OpenAudit extends AsyncDisposable {
  readonly auditing: Auditing;
}

type AuditEnvironment = Pick<ServerEnvironment, "clock" | "random" | "log" | "metrics">;

/** Rejects when a back end cannot be opened. */
export async function openAudit(config: AuditConfig, environment: AuditEnvironment): Promise<OpenAudit> {
  const { clock, log } = environment;
  const metrics = new AuditMetrics(environment.metrics);
  const report = new LossReport(metrics, log);
  const backends: AuditBackend[] = [];
  if (config.log) backends.push(wrapped(logWriter(config.log, environment), config.log, clock, report));
  if (config.webhook)
    backends.push(wrapped(await webhookWriter(config.webhook, environment), config.webhook, clock, report));
  const [only] = backends;
  const backend = only && backends.length === 1 ? only : new UnionBackend(backends);
  for (const problem of config.policy.warnings) log.warn("audit policy has a field that does not exist", { problem });
  const auditing = new Auditor({ rules: config.policy.rules, backend, metrics, clock, pinnedName });
  return { auditing, [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose]() };
}

function pinnedName(user: UserInfo, info: RequestInfo): string {
  const attributes = authorizationAttributes(user, info);
  return attributes.kind === "resource" ? attributes.name : "";
}

function wrapped(
  writer: EventWriter,
  { mode, batch, truncate }: BackendConfig,
  clock: AuditEnvironment["clock"],
  report: LossReport,
): AuditBackend {
  const backend =
    mode === "batch"
      ? new BatchBackend(writer, batch, clock, report)
      : new BlockingBackend(writer, mode === "blocking-strict", report);
  return truncate ? new TruncatingBackend(backend, truncate.maxEventBytes, report) : backend;
}

function logWriter(
  { path, format, mode, maxBytes, maxAgeDays, maxBackups, compress }: NonNullable<AuditConfig["log"]>,
  { clock, log }: AuditEnvironment,
): EventWriter {
  const file =
    path === "-" ? standardOutput : new RotatedFile({ path, maxBytes, maxAgeDays, maxBackups, compress, clock, log });
  return new LogWriter(file, format === "legacy" ? legacyLine : eventJson, mode !== "batch");
}

async function webhookWriter(
  { kubeconfigFile, initialBackoffMs, truncate }: NonNullable<AuditConfig["webhook"]>,
  { clock, random }: AuditEnvironment,
): Promise<EventWriter> {
  const { clientConfigFromFile } = await import("@kube-ts/client/client-config");
  const { WebhookWriter } = await import("./webhook-writer.ts");
  const config = await clientConfigFromFile(kubeconfigFile);
  return new WebhookWriter(config, { initialBackoffMs, maxBatchBytes: truncate?.maxBatchBytes, clock, random });
}
