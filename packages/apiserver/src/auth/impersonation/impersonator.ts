import type { IncomingMessage } from "node:http";
import { internal } from "@kube-ts/api/status-error";
import { LRUCache } from "lru-cache";
import type { AuthorizationAttributes, Authorizer } from "../authorizer.ts";
import { forbiddenRequest } from "../forbidden.ts";
import type { UserInfo } from "../user.ts";
import { type ImpersonationMode, impersonationModes, isApplicable } from "./impersonation-mode.ts";
import {
  ImpossibleImpersonation,
  type QuestionSet,
  associatedRequestor,
  effectiveUser,
  identityQuestions,
} from "./impersonation-questions.ts";
import { wantedUser } from "./wanted-user.ts";

const maxRemembered = 8192;

/** Who a request acts as. */
export interface ActingUser {
  readonly user: UserInfo;
  /** The permission by which somebody acts as somebody else for a purpose; absent for all other requests. */
  readonly constraint?: string;
}

/**
 * Lets requests act as somebody else: for what a narrow permission is for (`impersonate:<mode>` on the identity and
 * `impersonate-on:<mode>:<verb>` on what is done), or for everything with the permission `impersonate`.
 */
export class Impersonator {
  readonly #authorizer: Authorizer;
  /** How each user has last succeeded, so that nobody pays for questions whose answer is no. */
  readonly #lastModes = new LRUCache<string, ImpersonationMode>({ max: maxRemembered });

  constructor(authorizer: Authorizer) {
    this.#authorizer = authorizer;
  }

  /** The requestor itself when no header asks for more; `attributes` are what it asks for. Throws BadRequest or Forbidden. */
  actAs(
    request: IncomingMessage,
    attributes: (user: UserInfo) => AuthorizationAttributes,
    requestor: UserInfo,
    signal: AbortSignal,
  ): ActingUser | Promise<ActingUser> {
    const wanted = wantedUser(request);
    return wanted ? this.#impersonate(wanted, attributes(requestor), signal) : { user: requestor };
  }

  async #impersonate(wanted: UserInfo, attributes: AuthorizationAttributes, signal: AbortSignal): Promise<ActingUser> {
    const requestor = attributes.user;
    const last = this.#lastModes.get(requestor.name);
    const modes = last ? [last, ...impersonationModes.filter((mode) => mode !== last)] : impersonationModes;
    let first: Error | undefined;
    for (const mode of modes) {
      if (!isApplicable(mode, wanted, requestor)) continue;
      const problem = await this.#problem(mode, wanted, attributes, signal);
      if (!problem) {
        this.#lastModes.set(requestor.name, mode);
        const user = effectiveUser(mode, wanted);
        return mode === "legacy" ? { user } : { user, constraint: `impersonate:${mode}` };
      }
      first ??= problem;
    }
    throw first ?? internal("all impersonation modes failed");
  }

  /** Why the requestor may not do this in this mode. */
  async #problem(
    mode: ImpersonationMode,
    wanted: UserInfo,
    attributes: AuthorizationAttributes,
    signal: AbortSignal,
  ): Promise<Error | undefined> {
    const user = mode === "associated-node" ? associatedRequestor(attributes.user) : attributes.user;
    if (mode !== "legacy") {
      const verb = `impersonate-on:${mode}:${attributes.verb}`;
      const refused = await this.#refusal({ ...attributes, user, verb }, signal);
      if (refused) return refused;
    }
    try {
      for (const questions of identityQuestions(mode, wanted, user)) {
        const refused = await this.#refusalOf(questions, signal);
        if (refused) return refused;
      }
      return undefined;
    } catch (error) {
      if (error instanceof ImpossibleImpersonation) return forbiddenRequest(error.attributes, error.message);
      throw error;
    }
  }

  async #refusalOf({ all, each }: QuestionSet, signal: AbortSignal): Promise<Error | undefined> {
    if (all && !(await this.#refusal(all, signal))) return undefined;
    for (const question of each) {
      const refused = await this.#refusal(question, signal);
      if (refused) return refused;
    }
    return undefined;
  }

  async #refusal(attributes: AuthorizationAttributes, signal: AbortSignal): Promise<Error | undefined> {
    const { decision, reason, problem } = await this.#authorizer.authorize(attributes, signal);
    if (decision === "allow") return undefined;
    const why = [problem ?? "", reason].filter((text) => text !== "").join(": ");
    return forbiddenRequest(attributes, why);
  }
}
