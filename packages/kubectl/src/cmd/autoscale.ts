import { ApiError } from "@kube-ts/api/status-error";
import { canonicalQuantity } from "@kube-ts/api/quantity";
import { causeOf, recordFlag, withAnnotations } from "../builder/change-cause.ts";
import { withGenerated } from "../builder/last-applied.ts";
import type { LocatedObject } from "../builder/object-reference.ts";
import { recordAt } from "../builder/pod-template.ts";
import { apiVersionOf } from "../builder/resource-mapper.ts";
import { namedObjects } from "../builder/resource-query.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { parseDryRun } from "../command-line/dry-run.ts";
import { booleanFlag, integerFlag, stringFlag } from "../command-line/flag.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags } from "../command-line/shared-flags.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import type { Api, JsonObject, Query } from "../session/api.ts";

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...dryRunFlag,
  ...recordFlag,
  ...fieldManagerFlag("kubectl-autoscale"),
  cpu: stringFlag(
    "The CPU that pods should use: 70% of what they request, or a quantity each; plain numbers are millis.",
  ),
  "cpu-percent": integerFlag("The CPU that pods should use of what they request, in per cent.", {
    default: -1,
    hidden: true,
    deprecated:
      "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
  }),
  max: integerFlag("The most pods there may be. Required.", { default: -1 }),
  memory: stringFlag(
    "The memory that pods should use: 70% of what they request, or a quantity each; plain numbers are MiB.",
  ),
  min: integerFlag("The fewest pods there may be; the server decides where nothing is said.", { default: -1 }),
  name: stringFlag("The name of the autoscaler; that of what it scales by default."),
  "save-config": booleanFlag("If true, the configuration of current object will be saved in its annotation."),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage: "(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]",
  description:
    "Create an autoscaler that chooses the number of pods of a deployment, replica set, stateful set or replication controller.",
  examples:
    "  # Between two and ten pods, by what the server thinks is the right use of CPU\n  kubectl autoscale deployment foo --min=2 --max=10",
  flags,
  run: async (session, { flags: values, positional, changed }) => {
    if (!changed("max")) throw new CommandError('required flag(s) "max" not set');
    const dryRun = parseDryRun(session.terminal, values["dry-run"]);
    const print = await createResultPrinter(values, dryRun, { keepOrder: true });
    check(values);
    if (changed("cpu-percent") && changed("cpu")) {
      throw new CommandError("--cpu-percent and --cpu are mutually exclusive");
    }
    const failures: unknown[] = [];
    const found = await namedObjects(session, positional, values, failures);
    if (found.length === 0 && failures.length === 0) throw new CommandError("no objects passed to autoscale");
    const api = await session.api();
    for (const item of found) {
      try {
        const built = autoscalerFor(item, values);
        const saved = values["save-config"] ? withGenerated(built) : built;
        const body = withAnnotations(saved, causeOf(values, session.commandLine));
        const result =
          dryRun === "client"
            ? body
            : await createAutoscaler(api, item.namespace, body, {
                fieldManager: values["field-manager"],
                dryRun: dryRun === "server" ? "All" : undefined,
              });
        await session.terminal.write(print(result, "autoscaled"));
      } catch (error) {
        failures.push(error);
      }
    }
    throwFailures(failures);
  },
});

function check({ max, min }: Values): void {
  if (max < 1) {
    throw new CommandError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
  }
  if (max < min) {
    throw new CommandError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
  }
}

/** Creates it as version 2, or as version 1 on a server that does not take the other and where that says the same. */
async function createAutoscaler(api: Api, namespace: string, body: JsonObject, query: Query): Promise<JsonObject> {
  const collection = `namespaces/${encodeURIComponent(namespace)}/horizontalpodautoscalers`;
  try {
    return await api.json({ method: "POST", path: `/apis/autoscaling/v2/${collection}`, query, body });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const path = `/apis/autoscaling/v1/${collection}`;
    return api.json({ method: "POST", path, query, body: asFirstVersion(body, error) });
  }
}

function asFirstVersion(body: JsonObject, cause: ApiError): JsonObject {
  const { metrics, ...spec } = recordAt(body, ["spec"]);
  const list = Array.isArray(metrics) ? metrics : [];
  const { name, target } = recordAt(list[0], ["resource"]);
  const percent = recordAt(target, [])["averageUtilization"];
  if (list.length !== 1 || name !== "cpu" || percent === undefined) {
    const reason = list.length === 0 ? "empty input" : "only a target for the utilization of CPU is known there";
    throw new CommandError(
      `failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: ${reason}`,
      { cause },
    );
  }
  return {
    ...body,
    apiVersion: "autoscaling/v1",
    spec: { ...spec, targetCPUUtilizationPercentage: percent },
    status: { currentReplicas: 0, desiredReplicas: 0 },
  };
}

const scalable: ReadonlySet<string> = new Set(["Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"]);

function autoscalerFor({ resource, name }: LocatedObject, values: Values): JsonObject {
  if (!scalable.has(resource.kind)) {
    const kind = resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`;
    const plural = `${resource.group}/${resource.version}, Resource=${resource.plural}`;
    throw new CommandError(
      `cannot autoscale a ${kind}: could not find scale subresource for ${plural} in discovery information`,
    );
  }
  const percent = values["cpu-percent"];
  const cpu = values.cpu === "" && percent >= 0 ? `${percent}%` : values.cpu;
  const metrics = [metricOf("cpu", cpu, "m"), metricOf("memory", values.memory, "Mi")].flatMap((each) => each ?? []);
  return {
    kind: "HorizontalPodAutoscaler",
    apiVersion: "autoscaling/v2",
    metadata: { name: values.name || name },
    spec: {
      scaleTargetRef: { kind: resource.kind, name, apiVersion: apiVersionOf(resource) },
      ...(values.min > 0 && { minReplicas: values.min }),
      maxReplicas: values.max,
      ...(metrics.length > 0 && { metrics }),
    },
    status: { desiredReplicas: 0, currentMetrics: null },
  };
}

/** What one resource should be used; a plain number is in `unit`. Throws a CommandError. */
function metricOf(resource: string, text: string, unit: string): JsonObject | undefined {
  if (text === "") return undefined;
  return { type: "Resource", resource: { name: resource, target: targetOf(resource, text, unit) } };
}

function targetOf(resource: string, text: string, unit: string): JsonObject {
  if (text.endsWith("%")) {
    const percent = Number(text.slice(0, -1));
    if (!Number.isInteger(percent) || percent < 0) {
      throw new CommandError(`invalid percentage value: ${text.slice(0, -1)}`);
    }
    return { type: "Utilization", averageUtilization: percent };
  }
  try {
    return { type: "AverageValue", averageValue: canonicalQuantity(/^\d+$/.test(text) ? text + unit : text) };
  } catch (cause) {
    throw invalidTarget(resource, text, cause);
  }
}

function invalidTarget(resource: string, text: string, cause?: unknown): CommandError {
  return new CommandError(`invalid resource ${resource} value: ${text}`, { cause });
}
