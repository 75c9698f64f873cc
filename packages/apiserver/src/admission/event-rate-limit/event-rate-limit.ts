import { createHash } from "node:crypto";
import type { Event } from "@kube-ts/api/core/v1";
import { apiError } from "@kube-ts/api/status-error";
import { TokenBucket } from "@kube-ts/client/token-bucket";
import type { Clock } from "@kube-ts/std/clock";
import { LRUCache } from "lru-cache";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "../admission.ts";
import type { EventLimit, LimitType } from "./event-rate-limit-configuration.ts";

/** Events may name their sources at any length: longer keys are not kept, nor repeated. */
const maxKeyLength = 256;

interface Enforcer {
  readonly type: LimitType;
  bucketOf(key: string): TokenBucket;
}

/** Lets no more events in than the limits say, so that nobody fills the store with them. */
export class EventRateLimit implements AdmissionPlugin {
  readonly name = "EventRateLimit";
  readonly #enforcers: readonly Enforcer[];

  constructor(limits: readonly EventLimit[], clock: Clock) {
    this.#enforcers = limits.map((limit) => enforcerOf(limit, clock));
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  validate(attributes: AdmissionAttributes): void {
    const { type } = attributes;
    if (type.kind !== "Event" || (type.group !== "" && type.group !== "events.k8s.io")) return;
    let refusal: string | undefined;
    // An event counts against every limit, whichever refuses it.
    for (const { type: limitType, bucketOf } of this.#enforcers) {
      const key = keyOf(limitType, attributes);
      if (!bucketOf(key).tryTake())
        refusal = `limit reached on type ${limitType} for key ${key.slice(0, maxKeyLength)}`;
    }
    if (refusal === undefined) return;
    // Nothing is said of a later time: who writes events is to leave some out, not to try again.
    throw apiError({ code: 429, reason: "TooManyRequests", message: `Too many requests: ${refusal}` });
  }
}

function enforcerOf({ type, qps, burst, cacheSize }: EventLimit, clock: Clock): Enforcer {
  const make = () => new TokenBucket(clock, qps, burst);
  if (type === "Server") {
    const only = make();
    return { type, bucketOf: () => only };
  }
  const buckets = new LRUCache<string, TokenBucket>({ max: cacheSize });
  const bucketOf = (key: string) => {
    const id = key.length > maxKeyLength ? createHash("sha256").update(key).digest("base64") : key;
    const bucket = buckets.get(id) ?? make();
    buckets.set(id, bucket);
    return bucket;
  };
  return { type, bucketOf };
}

function keyOf(type: LimitType, { namespace, user, object }: AdmissionAttributes): string {
  switch (type) {
    case "Server":
      return "";
    case "Namespace":
      return namespace;
    case "User":
      return user.name;
    case "SourceAndObject": {
      const { source, involvedObject: about } = object as Partial<Event>;
      const parts = [source?.component, source?.host, about?.kind, about?.namespace, about?.name, about?.uid];
      return [...parts, about?.apiVersion].join("");
    }
  }
}
