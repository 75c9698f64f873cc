import { createHash } from "node:crypto";
import type { SubjectAccessReviewSpec } from "@kube-ts/api/authorization/v1";
import type { CelProgram } from "@kube-ts/api/cel/compile";
import { isRecord } from "@kube-ts/std/config-schema";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { LRUCache } from "lru-cache";
import type { AuthorizationAttributes, AuthorizationDecision, Authorizer } from "../authorizer.ts";
import type { RuleResolver, UserRules } from "../rule-resolver.ts";
import { accessReviewSpec } from "./access-review-spec.ts";
import { type MatchOutcome, matchesConditions } from "./match-conditions.ts";
import { type ReviewWebhook, resultOfFailure } from "./review-webhook.ts";
import type { AuthorizationWebhookMetrics } from "./webhook-metrics.ts";

const maxDecisions = 8192;
/** What clients choose freely of a request, in characters; decisions on longer ones are not kept. */
const maxKeptLength = 10_000;

export interface WebhookAuthorizerOptions {
  /** As configuration names it. */
  readonly name: string;
  readonly webhook: ReviewWebhook;
  /** `v1` or `v1beta1`. */
  readonly version: string;
  readonly authorizedMs: number;
  readonly unauthorizedMs: number;
  /** What holds when the webhook cannot be asked. */
  readonly failurePolicy: "NoOpinion" | "Deny";
  readonly matchConditions: readonly CelProgram[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: AuthorizationWebhookMetrics;
}

const noOpinion: AuthorizationDecision = { decision: "noOpinion", reason: "" };

/** Lets a webhook decide, by SubjectAccessReviews. At most 8192 decisions are remembered. */
export class WebhookAuthorizer implements Authorizer, RuleResolver {
  readonly #options: WebhookAuthorizerOptions;
  readonly #decisions: LRUCache<string, AuthorizationDecision>;

  constructor(options: WebhookAuthorizerOptions) {
    this.#options = options;
    this.#decisions = new LRUCache({
      max: maxDecisions,
      // Each decision has its own lifetime; 0 would mean for ever.
      ttl: 1,
      ttlResolution: 0,
      perf: { now: () => options.clock.monotonicMs() },
    });
  }

  authorize(
    attributes: AuthorizationAttributes,
    signal: AbortSignal,
  ): AuthorizationDecision | Promise<AuthorizationDecision> {
    const spec = accessReviewSpec(attributes);
    const matched = this.#matches(spec);
    if ("error" in matched) return this.#failure(matched.error);
    if (!matched.matches) return noOpinion;
    const key = createHash("sha256").update(JSON.stringify(spec)).digest("base64");
    return this.#decisions.get(key) ?? this.#ask(key, spec, signal);
  }

  #matches(spec: SubjectAccessReviewSpec): MatchOutcome {
    const { name, clock, metrics, matchConditions } = this.#options;
    if (matchConditions.length === 0) return { matches: true };
    const startedMs = clock.monotonicMs();
    const outcome = matchesConditions(matchConditions, spec);
    const shown = "error" in outcome ? "error" : outcome.matches ? "matched" : "excluded";
    metrics.evaluated(name, shown, clock.monotonicMs() - startedMs);
    return outcome;
  }

  rulesFor(): UserRules {
    const problem = "webhook authorizer does not support user rule resolution";
    return { rules: [], incomplete: true, problems: [problem] };
  }

  async #ask(key: string, spec: SubjectAccessReviewSpec, signal: AbortSignal): Promise<AuthorizationDecision> {
    const { webhook, version, name, log, metrics, failurePolicy, authorizedMs, unauthorizedMs } = this.#options;
    const { groups, ...others } = spec;
    const review = {
      kind: "SubjectAccessReview",
      apiVersion: `authorization.k8s.io/${version}`,
      metadata: { creationTimestamp: null },
      // The old version has another name for the groups.
      spec: version === "v1" ? spec : { ...others, ...(groups && { group: groups }) },
      status: { allowed: false },
    };
    try {
      const { status } = await webhook.post(review, signal);
      const decision = decisionOf(isRecord(status) ? status : {});
      const ttl = decision.decision === "allow" ? authorizedMs : unauthorizedMs;
      if (ttl > 0 && isShort(spec)) this.#decisions.set(key, decision, { ttl });
      return decision;
    } catch (error) {
      signal.throwIfAborted();
      log.warn("authorization webhook failed", { webhook: name, error });
      if (failurePolicy === "NoOpinion") metrics.failedOpen(name, resultOfFailure(error));
      return this.#failure(error instanceof Error ? error.message : String(error));
    }
  }

  #failure(problem: string): AuthorizationDecision {
    return { decision: this.#options.failurePolicy === "Deny" ? "deny" : "noOpinion", reason: "", problem };
  }
}

/** An answer that contradicts itself denies. */
function decisionOf({ allowed, denied, reason }: Readonly<Record<string, unknown>>): AuthorizationDecision {
  const why = typeof reason === "string" ? reason : "";
  if (denied === true && allowed === true) {
    const problem = "webhook subject access review returned both allow and deny response";
    return { decision: "deny", reason: why, problem };
  }
  if (denied === true) return { decision: "deny", reason: why };
  return { decision: allowed === true ? "allow" : "noOpinion", reason: why };
}

function isShort({ resourceAttributes, nonResourceAttributes }: SubjectAccessReviewSpec): boolean {
  const texts = Object.values(resourceAttributes ?? nonResourceAttributes ?? {});
  const length = texts.reduce<number>((sum, text) => sum + (typeof text === "string" ? text.length : 0), 0);
  return length < maxKeptLength;
}
