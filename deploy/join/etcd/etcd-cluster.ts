import type { Clock } from "@kube-ts/std/clock";
import { run } from "../../local/command.ts";
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
  async members(): Promise<readonly EtcdMember[]> {
    return parseMemberList(await this.#etcdctl(["member", "list", "--write-out=json"]));
  }

  /** Adds a member that has no vote until it is promoted; answers all members then. */
  async addLearner(name: string, peerUrl: string): Promise<readonly EtcdMember[]> {
    const args = ["member", "add", name, `--peer-urls=${peerUrl}`, "--learner", "--write-out=json"];
    return parseMemberList(await this.#etcdctl(args));
  }

  /** A member that is not there any more has been removed. */
  async remove(id: string): Promise<void> {
    try {
      await this.#etcdctl(["member", "remove", id]);
    } catch (error) {
      if (!/member not found/i.test(String(error))) throw error;
    }
  }

  /** Gives the learner its vote as soon as it has caught up. Rejects when that takes longer than `timeoutMs`. */
  async promote(id: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    await this.#retry(timeoutMs, signal, async () => {
      try {
        await this.#etcdctl(["member", "promote", id]);
      } catch (error) {
        if (!/can only promote a learner member$|not a learner/im.test(String(error))) throw error;
      }
    });
  }

  /** Resolves when the member at `url` serves linearizable reads. */
  async waitHealthy(url: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    const alone = new EtcdCluster({ ...this.#access, endpoints: [url] }, this.#clock);
    await this.#retry(timeoutMs, signal, () => alone.#etcdctl(["endpoint", "health"]));
  }

  async #retry(timeoutMs: number, signal: AbortSignal, attempt: () => Promise<unknown>): Promise<void> {
    const deadlineMs = this.#clock.monotonicMs() + timeoutMs;
    for (;;) {
      try {
        await attempt();
        return;
      } catch (error) {
        if (this.#clock.monotonicMs() > deadlineMs) throw error;
      }
      await this.#clock.sleep(pollMs, signal);
    }
  }

  /** Each endpoint in turn: etcdctl itself tries one after the other for some commands only. */
  async #etcdctl(args: readonly string[]): Promise<string> {
    const { caFile, client, endpoints } = this.#access;
    const identity = [`--cacert=${caFile}`, `--cert=${client.cert}`, `--key=${client.key}`];
    const waits = [`--dial-timeout=${dialTimeout}`, `--command-timeout=${commandTimeout}`];
    let last: unknown = new Error("no member of etcd is known");
    for (const endpoint of endpoints) {
      try {
        return await run("etcdctl", [`--endpoints=${endpoint}`, ...identity, ...waits, ...args], commandTimeoutMs);
      } catch (error) {
        last = error;
        if (!/context deadline exceeded|connection|Unavailable|unhealthy|no leader/i.test(String(error))) break;
      }
    }
    throw last;
  }
}
