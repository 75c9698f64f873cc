import { goQuote } from "@kube-ts/api/go-quote";
import type { AuthorizationAttributes, AuthorizationDecision, Authorizer } from "./authorizer.ts";
import { type AuthorizationMode, authorizationModes } from "./compile-authorization.ts";
import { fullAuthority } from "./rbac/escalation-check.ts";
import type { RuleResolver, UserRules } from "./rule-resolver.ts";
import { quoteList } from "./tokens/token-authenticator.ts";
import { type UserInfo, mastersGroup } from "./user.ts";

/** Reads `--authorization-mode`; throws an Error that names what is wrong with it. */
export function parseAuthorizationModes(names: readonly string[]): AuthorizationMode[] {
  if (names.length === 0) throw new Error("at least one authorization-mode must be passed");
  const modes = names.map((name) => {
    const mode = authorizationModes.find((known) => known === name);
    if (!mode) throw new Error(`authorization-mode ${goQuote(name)} is not a valid mode`);
    return mode;
  });
  if (new Set(modes).size === modes.length) return modes;
  throw new Error(`authorization-mode ${quoteList(modes)} has mode specified more than once`);
}

/** An authorizer that can also list what users may do. */
export type ListingAuthorizer = Authorizer & RuleResolver;

/** How requests are authorized, and what reviews of rules are answered from. */
export interface Authorization {
  readonly authorizer: Authorizer;
  readonly resolvers: readonly RuleResolver[];
}

/**
 * The authorizers of the configuration as it is now, in their order, after the one that lets system:masters do
 * everything.
 */
export class ConfiguredAuthorizers implements Authorizer, RuleResolver {
  #members: readonly ListingAuthorizer[];
  #union: UnionAuthorizer;

  constructor(members: readonly ListingAuthorizer[]) {
    this.#members = members;
    this.#union = new UnionAuthorizer([mastersAuthorizer, ...members]);
  }

  /** From the next question on, these decide. */
  replace(members: readonly ListingAuthorizer[]): void {
    this.#members = members;
    this.#union = new UnionAuthorizer([mastersAuthorizer, ...members]);
  }

  authorize(
    attributes: AuthorizationAttributes,
    signal: AbortSignal,
  ): AuthorizationDecision | Promise<AuthorizationDecision> {
    return this.#union.authorize(attributes, signal);
  }

  rulesFor(user: UserInfo, namespace: string): UserRules {
    const found = this.#members.map((member) => member.rulesFor(user, namespace));
    return {
      rules: found.flatMap(({ rules }) => rules),
      incomplete: found.some(({ incomplete }) => incomplete),
      problems: found.flatMap(({ problems }) => problems),
    };
  }
}

const noOpinion: AuthorizationDecision = { decision: "noOpinion", reason: "" };
const allowed: AuthorizationDecision = { decision: "allow", reason: "" };

/** The first authorizer with an opinion decides; without one, all that was said and went wrong is kept. */
export class UnionAuthorizer implements Authorizer {
  readonly #members: readonly Authorizer[];

  constructor(members: readonly Authorizer[]) {
    this.#members = members;
  }

  /** Answers at once while its members do. */
  authorize(
    attributes: AuthorizationAttributes,
    signal: AbortSignal,
  ): AuthorizationDecision | Promise<AuthorizationDecision> {
    return this.#ask(0, noOpinion, attributes, signal);
  }

  #ask(
    from: number,
    before: AuthorizationDecision,
    attributes: AuthorizationAttributes,
    signal: AbortSignal,
  ): AuthorizationDecision | Promise<AuthorizationDecision> {
    let said = before;
    for (let index = from; index < this.#members.length; index += 1) {
      const answer = this.#members[index]?.authorize(attributes, signal) ?? noOpinion;
      if (answer instanceof Promise) {
        const [following, earlier] = [index + 1, said];
        return answer.then((decision) =>
          decision.decision === "noOpinion"
            ? this.#ask(following, joined(earlier, decision), attributes, signal)
            : decision,
        );
      }
      if (answer.decision !== "noOpinion") return answer;
      said = joined(said, answer);
    }
    return said;
  }
}

/** What two authorizers without an opinion said. */
function joined(first: AuthorizationDecision, second: AuthorizationDecision): AuthorizationDecision {
  if (first === noOpinion) return second;
  if (second.reason === "" && second.problem === undefined) return first;
  const reason = [first.reason, second.reason].filter((text) => text !== "").join("\n");
  const problems = [first.problem, second.problem].filter((text) => text !== undefined);
  return { decision: "noOpinion", reason, ...(problems.length > 0 && { problem: problems.join(", ") }) };
}

const mastersAuthorizer: Authorizer = {
  authorize: ({ user }) => (user.groups.includes(mastersGroup) ? allowed : noOpinion),
};

const everything: UserRules = { rules: fullAuthority, incomplete: false, problems: [] };
const nothing: UserRules = { rules: [], incomplete: false, problems: [] };

export const alwaysAllow: ListingAuthorizer = { authorize: () => allowed, rulesFor: () => everything };

export const alwaysDeny: ListingAuthorizer = {
  authorize: () => ({ decision: "noOpinion", reason: "Everything is forbidden." }),
  rulesFor: () => nothing,
};
