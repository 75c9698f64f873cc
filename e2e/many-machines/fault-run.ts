import { note } from "../../deploy/local/progress.ts";
import { eventually } from "../harness/eventually.ts";
import { failuresIn, longestOutage, troubleMs } from "../machines/load/timeline.ts";
import type { Attempt, Period } from "../machines/load/timeline.ts";
import { ProcessorShare } from "../machines/load/processor-share.ts";
import type { FaultReport } from "../machines/load/fault-report.ts";
import { seconds } from "../machines/load/fault-report.ts";
import { AnyApiServer, etcdIsHealthy, notTheSame, runningThings } from "./cluster-state.ts";
import type { ElectedDaemon, RunningThings } from "./cluster-state.ts";
import type { MachineCluster } from "./machine-cluster.ts";
import type { EndpointChange } from "./ready-endpoints.ts";

/** The loads that run while faults happen, and what the cluster says of who serves. */
export interface Loads {
  readonly writes: { readonly attempts: readonly Attempt[] };
  readonly web: { readonly attempts: readonly Attempt[] };
  readonly endpoints: {
    lastLoss(period: Period): number | undefined;
    changes(period: Period): readonly EndpointChange[];
  };
}

export interface Fault {
  readonly name: string;
  /** Makes it happen. Figures count from when this is called, and what it lasts it takes. */
  act(): Promise<void>;
  /** What ends, or starts anew, of what runs: keys of `RunningThings`, or everything on a machine (`cp-1/`). */
  readonly dies: readonly string[];
  /** The daemons whose leadership has to move. */
  readonly elects?: readonly ElectedDaemon[];
  /** Whether web servers are lost, or cut off: their clients see it while it lasts, and until proxies have followed. */
  readonly hitsServers?: boolean;
  /** Whom loads ask in vain for good, or for long: their failures are not counted. */
  readonly deadTargets?: readonly string[];
  /** Runs before the loads are waited for; answers when the cluster did what. */
  settle?(since: number): Promise<Settled>;
}

/** In milliseconds since the fault. */
export interface Settled {
  /** A machine's death was known. */
  readonly noticedMs?: number;
  /** Its pods ran elsewhere. */
  readonly replacedMs?: number;
}

/** What came of a fault, in milliseconds. */
export interface FaultOutcome extends Settled {
  /** For clients that turn from server to server. */
  readonly apiOutageMs: number;
  /** For clients of one server: the worst of those that lived. */
  readonly oneServerOutageMs: number;
  readonly leaderMovedMs: readonly number[];
  /** How long requests of web clients failed. */
  readonly webTroubleMs: number;
  /** When the fault was over, or the last lost web server was no endpoint any more: proxies follow. 0 when none was hit. */
  readonly endpointsRightMs: number;
  /** What runs no longer, or anew, and should not. */
  readonly restarted: readonly string[];
  /** By how much the computer was slower than one of one's own: see ProcessorShare. */
  readonly stretch: number;
}

/** Of how many requests of one fault a report tells everything. */
const toldInFull = 5;

/** Loads are steady when nothing failed, and everybody was answered, within this time. */
const steadyMs = 2_000;

/** Makes faults happen, one after another, under a load, and measures what comes of them. */
export class FaultRun {
  readonly #cluster: MachineCluster;
  readonly #loads: Loads;
  readonly #report: FaultReport;

  constructor(cluster: MachineCluster, loads: Loads, report: FaultReport) {
    this.#cluster = cluster;
    this.#loads = loads;
    this.#report = report;
  }

  async run(fault: Fault): Promise<FaultOutcome> {
    await this.steady([]);
    using api = new AnyApiServer(this.#cluster.servers, this.#cluster.access);
    const elects = fault.elects ?? [];
    const holders = await Promise.all(elects.map((daemon) => api.holder(daemon)));
    const before = await runningThings(this.#cluster.machines);
    const share = new ProcessorShare(await this.#cluster.lab.containerIds());
    const from = performance.now();
    const acted = fault.act().then(() => performance.now());
    const moves = elects.map((daemon, index) => this.#moved(api, daemon, holders[index] ?? "", from));
    const [actedAt, ...leaderMovedMs] = await Promise.all([acted, ...moves]);
    const settled = (await fault.settle?.(from)) ?? {};
    await this.steady(fault.deadTargets ?? []);
    const period = { from, to: performance.now() };
    const endpointsAt = Math.max(actedAt, this.#loads.endpoints.lastLoss(period) ?? from);
    const restarted = await this.#restartedBesides(fault, before);
    const outcome = {
      ...this.#measured(period, fault),
      ...settled,
      leaderMovedMs,
      endpointsRightMs: fault.hitsServers ? endpointsAt - from : 0,
      restarted,
      stretch: share.stretch,
    };
    this.#note(fault, outcome);
    await this.#noteFailures(period, fault, endpointsAt);
    for (const key of restarted) await this.#noteLastWords(key);
    return outcome;
  }

  /** Resolves when etcd is healthy, the loads are served, and none of their requests failed for a while. */
  async steady(deadTargets: readonly string[]): Promise<void> {
    await eventually(
      "the loads are served",
      () => this.#complaints(deadTargets),
      (complaints) => complaints.length === 0,
      120_000,
    );
    const [member] = this.#cluster.having("etcd");
    if (member !== undefined) await eventually("etcd is healthy", () => etcdIsHealthy(member), Boolean, 60_000);
  }

  #complaints(deadTargets: readonly string[]): readonly string[] {
    const now = performance.now();
    const recent = [...this.#loads.writes.attempts, ...this.#loads.web.attempts].filter(
      ({ endedAt, target }) => endedAt > now - steadyMs && !deadTargets.includes(target),
    );
    const targets = new Set([...this.#loads.writes.attempts, ...this.#loads.web.attempts].map(({ target }) => target));
    const silent = [...targets].filter(
      (target) => !deadTargets.includes(target) && !recent.some((attempt) => attempt.target === target),
    );
    const failed = recent.flatMap(({ target, error }) => (error === undefined ? [] : [`${target}: ${error}`]));
    return [...silent.map((target) => `${target}: no answer`), ...failed];
  }

  async #moved(api: AnyApiServer, daemon: ElectedDaemon, holder: string, from: number): Promise<number> {
    const changed = (now: string) => now !== "" && now !== holder;
    await eventually(`${daemon} has another leader than ${holder}`, () => api.holder(daemon), changed, 60_000);
    return performance.now() - from;
  }

  #measured(
    period: Period,
    { deadTargets = [] }: Fault,
  ): Pick<FaultOutcome, "apiOutageMs" | "oneServerOutageMs" | "webTroubleMs"> {
    const web = this.#loads.web.attempts.filter(({ target }) => !deadTargets.includes(target));
    const living = this.#cluster.servers.filter((server) => !deadTargets.includes(server));
    const outages = living.map((server) => {
      const attempts = this.#loads.writes.attempts.filter(({ target }) => target === server);
      return longestOutage(attempts, period);
    });
    return {
      apiOutageMs: longestOutage(this.#loads.writes.attempts, period),
      oneServerOutageMs: Math.max(0, ...outages),
      webTroubleMs: troubleMs(web, period),
    };
  }

  /** An engine that starts has nothing to tell for a moment. */
  async #restartedBesides({ dies }: Fault, before: RunningThings): Promise<readonly string[]> {
    const isMeant = (key: string) => dies.some((what) => (what.endsWith("/") ? key.startsWith(what) : key === what));
    const deadline = performance.now() + 10_000;
    for (;;) {
      const changed = notTheSame(before, await runningThings(this.#cluster.machines));
      const unexpected = changed.filter((key) => !isMeant(key));
      if (unexpected.length === 0 || performance.now() > deadline) return unexpected;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** What web clients complained of last; and of what failed although endpoints were right, where it went. */
  async #noteFailures(period: Period, { name, hitsServers, deadTargets = [] }: Fault, rightAt: number): Promise<void> {
    const failures = failuresIn(this.#loads.web.attempts, period).filter(({ target }) => !deadTargets.includes(target));
    const late = failures.filter(({ startedAt }) => !hitsServers || startedAt > rightAt);
    if (late.length === 0) {
      for (const last of failures.slice(-1)) note(`${name}: ${describeFailure(last, period)}`);
      return;
    }
    note(`${name}: ${late.length} of ${failures.length} failed requests were made when endpoints were right`);
    for (const { at, came, went } of this.#loads.endpoints.changes(period)) {
      const words = [...came.map((address) => `+${address}`), ...went.map((address) => `-${address}`)];
      note(`${name}: ${seconds(at - period.from)} endpoints ${words.join(" ")}`);
    }
    for (const attempt of late.slice(-toldInFull)) {
      note(`${name}: ${describeFailure(attempt, period)}: ${await this.#tracked(attempt)}`);
    }
  }

  /** What the machine that was asked knows of the connection: to which web server it led it. */
  async #tracked({ target, localPort }: Attempt): Promise<string> {
    const asked = this.#cluster.machines.find(({ address }) => target.startsWith(`${address}:`));
    if (asked === undefined || localPort === undefined) return "its connection is not known";
    const { stdout } = await asked.attempt(`conntrack -L -p tcp --orig-port-src ${localPort}`, { timeoutMs: 10_000 });
    return stdout.trim() || "its connection is forgotten";
  }

  /** Why something ended that should not have. */
  async #noteLastWords(key: string): Promise<void> {
    const [machine = "", what = ""] = key.split("/");
    const words = await this.#cluster.lab
      .machine(machine)
      .attempt(
        `journalctl --no-pager --output=short-precise --priority=info --lines=12 --unit='${what}' | cut -c1-500`,
      );
    for (const line of words.stdout.split("\n").filter(Boolean)) note(`${key}: ${line}`);
  }

  #note({ name }: Fault, outcome: FaultOutcome): void {
    const when = (ms: number | undefined) => (ms === undefined || ms === 0 ? "-" : seconds(ms));
    const figures = {
      "API unavailable": seconds(outcome.apiOutageMs),
      "one server": seconds(outcome.oneServerOutageMs),
      leadership: outcome.leaderMovedMs.map((ms) => seconds(ms)).join(", ") || "-",
      noticed: when(outcome.noticedMs),
      replaced: when(outcome.replacedMs),
      "endpoints right": when(outcome.endpointsRightMs),
      "web errors until": when(outcome.webTroubleMs),
      "restarted besides": outcome.restarted.length === 0 ? "nothing" : outcome.restarted.join(", "),
      "computer slower by": `x${outcome.stretch.toFixed(1)}`,
    };
    this.#report.add(name, figures);
    note(
      `${name}: ${Object.entries(figures)
        .map((pair) => pair.join(" "))
        .join(", ")}`,
    );
  }

  /** How many requests failed so far, for the closing line. */
  get failures(): { readonly writes: number; readonly web: number } {
    const all = { from: 0, to: performance.now() };
    return {
      writes: failuresIn(this.#loads.writes.attempts, all).length,
      web: failuresIn(this.#loads.web.attempts, all).length,
    };
  }
}

function describeFailure({ startedAt, target, localPort, error }: Attempt, { from }: Period): string {
  const at = new Date(performance.timeOrigin + startedAt).toISOString();
  return `${seconds(startedAt - from)} (${at}) port ${localPort ?? "?"} to ${target}: ${error}`;
}
