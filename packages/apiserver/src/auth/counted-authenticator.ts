import type { Registry } from "@kube-ts/std/metrics";
import type { AuthenticationOutcome, Authenticator, Credentials } from "./authenticator.ts";
import { OutcomeCounter } from "./outcome-counter.ts";

/** User names that are shown as they are: there may be any number of others. */
const shownNames: ReadonlySet<string> = new Set([
  "admin",
  "client",
  "kube_proxy",
  "kubelet",
  "system:serviceaccount:kube-system:default",
]);

/** Counts who is let in and who is not, under upstream's metric names. */
export class CountedAuthenticator implements Authenticator {
  readonly #inner: Authenticator;
  readonly #attempts: OutcomeCounter<"result">;
  readonly #users: OutcomeCounter<"username">;

  constructor(inner: Authenticator, registry: Registry) {
    this.#inner = inner;
    this.#attempts = new OutcomeCounter(
      "authentication_attempts",
      "Requests by how their authentication ended.",
      ["result"],
      registry,
    );
    const help = "Authenticated requests by user, as far as users have names that are known beforehand.";
    this.#users = new OutcomeCounter("authenticated_user_requests", help, ["username"], registry);
  }

  authenticate(credentials: Credentials, signal: AbortSignal): AuthenticationOutcome | Promise<AuthenticationOutcome> {
    const outcome = this.#inner.authenticate(credentials, signal);
    return outcome instanceof Promise ? outcome.then((each) => this.#count(each)) : this.#count(outcome);
  }

  #count(outcome: AuthenticationOutcome): AuthenticationOutcome {
    const result = outcome.kind === "user" ? "success" : outcome.kind === "refused" ? "error" : "failure";
    this.#attempts.add(result, () => ({ result }));
    if (outcome.kind !== "user") return outcome;
    const { name } = outcome.user;
    const username = shownNames.has(name) ? name : name.includes("@") ? "email_id" : "other";
    this.#users.add(username, () => ({ username }));
    return outcome;
  }
}
