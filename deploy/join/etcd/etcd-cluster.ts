import type { Clock } from "@kube-ts/std/clock";
import { ProgramError, runProgram } from "@kube-ts/std/run-program";
import type { KeyPairFiles } from "../../pki/authority.ts";
import { type EtcdMember, parseMemberList } from "./member-list.ts";

/** How etcd is reached. */
export interface EtcdAccess {
  /** URLs of members that run; one that does not answer is passed over. */
  readonly endpoints: readonly string[];
  readonly caFile: string;
  readonly client: KeyPairFiles;
}

const commandTimeoutMs = 20_000;
const dialTimeout = "3s";
const commandTimeout = "8s";
const pollMs = 500;

/** The membership of an etcd cluster, asked and changed through etcdctl. */
export class EtcdCluster {
  readonly #access: EtcdAccess;
  readonly #clock: Clock;

  constructor(access: EtcdAccess, clock: Clock) {
    this.#access = access;
    this.#clock = clock;
  }

  /** Rejects when no endpoint answers. */
  async members(signal: AbortSignal): Promise<readonly EtcdMember[]> {
    return parseMemberList(await this.#etcdctl(["member", "list", "--write-out=json"], signal));
  }

  /**
   * Adds a member that has no vote until it is promoted; answers all members then. Another machine that joins at the same
   * time is waited for, up to `timeoutMs`.
   */
  async addLearner(
    name: string,
    peerUrl: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<readonly EtcdMember[]> {
    const args = ["member", "add", name, `--peer-urls=${peerUrl}`, "--learner", "--write-out=json"];
    return this.#retry(timeoutMs, signal, async () => parseMemberList(await this.#etcdctl(args, signal)), isTransient);
  }

  /**
   * A member that is not there any more has been removed. etcd refuses changes in the first seconds of a member: they are
   * waited for, up to `timeoutMs`.
   */
  async remove(id: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    await this.#retry(
      timeoutMs,
      signal,
      async () => {
        try {
          await this.#etcdctl(["member", "remove", id], signal);
        } catch (error) {
          if (!/member not found/i.test(reasonOf(error))) throw error;
        }
      },
      isTransient,
    );
  }

  /** Gives the learner its vote as soon as it has caught up. Rejects when that takes longer than `timeoutMs`. */
  async promote(id: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    await this.#retry(timeoutMs, signal, async () => {
      try {
        await this.#etcdctl(["member", "promote", id], signal);
      } catch (error) {
        if (!isPromoted.test(reasonOf(error))) throw error;
      }
    });
  }

  /** Resolves when the member at `url` serves linearizable reads. */
  async waitHealthy(url: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    const alone = new EtcdCluster({ ...this.#access, endpoints: [url] }, this.#clock);
    await this.#retry(timeoutMs, signal, () => alone.#etcdctl(["endpoint", "health"], signal));
  }

  async #retry<T>(
    timeoutMs: number,
    signal: AbortSignal,
    attempt: () => Promise<T>,
    isTransient: (error: unknown) => boolean = () => true,
  ): Promise<T> {
    const deadlineMs = this.#clock.monotonicMs() + timeoutMs;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        signal.throwIfAborted();
        if (this.#clock.monotonicMs() > deadlineMs || !isTransient(error)) throw error;
      }
      await this.#clock.sleep(pollMs, signal);
    }
  }

  /** Each endpoint in turn, while nobody answers: a refusal is an answer. */
  async #etcdctl(args: readonly string[], signal: AbortSignal): Promise<string> {
    const { caFile, client, endpoints } = this.#access;
    const identity = [`--cacert=${caFile}`, `--cert=${client.cert}`, `--key=${client.key}`];
    const waits = [`--dial-timeout=${dialTimeout}`, `--command-timeout=${commandTimeout}`];
    let last: unknown = new Error("no member of etcd is known");
    for (const endpoint of endpoints) {
      const command = ["etcdctl", `--endpoints=${endpoint}`, ...identity, ...waits, ...args];
      const call = { command, environment: { ETCDCTL_API: "3" }, timeoutMs: commandTimeoutMs };
      try {
        return (await runProgram(call, signal)).stdout;
      } catch (error) {
        last = new Error(`etcd at ${endpoint}: ${args.slice(0, 2).join(" ")}: ${reasonOf(error)}`, { cause: error });
        if (!unanswered.test(reasonOf(error))) break;
      }
    }
    throw last;
  }
}

/** What etcd refuses for a while: members that have just come, or that another machine is about to bring. */
function isTransient(error: unknown): boolean {
  return /too many learner|unhealthy cluster|not enough started/.test(String(error));
}

/** etcd says the same of a learner that has been promoted and of one that has not caught up, but for its code. */
const isPromoted = /can only promote a learner member(?! which)/;
const unanswered = /context deadline exceeded|connection|Unavailable|is unhealthy|no leader/i;

/** What etcdctl said last, or why it could not be run. */
function reasonOf(error: unknown): string {
  if (!(error instanceof ProgramError)) return error instanceof Error ? error.message : String(error);
  const lines = error.stderr.split("\n").filter((line) => line.startsWith("Error:"));
  return lines.at(-1) ?? error.message;
}
