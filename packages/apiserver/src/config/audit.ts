import type { AuditPolicy } from "../audit/audit-policy.ts";
import type { BatchOptions } from "../audit/batch-backend.ts";
import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { parsedFlag, readFlagFile } from "./flag-files.ts";

const modes = ["batch", "blocking", "blocking-strict"] as const;
const formats = ["legacy", "json"] as const;
const version = "audit.k8s.io/v1";

const truncateFlags = {
  "max-event-size": "bytes of the largest event that keeps its bodies",
  "max-batch-size": "bytes of the largest batch; larger ones go in parts",
} as const;
const modeText =
  "how events are sent: batch (kept, then sent together), blocking (each before the request goes on), " +
  "blocking-strict (as blocking, and a request whose first event is lost fails)";

/** What is recorded of requests, and where. */
export const auditFlags = defineFlags({
  "audit-policy-file": {
    type: "string",
    default: "",
    description: "file with the Policy of audit.k8s.io/v1 that says what is recorded; nothing is without it",
  },
  "audit-log-path": { type: "string", default: "", description: "file that events are written to; - for stdout" },
  "audit-log-format": { type: "string", default: "json", description: "json, or legacy for one line of text each" },
  "audit-log-maxage": {
    type: "integer",
    default: 366,
    description: "days that old log files are kept, by the time in their names; 0 for ever",
  },
  "audit-log-maxbackup": { type: "integer", default: 100, description: "old log files that are kept; 0 for all" },
  "audit-log-maxsize": { type: "integer", default: 100, description: "megabytes after which another log file begins" },
  "audit-log-compress": { type: "boolean", default: false, description: "compress old log files with gzip" },
  "audit-log-version": { type: "string", default: version, description: `version of written events: ${version}` },
  "audit-log-mode": { type: "string", default: "blocking", description: modeText },
  "audit-log-batch-buffer-size": {
    type: "integer",
    default: 10_000,
    description: "events that may wait in mode batch",
  },
  "audit-log-batch-max-size": { type: "integer", default: 1, description: "events of a batch in mode batch" },
  "audit-log-batch-max-wait": { type: "duration", default: 0, description: "how long a batch waits to become full" },
  "audit-log-batch-throttle-enable": { type: "boolean", default: false, description: "limit the batches a second" },
  "audit-log-batch-throttle-qps": { type: "number", default: 0, description: "batches a second in the long run" },
  "audit-log-batch-throttle-burst": { type: "integer", default: 0, description: "batches at once" },
  "audit-log-truncate-enabled": { type: "boolean", default: false, description: "leave out bodies that are too large" },
  "audit-log-truncate-max-event-size": {
    type: "integer",
    default: 102_400,
    description: truncateFlags["max-event-size"],
  },
  "audit-log-truncate-max-batch-size": {
    type: "integer",
    default: 10_485_760,
    description: `${truncateFlags["max-batch-size"]}; lines of a log are never together, so that only the check uses it`,
  },
  "audit-webhook-config-file": {
    type: "string",
    default: "",
    description: "kubeconfig that says how to reach the server that events are sent to",
  },
  "audit-webhook-initial-backoff": {
    type: "duration",
    default: 10_000,
    description: "how long to wait before a batch that could not be sent is sent again",
  },
  "audit-webhook-version": { type: "string", default: version, description: `version of sent events: ${version}` },
  "audit-webhook-mode": { type: "string", default: "batch", description: modeText },
  "audit-webhook-batch-buffer-size": {
    type: "integer",
    default: 10_000,
    description: "events that may wait in mode batch",
  },
  "audit-webhook-batch-max-size": { type: "integer", default: 400, description: "events of a batch in mode batch" },
  "audit-webhook-batch-max-wait": {
    type: "duration",
    default: 30_000,
    description: "how long a batch waits to become full",
  },
  "audit-webhook-batch-throttle-enable": { type: "boolean", default: true, description: "limit the batches a second" },
  "audit-webhook-batch-throttle-qps": { type: "number", default: 10, description: "batches a second in the long run" },
  "audit-webhook-batch-throttle-burst": { type: "integer", default: 15, description: "batches at once" },
  "audit-webhook-truncate-enabled": {
    type: "boolean",
    default: false,
    description: "leave out bodies that are too large",
  },
  "audit-webhook-truncate-max-event-size": {
    type: "integer",
    default: 102_400,
    description: truncateFlags["max-event-size"],
  },
  "audit-webhook-truncate-max-batch-size": {
    type: "integer",
    default: 10_485_760,
    description: truncateFlags["max-batch-size"],
  },
});

/** How events come to a place where they are kept. */
export interface BackendConfig {
  readonly mode: (typeof modes)[number];
  readonly batch: BatchOptions;
  /** Undefined where events keep what they hold. */
  readonly truncate: { readonly maxEventBytes: number; readonly maxBatchBytes: number } | undefined;
}

export interface LogBackendConfig extends BackendConfig {
  /** `-` for standard output. */
  readonly path: string;
  readonly format: (typeof formats)[number];
  readonly maxBytes: number;
  readonly maxAgeDays: number;
  readonly maxBackups: number;
  readonly compress: boolean;
}

export interface WebhookBackendConfig extends BackendConfig {
  readonly kubeconfigFile: string;
  readonly initialBackoffMs: number;
}

export interface AuditConfig {
  readonly policy: AuditPolicy;
  readonly log: LogBackendConfig | undefined;
  readonly webhook: WebhookBackendConfig | undefined;
}

type Values = FlagValues<typeof auditFlags>;
type Plugin = "log" | "webhook";

const megabyte = 1024 * 1024;
/** What a size of 0 stands for. */
const usualMaxMegabytes = 100;

/** Undefined where nothing is recorded: without a policy or without a place. Throws a FlagError. */
export async function auditConfig(values: Values): Promise<AuditConfig | undefined> {
  const log = values["audit-log-path"] === "" ? undefined : logConfig(values);
  const kubeconfigFile = values["audit-webhook-config-file"];
  const initialBackoffMs = values["audit-webhook-initial-backoff"];
  const webhook =
    kubeconfigFile === "" ? undefined : { ...backendConfig(values, "webhook"), kubeconfigFile, initialBackoffMs };
  const flag = "audit-policy-file";
  const path = values[flag];
  if (path === "") return undefined;
  const text = String(await readFlagFile(flag, path));
  const { parseAuditPolicy } = await import("../audit/audit-policy.ts");
  const policy = parsedFlag(flag, () => parseAuditPolicy(text));
  return log || webhook ? { policy, log, webhook } : undefined;
}

function logConfig(values: Values): LogBackendConfig {
  const backend = backendConfig(values, "log");
  const format = formats.find((each) => each === values["audit-log-format"]);
  if (!format) {
    const message = `invalid audit log format ${values["audit-log-format"]}, allowed formats are "${formats.join(",")}"`;
    throw new FlagError("audit-log-format", message);
  }
  for (const flag of ["audit-log-maxage", "audit-log-maxbackup", "audit-log-maxsize"] as const) {
    if (values[flag] < 0) throw new FlagError(flag, `--${flag} ${values[flag]} can't be a negative number`);
  }
  return {
    ...backend,
    path: values["audit-log-path"],
    format,
    maxBytes: (values["audit-log-maxsize"] || usualMaxMegabytes) * megabyte,
    maxAgeDays: values["audit-log-maxage"],
    maxBackups: values["audit-log-maxbackup"],
    compress: values["audit-log-compress"],
  };
}

function backendConfig(values: Values, plugin: Plugin): BackendConfig {
  const flag = `audit-${plugin}-mode` as const;
  const mode = modes.find((each) => each === values[flag]);
  if (!mode) {
    const message = `invalid audit ${plugin} mode ${values[flag]}, allowed modes are "${modes.join(",")}"`;
    throw new FlagError(flag, message);
  }
  if (values[`audit-${plugin}-version`] !== version) {
    throw new FlagError(`audit-${plugin}-version`, `invalid group version, allowed versions are ["${version}"]`);
  }
  const batch = batchOptions(values, plugin);
  if (mode === "batch") checkBatch(values, plugin);
  return { mode, batch, truncate: truncateOptions(values, plugin) };
}

function batchOptions(values: Values, plugin: Plugin): BatchOptions {
  return {
    bufferSize: values[`audit-${plugin}-batch-buffer-size`],
    maxBatchSize: values[`audit-${plugin}-batch-max-size`],
    maxWaitMs: Math.max(0, values[`audit-${plugin}-batch-max-wait`]),
    throttle: values[`audit-${plugin}-batch-throttle-enable`]
      ? { qps: values[`audit-${plugin}-batch-throttle-qps`], burst: values[`audit-${plugin}-batch-throttle-burst`] }
      : undefined,
  };
}

function checkBatch(values: Values, plugin: Plugin): void {
  const checks = [
    ["batch-buffer-size", "buffer size"],
    ["batch-max-size", "max batch size"],
    ...(values[`audit-${plugin}-batch-throttle-enable`]
      ? ([
          ["batch-throttle-qps", "throttle QPS"],
          ["batch-throttle-burst", "throttle burst"],
        ] as const)
      : []),
  ] as const;
  for (const [name, words] of checks) {
    const flag = `audit-${plugin}-${name}` as const;
    const value = values[flag];
    if (value > 0) continue;
    throw new FlagError(flag, `invalid audit batch ${plugin} ${words} ${value}, must be a positive number`);
  }
}

function truncateOptions(values: Values, plugin: Plugin): BackendConfig["truncate"] {
  const eventFlag = `audit-${plugin}-truncate-max-event-size` as const;
  const batchFlag = `audit-${plugin}-truncate-max-batch-size` as const;
  const { [eventFlag]: maxEventBytes, [batchFlag]: maxBatchBytes } = values;
  const subject = `invalid audit truncate ${plugin}`;
  if (maxEventBytes <= 0) {
    throw new FlagError(eventFlag, `${subject} max event size ${maxEventBytes}, must be a positive number`);
  }
  if (maxBatchBytes < maxEventBytes) {
    const message = `${subject} max batch size ${maxBatchBytes}, must be greater than max event size (${maxEventBytes})`;
    throw new FlagError(batchFlag, message);
  }
  return values[`audit-${plugin}-truncate-enabled`] ? { maxEventBytes, maxBatchBytes } : undefined;
}
