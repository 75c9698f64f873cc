import type { ApiServerConfig } from "../config/server-config.ts";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import { ResourceSizes } from "../flow-control/cost/resource-sizes.ts";
import { FlowConfigController } from "../flow-control/flow-config-controller.ts";
import { FlowControl } from "../flow-control/flow-control.ts";
import { registerFlowMetrics } from "../flow-control/metrics/flow-metrics.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import type { ServerEnvironment } from "./environment.ts";

/** Priority and fairness as the cluster's objects say; undefined where it is off. */
export function startFlowControl(
  { requests }: Pick<ApiServerConfig, "requests">,
  { registries, live }: { readonly registries: RegistrySet; readonly live: LiveCatalog },
  { clock, log, metrics, background, startup }: ServerEnvironment,
): FlowControl | undefined {
  if (!requests.priorityAndFairness) return undefined;
  const { inFlight, timeoutMs } = requests;
  const sizes = new ResourceSizes(live, clock);
  const flow = new FlowControl({
    seats: inFlight.readOnly + inFlight.mutating,
    requestTimeoutMs: timeoutMs,
    sizeOf: (info) => sizes.sizeOf(info),
    clock,
    log,
  });
  registerFlowMetrics(flow, clock, metrics);
  const controller = new FlowConfigController({ flow, source: registries, writer: registries, clock, log });
  background.start((signal) => controller.run(signal));
  startup.finish("priority-and-fairness-config-consumer", "priority-and-fairness-filter");
  return flow;
}
