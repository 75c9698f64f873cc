import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "@kube-ts/std/clock";
import type { ClusterConfig, Machine } from "../../cluster/cluster-config.ts";
import { etcdMember, etcdMembers } from "../../cluster/cluster-view.ts";
import type { EtcdStart } from "../../cluster/daemon-flags.ts";
import { etcdData, pkiDirectory } from "../../machine/places.ts";
import { trustedFile } from "../../pki/certificate-files.ts";
import type { Membership } from "../../machine/set-up-machine.ts";
import { EtcdCluster } from "./etcd-cluster.ts";
import type { EtcdMember } from "./member-list.ts";
import { type MemberWish, initialCluster, mayRemove, nextMemberStep } from "./member-plan.ts";

/** How long others' changes, and the first seconds of a member, are waited for. */
const changeMs = 120_000;
const promoteMs = 300_000;

/** etcd as a machine's own certificate lets it ask; `machine` itself is asked last. */
export function etcdCluster(config: ClusterConfig, machine: Machine, clock: Clock): EtcdCluster {
  const [own, ...others] = etcdMembers(config, machine).map(({ clientUrl }) => clientUrl);
  const pair = join(pkiDirectory, "etcd", "healthcheck-client");
  return new EtcdCluster(
    {
      endpoints: [...others, ...(own === undefined ? [] : [own])],
      caFile: trustedFile(pkiDirectory, "etcd/ca"),
      client: { cert: `${pair}.crt`, key: `${pair}.key` },
    },
    clock,
  );
}

/** Makes a machine a member of the etcd that there is: it learns first, and gets its vote once it has caught up. */
export class EtcdMembership implements Membership {
  readonly #cluster: EtcdCluster;
  readonly #name: string;
  readonly #peerUrl: string;
  readonly #clientUrl: string;

  constructor(config: ClusterConfig, machine: Machine, clock: Clock) {
    const { name, peerUrl, clientUrl } = etcdMember(config, machine);
    this.#cluster = etcdCluster(config, machine, clock);
    this.#name = name;
    this.#peerUrl = peerUrl;
    this.#clientUrl = clientUrl;
  }

  async joinEtcd(signal: AbortSignal): Promise<EtcdStart> {
    const wish = this.#wish();
    const members = await this.#cluster.members(signal);
    const step = nextMemberStep(members, wish);
    if (step.kind === "replace") await this.#cluster.remove(step.member.id, changeMs, signal);
    const isNew = step.kind === "replace" || step.kind === "add";
    const all = isNew ? await this.#cluster.addLearner(this.#name, this.#peerUrl, changeMs, signal) : members;
    return { initialCluster: initialCluster(all, wish), state: "existing" };
  }

  async etcdStarted(signal: AbortSignal): Promise<void> {
    const own = await this.#own(signal);
    if (!own) throw new Error(`etcd has no member ${this.#name}`);
    if (own.isLearner) await this.#cluster.promote(own.id, promoteMs, signal);
    await this.#cluster.waitHealthy(this.#clientUrl, promoteMs, signal);
  }

  /** Takes the machine out of etcd. Absence is success; the last member with a vote stays. */
  async leave(signal: AbortSignal): Promise<void> {
    const members = await this.#cluster.members(signal);
    const own = await this.#own(signal, members);
    if (own && mayRemove(members, own)) await this.#cluster.remove(own.id, changeMs, signal);
  }

  async #own(signal: AbortSignal, known?: readonly EtcdMember[]): Promise<EtcdMember | undefined> {
    const members = known ?? (await this.#cluster.members(signal));
    return members.find(({ name, peerUrls }) => name === this.#name || peerUrls.includes(this.#peerUrl));
  }

  #wish(): MemberWish {
    return { name: this.#name, peerUrl: this.#peerUrl, hasData: existsSync(join(etcdData, "member")) };
  }
}
