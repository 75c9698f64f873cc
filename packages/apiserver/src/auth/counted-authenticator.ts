import type { Clock } from "@kube-ts/std/clock";
import { HotCounter } from "@kube-ts/std/hot-metrics";
import type { Registry } from "@kube-ts/std/metrics";
import { Attempts } from "./attempts.ts";
import type { AuthenticationOutcome, Authenticator, Credentials } from "./authenticator.ts";

/** User names that are shown as they are: there may be any number of others. */
const shownNames: ReadonlySet<string> = new Set([
  "admin",
  "client",
  "kube_proxy",
  "kubelet",
  "system:serviceaccount:kube-system:default",
]);

const names = {
  counter: "authentication_attempts",
  duration: "authentication_duration_seconds",
  subject: "their authentication",
};

/** Counts who is let in and who is not, and how long that took, under upstream's metric names. */
export class CountedAuthenticator implements Authenticator {
  readonly #inner: Authenticator;
  readonly #attempts: Attempts;
  readonly #users: HotCounter;

  constructor(inner: Authenticator, registry: Registry, clock: Clock) {
    this.#inner = inner;
    this.#attempts = new Attempts(names, registry, clock);
    this.#users = new HotCounter({
      name: "authenticated_user_requests",
      help: "Authenticated requests by user, as far as users have names that are known beforehand.",
      labelNames: ["username"],
      registry,
    });
  }

  authenticate(credentials: Credentials, signal: AbortSignal): AuthenticationOutcome | Promise<AuthenticationOutcome> {
    const beganAt = this.#attempts.begin();
    const outcome = this.#inner.authenticate(credentials, signal);
    return outcome instanceof Promise
      ? outcome.then((each) => this.#count(beganAt, each))
      : this.#count(beganAt, outcome);
  }

  #count(beganAt: number, outcome: AuthenticationOutcome): AuthenticationOutcome {
    const result = outcome.kind === "user" ? "success" : outcome.kind === "refused" ? "error" : "failure";
    this.#attempts.ended(beganAt, result);
    if (outcome.kind !== "user") return outcome;
    const { name } = outcome.user;
    this.#users.with(shownNames.has(name) ? name : name.includes("@") ? "email_id" : "other").inc();
    return outcome;
  }
}
