import { goQuote } from "@kube-ts/api/go-quote";
import type { AuthorizationAttributes, AuthorizationDecision, Authorizer } from "./authorizer.ts";
import { fullAuthority } from "./rbac/escalation-check.ts";
import type { RuleResolver, UserRules } from "./rule-resolver.ts";
import { type UserInfo, mastersGroup } from "./user.ts";

export type AuthorizationMode = "AlwaysAllow" | "AlwaysDeny" | "Node" | "RBAC";

const modes: readonly AuthorizationMode[] = ["AlwaysAllow", "AlwaysDeny", "Node", "RBAC"];

/** Reads `--authorization-mode`; throws an Error that names what is wrong with it. */
export function parseAuthorizationModes(names: readonly string[]): AuthorizationMode[] {
  if (names.length === 0) throw new Error("at least one authorization-mode must be passed");
  const parsed: AuthorizationMode[] = [];
  for (const name of names) {
    const mode = modes.find((known) => known === name);
    if (!mode) throw new Error(`authorization-mode ${goQuote(name)} is not a valid mode`);
    if (parsed.includes(mode)) throw new Error(`authorization-mode ${goQuote(name)} specified more than once`);
    parsed.push(mode);
  }
  return parsed;
}

/** An authorizer that can also list what users may do. */
export type ListingAuthorizer = Authorizer & RuleResolver;

/** How requests are authorized, and what reviews of rules are answered from. */
export interface Authorization {
  readonly authorizer: Authorizer;
  readonly resolvers: readonly RuleResolver[];
}

/** Puts the authorizers of the modes in their order, after the one that lets system:masters do everything. */
export function buildAuthorization(
  order: readonly AuthorizationMode[],
  available: { readonly node: ListingAuthorizer; readonly rbac: ListingAuthorizer },
): Authorization {
  const members: Record<AuthorizationMode, ListingAuthorizer> = {
    AlwaysAllow: alwaysAllow,
    AlwaysDeny: alwaysDeny,
    Node: available.node,
    RBAC: available.rbac,
  };
  const resolvers = order.map((mode) => members[mode]);
  return { authorizer: new UnionAuthorizer([mastersAuthorizer, ...resolvers]), resolvers };
}

const noOpinion: AuthorizationDecision = { decision: "noOpinion", reason: "" };
const allowed: AuthorizationDecision = { decision: "allow", reason: "" };

/** The first authorizer with an opinion decides; without one, every reason given is kept for the client. */
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
    return this.#ask(0, [], attributes, signal);
  }

  #ask(
    from: number,
    reasons: string[],
    attributes: AuthorizationAttributes,
    signal: AbortSignal,
  ): AuthorizationDecision | Promise<AuthorizationDecision> {
    for (let index = from; index < this.#members.length; index += 1) {
      const answer = this.#members[index]?.authorize(attributes, signal) ?? noOpinion;
      if (answer instanceof Promise) {
        return answer.then((decision) =>
          decision.decision === "noOpinion"
            ? this.#ask(index + 1, withReason(reasons, decision), attributes, signal)
            : decision,
        );
      }
      if (answer.decision !== "noOpinion") return answer;
      withReason(reasons, answer);
    }
    return reasons.length === 0 ? noOpinion : { decision: "noOpinion", reason: reasons.join("\n") };
  }
}

function withReason(reasons: string[], { reason }: AuthorizationDecision): string[] {
  if (reason !== "") reasons.push(reason);
  return reasons;
}

const mastersAuthorizer: Authorizer = {
  authorize: ({ user }) => (user.groups.includes(mastersGroup) ? allowed : noOpinion),
};

const everything: UserRules = { rules: fullAuthority, incomplete: false, problems: [] };
const nothing: UserRules = { rules: [], incomplete: false, problems: [] };

const alwaysAllow: ListingAuthorizer = { authorize: () => allowed, rulesFor: (_user: UserInfo) => everything };

const alwaysDeny: ListingAuthorizer = {
  authorize: () => ({ decision: "noOpinion", reason: "Everything is forbidden." }),
  rulesFor: () => nothing,
};
