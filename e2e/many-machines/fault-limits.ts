import assert from "node:assert/strict";
import { seconds } from "../machines/load/fault-report.ts";
import { electedDaemons } from "./cluster-state.ts";
import type { FaultOutcome } from "./fault-run.ts";

const longestOutageMs = 10_000;
const longestElectionMs = 20_000;
const longestUnnoticedMs = 50_000;
/** How long after a change of endpoints the proxies of all machines have followed it. */
const programmingMs = 5_000;

/** What holds for every fault. Times are longer on a computer that others use, too. */
export function assertHarmless(outcome: FaultOutcome): void {
  const { apiOutageMs, leaderMovedMs, noticedMs = 0, webTroubleMs, endpointsRightMs, restarted, stretch } = outcome;
  // Leaders outlast the longest outage that there may be, and not what only a slow computer explains.
  const isLeader = (key: string) => electedDaemons.some((daemon) => key.endsWith(`/${daemon}.service`));
  assert.deepEqual(apiOutageMs <= longestOutageMs ? restarted : restarted.filter((key) => !isLeader(key)), []);
  assert.ok(apiOutageMs <= longestOutageMs * stretch, `no write was taken for ${seconds(apiOutageMs)}`);
  for (const ms of leaderMovedMs) assert.ok(ms <= longestElectionMs * stretch, `leadership moved after ${seconds(ms)}`);
  assert.ok(noticedMs <= longestUnnoticedMs * stretch, `the machine's death was noticed after ${seconds(noticedMs)}`);
  const webLimitMs = endpointsRightMs === 0 ? 0 : endpointsRightMs + programmingMs * stretch;
  assert.ok(
    webTroubleMs <= webLimitMs,
    `web requests failed for ${seconds(webTroubleMs)}, and endpoints were right after ${seconds(endpointsRightMs)}`,
  );
}
