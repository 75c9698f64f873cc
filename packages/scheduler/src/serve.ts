import type { IncomingMessage, ServerResponse } from "node:http";
import type { Client } from "@kube-ts/client/client";
import { DelegatedAccess } from "@kube-ts/client/delegated-access";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { requestTarget } from "@kube-ts/std/request-target";
import { startServing } from "@kube-ts/std/serving";
import { loadServingTls } from "@kube-ts/std/serving-flags";
import type { SchedulerConfig } from "./config/scheduler-config.ts";
import type { DecisionLog } from "./cycle/decision-log.ts";

/** How far the scheduler has come, for the readiness check. */
export interface ServingState {
  synced: boolean;
  leading: boolean;
}

/** Serves health, metrics and the decisions; the API server decides who may see the latter two. Null for port 0. */
export async function serve(
  { serving }: SchedulerConfig,
  { clock, log, registry, zpages }: DaemonContext,
  client: Client,
  decisions: DecisionLog,
  state: ServingState,
): Promise<AsyncDisposable | null> {
  if (serving.port === 0) return null;
  const tls = await loadServingTls(serving, clock.now());
  const access = new DelegatedAccess({ client, clock, log });
  return startServing({
    host: serving.host,
    port: serving.port,
    tls,
    registry,
    zpages,
    log,
    readiness: [
      {
        name: "informer-sync",
        check: () => {
          // A scheduler that stands by has nothing to know yet.
          if (state.leading && !state.synced) throw new Error("the informers have not synced");
        },
      },
    ],
    authorize: access.check,
    routes: { "/debug/decisions": (request, response) => explain(decisions, request, response) },
  });
}

/** `?pod=namespace/name`: why the pod went where it went, or nowhere. */
function explain(decisions: DecisionLog, request: IncomingMessage, response: ServerResponse): void {
  const pod = requestTarget(request).query.get("pod");
  if (!pod) {
    answer(response, 400, { message: "the query needs pod=namespace/name" });
    return;
  }
  const decision = decisions.explain(pod);
  if (decision === undefined) answer(response, 404, { message: `no recent decision about pod ${JSON.stringify(pod)}` });
  else answer(response, 200, decision);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = `${JSON.stringify(body, undefined, 2)}\n`;
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}
