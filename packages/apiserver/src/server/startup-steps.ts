/** What a start consists of, by upstream's names and in the order in which its health checks tell of it. */
const knownSteps = [
  "start-apiserver-admission-initializer",
  "generic-apiserver-start-informers",
  "priority-and-fairness-config-consumer",
  "priority-and-fairness-filter",
  "storage-object-count-tracker-hook",
  "start-apiextensions-informers",
  "start-apiextensions-controllers",
  "crd-informer-synced",
  "start-system-namespaces-controller",
  "start-cluster-authentication-info-controller",
  "start-kube-apiserver-identity-lease-controller",
  "start-kube-apiserver-identity-lease-garbage-collector",
  "start-legacy-token-tracking-controller",
  "start-service-ip-repair-controllers",
  "rbac/bootstrap-roles",
  "scheduling/bootstrap-system-priority-classes",
  "priority-and-fairness-config-producer",
  "bootstrap-controller",
  "start-kubernetes-service-cidr-controller",
  "start-kube-aggregator-informers",
  "apiservice-status-local-available-controller",
  "apiservice-status-remote-available-controller",
  "apiservice-registration-controller",
  "apiservice-discovery-controller",
  "kube-apiserver-autoregistration",
  "apiservice-openapi-controller",
  "apiservice-openapiv3-controller",
] as const;

export type StartupStep = (typeof knownSteps)[number];

/** Which steps of its start this server takes, and which of them it has taken. */
export class StartupSteps {
  readonly #done = new Map<StartupStep, boolean>();

  /** Says that the server will take these steps; health checks wait for them. */
  expect(...steps: readonly StartupStep[]): void {
    for (const step of steps) this.#done.set(step, this.#done.get(step) ?? false);
  }

  finish(...steps: readonly StartupStep[]): void {
    for (const step of steps) this.#done.set(step, true);
  }

  isPending(step: StartupStep): boolean {
    return this.#done.get(step) === false;
  }

  /** The steps that this server takes. */
  get all(): readonly StartupStep[] {
    return knownSteps.filter((step) => this.#done.has(step));
  }
}
