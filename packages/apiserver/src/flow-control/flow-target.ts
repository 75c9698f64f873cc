import { createHash } from "node:crypto";
import type { UserInfo } from "../auth/user.ts";
import type { RequestInfo } from "../endpoints/request-info.ts";
import { dealHand } from "./fair-queuing/shuffle-sharding.ts";
import type { TicketTarget } from "./fair-queuing/ticket.ts";
import type { SchemaSettings } from "./flow-config.ts";
import type { Level } from "./level.ts";
import type { FlowStats } from "./metrics/flow-stats.ts";

/** Hands of so many flows are remembered; then they are dealt anew. */
const maxHands = 10_000;
const onlyQueue: readonly number[] = [0];

/** Where one schema sends its requests: a level, and of its queues the hand that each flow is dealt. */
export class FlowTarget implements TicketTarget {
  readonly schema: SchemaSettings;
  readonly level: Level;
  readonly stats: FlowStats;
  readonly headers: Readonly<Record<string, string>>;
  readonly #hands = new Map<string, readonly number[]>();
  readonly #queues: number;
  readonly #handSize: number;

  constructor(schema: SchemaSettings, level: Level) {
    this.schema = schema;
    this.level = level;
    this.stats = level.statsOf(schema.name);
    const { queuing, uid } = level.settings;
    this.#queues = queuing.kind === "queue" ? queuing.queues : 0;
    this.#handSize = queuing.kind === "queue" ? queuing.handSize : 0;
    this.headers = {
      "X-Kubernetes-PF-FlowSchema-UID": schema.uid,
      "X-Kubernetes-PF-PriorityLevel-UID": uid,
    };
  }

  /** What tells the flow of the request from others of the schema; empty where nothing does. */
  distinguisherOf(user: UserInfo, info: RequestInfo): string {
    if (this.#queues <= 1) return "";
    const method = this.schema.distinguisher;
    if (method === "ByUser") return user.name;
    return method === "ByNamespace" && info.kind === "resource" ? info.namespace : "";
  }

  handOf(distinguisher: string): readonly number[] {
    if (this.#queues <= 1) return onlyQueue;
    const known = this.#hands.get(distinguisher);
    if (known) return known;
    if (this.#hands.size >= maxHands) this.#hands.clear();
    const hand = dealHand(flowHash(this.schema.name, distinguisher), this.#queues, this.#handSize);
    this.#hands.set(distinguisher, hand);
    return hand;
  }
}

function flowHash(schema: string, distinguisher: string): bigint {
  return createHash("sha256").update(`${schema}\0${distinguisher}`).digest().readBigUInt64LE(0);
}
