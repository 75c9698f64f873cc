import type { Clock } from "@kube-ts/std/clock";
import { resourceNotFound } from "@kube-ts/api/status-error";
import { sendText } from "../endpoints/respond.ts";
import { dumpLevels, dumpQueues, dumpRequests } from "../flow-control/debug-dumps.ts";
import type { FlowControl } from "../flow-control/flow-control.ts";
import type { PathRoutes } from "./path-routes.ts";

const prefix = "/debug/api_priority_and_fairness/";

/** Serves what priority and fairness is doing now; the index of paths does not name it. */
export function addFlowRoutes(paths: PathRoutes, flow: FlowControl, clock: Clock): void {
  paths.prefix(prefix, (exchange, { path, query }) => {
    const { levels } = flow;
    const dumps: Readonly<Record<string, () => string>> = {
      dump_priority_levels: () => dumpLevels(levels),
      dump_queues: () => dumpQueues(levels),
      dump_requests: () => {
        const epochMs = clock.now() - clock.monotonicMs();
        return dumpRequests(levels, (query.get("includeRequestDetails") ?? "") !== "", epochMs);
      },
    };
    const name = path.slice(prefix.length);
    const dump = Object.hasOwn(dumps, name) ? dumps[name] : undefined;
    if (!dump) throw resourceNotFound();
    sendText(exchange, 200, dump());
  });
}
