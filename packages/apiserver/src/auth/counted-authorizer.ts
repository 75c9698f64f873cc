import type { AuthorizationAttributes, AuthorizationDecision } from "./authorizer.ts";
import type { ListingAuthorizer } from "./authorization.ts";
import type { OutcomeCounter } from "./outcome-counter.ts";
import type { UserRules } from "./rule-resolver.ts";
import type { UserInfo } from "./user.ts";

/** Counts the decisions of one authorizer; that it has no opinion is none. */
export class CountedAuthorizer implements ListingAuthorizer {
  readonly #inner: ListingAuthorizer;
  readonly #labels: { readonly type: string; readonly name: string };
  readonly #decisions: OutcomeCounter<"type" | "name" | "decision">;
  readonly #keys: { readonly allow: string; readonly deny: string };

  constructor(
    inner: ListingAuthorizer,
    labels: { readonly type: string; readonly name: string },
    decisions: OutcomeCounter<"type" | "name" | "decision">,
  ) {
    this.#inner = inner;
    this.#labels = labels;
    this.#decisions = decisions;
    const key = `${labels.type}/${labels.name}`;
    this.#keys = { allow: `${key}/allowed`, deny: `${key}/denied` };
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
    const { decision } = answer;
    if (decision === "noOpinion") return answer;
    const shown = decision === "allow" ? "allowed" : "denied";
    this.#decisions.add(this.#keys[decision], () => ({ ...this.#labels, decision: shown }));
    return answer;
  }
}
