import type { HotCounter } from "@kube-ts/std/hot-metrics";
import type { AuthorizationAttributes, AuthorizationDecision } from "./authorizer.ts";
import type { ListingAuthorizer } from "./authorization.ts";
import type { UserRules } from "./rule-resolver.ts";
import type { UserInfo } from "./user.ts";

/** Counts the decisions of one authorizer; that it has no opinion is none. */
export class CountedAuthorizer implements ListingAuthorizer {
  readonly #inner: ListingAuthorizer;
  readonly #labels: { readonly type: string; readonly name: string };
  readonly #decisions: HotCounter;

  /** `decisions` counts by type, name and decision. */
  constructor(
    inner: ListingAuthorizer,
    labels: { readonly type: string; readonly name: string },
    decisions: HotCounter,
  ) {
    this.#inner = inner;
    this.#labels = labels;
    this.#decisions = decisions;
  }

  authorize(
    attributes: AuthorizationAttributes,
    signal: AbortSignal,
  ): AuthorizationDecision | Promise<AuthorizationDecision> {
    const answer = this.#inner.authorize(attributes, signal);
    return answer instanceof Promise ? answer.then((each) => this.#count(each)) : this.#count(answer);
  }

  rulesFor(user: UserInfo, namespace: string): UserRules {
    return this.#inner.rulesFor(user, namespace);
  }

  #count(answer: AuthorizationDecision): AuthorizationDecision {
    const { type, name } = this.#labels;
    if (answer.decision === "noOpinion") return answer;
    this.#decisions.with(type, name, answer.decision === "allow" ? "allowed" : "denied").inc();
    return answer;
  }
}
