import type { Clock } from "@kube-ts/std/clock";
import type { Registry } from "@kube-ts/std/metrics";
import { Attempts } from "./attempts.ts";
import type { AuthorizationAttributes, AuthorizationDecision, Authorizer } from "./authorizer.ts";

const names = {
  counter: "authorization_attempts_total",
  duration: "authorization_duration_seconds",
  subject: "their authorization",
};

/** Counts how requests were judged as a whole, and how long that took, under upstream's metric names. */
export class TimedAuthorizer implements Authorizer {
  readonly #inner: Authorizer;
  readonly #attempts: Attempts;

  constructor(inner: Authorizer, registry: Registry, clock: Clock) {
    this.#inner = inner;
    this.#attempts = new Attempts(names, registry, clock);
  }

  authorize(
    attributes: AuthorizationAttributes,
    signal: AbortSignal,
  ): AuthorizationDecision | Promise<AuthorizationDecision> {
    const beganAt = this.#attempts.begin();
    const answer = this.#inner.authorize(attributes, signal);
    return answer instanceof Promise ? answer.then((each) => this.#count(beganAt, each)) : this.#count(beganAt, answer);
  }

  #count(beganAt: number, answer: AuthorizationDecision): AuthorizationDecision {
    this.#attempts.ended(beganAt, resultOf(answer));
    return answer;
  }
}

function resultOf({ decision, problem }: AuthorizationDecision): string {
  if (decision === "allow") return "allowed";
  if (problem !== undefined) return "error";
  return decision === "deny" ? "denied" : "no-opinion";
}
