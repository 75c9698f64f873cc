import { kubernetesVersion } from "@kube-ts/std/version";
import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";

/** What operators see of the server: its log, its metrics, its profiles. */
export const observabilityFlags = defineFlags({
  "logging-format": {
    type: "string",
    default: "json",
    description: "how log lines are written: json is the only way",
  },
  vmodule: {
    type: "stringList",
    default: [],
    description: "verbosity of single source files; must be empty, for it exists in the text format only. See -v",
  },
  "show-hidden-metrics-for-version": {
    type: "string",
    default: "",
    description: "the release before this one, to show metrics that it deprecated; there are none that are hidden",
  },
  profiling: {
    type: "boolean",
    default: true,
    description: "serve profiles below /debug/pprof/, and the verbosity of the log at /debug/flags/v",
  },
  "contention-profiling": {
    type: "boolean",
    default: false,
    description: "must be false: one thread runs the server, which never waits for a lock",
  },
});

export interface ObservabilityConfig {
  readonly profiling: boolean;
}

/** Throws a FlagError. */
export function observabilityConfig(values: FlagValues<typeof observabilityFlags>): ObservabilityConfig {
  if (values["logging-format"] !== "json") {
    const format = JSON.stringify(values["logging-format"]);
    throw new FlagError("logging-format", `format: Invalid value: ${format}: Unsupported log format`);
  }
  if (values.vmodule.length > 0) {
    throw new FlagError("vmodule", "vmodule: Forbidden: Only supported for text log format");
  }
  checkMetricsVersion(values["show-hidden-metrics-for-version"]);
  if (values["contention-profiling"]) {
    const message = "--contention-profiling cannot be honoured: one thread runs the server, which waits for no lock";
    throw new FlagError("contention-profiling", message);
  }
  return { profiling: values.profiling };
}

function checkMetricsVersion(version: string): void {
  const [major = "", minor = ""] = kubernetesVersion.replace(/^v/, "").split(".");
  const previous = `${major}.${Number(minor) - 1}`;
  if (version === "" || version === previous) return;
  const flag = "show-hidden-metrics-for-version";
  throw new FlagError(
    flag,
    `--${flag} must be omitted or have the value '${previous}'. Only the previous minor version is allowed`,
  );
}
