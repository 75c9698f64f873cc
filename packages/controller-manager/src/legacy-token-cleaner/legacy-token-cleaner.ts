import type { Pod, Secret, ServiceAccount } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf, objectKey, uidOf } from "@kube-ts/api/object";
import { configMaps, pods, secrets, serviceAccounts } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { serviceAccountNameAnnotation } from "@kube-ts/api/well-known-labels";
import type { Informer } from "@kube-ts/client/informer";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { tokenSecretType } from "../service-account-tokens/plan.ts";
import { type TokenStep, invalidSinceLabel, planToken, trackedSinceMs, usedSecrets } from "./plan.ts";

const periodMs = 24 * 3_600_000;
const tracking = { namespace: "kube-system", name: "kube-apiserver-legacy-service-account-token-tracking" };

/** Marks, and later deletes, tokens in secrets that were once made for every service account and that nobody uses. */
class LegacyTokenCleaner implements Controller {
  readonly #context: ControllerContext;
  readonly #secrets: Informer<Secret>;
  readonly #accounts: Informer<ServiceAccount>;
  readonly #pods: Informer<Pod>;

  constructor(context: ControllerContext) {
    this.#context = context;
    const selection = { fieldSelector: `type=${tokenSecretType}` };
    this.#secrets = context.informers.informer(secrets, { selection });
    this.#accounts = context.informers.informer(serviceAccounts);
    this.#pods = context.informers.informer(pods);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#context;
    try {
      for (;;) {
        await this.#clean(signal).catch((error: unknown) => {
          if (isAbort(error, signal)) throw error;
          log.warn("unused legacy tokens could not be looked for", { error: errorFields(error) });
        });
        await clock.sleep(periodMs, signal);
      }
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
    }
  }

  async #clean(signal: AbortSignal): Promise<void> {
    const { client, clock, config } = this.#context;
    const { data } = await client.resource(configMaps).get(tracking, { signal });
    const sinceMs = trackedSinceMs(data?.["since"]);
    if (sinceMs === undefined) throw new Error("the day since which uses of tokens are noted cannot be read");
    const nowMs = clock.now();
    const unusedMs = config.legacyTokenCleanUpPeriodMs;
    if (nowMs < sinceMs + unusedMs) return;
    const used = new Map<string, ReadonlySet<string>>();
    for (const secret of this.#secrets.list()) {
      if (secret.type !== tokenSecretType) continue;
      const isMounted = () => this.#usedIn(namespaceOf(secret), used).has(nameOf(secret));
      const step = planToken({ secret, account: this.#accountOf(secret), isMounted }, nowMs, unusedMs);
      await this.#carryOut(step, secret, signal);
    }
  }

  #accountOf(secret: Secret): ServiceAccount | undefined {
    const name = secret.metadata.annotations?.[serviceAccountNameAnnotation];
    return name ? this.#accounts.get(objectKey(namespaceOf(secret), name)) : undefined;
  }

  #usedIn(namespace: string, known: Map<string, ReadonlySet<string>>): ReadonlySet<string> {
    const names = known.get(namespace) ?? usedSecrets(this.#pods.listNamespace(namespace));
    known.set(namespace, names);
    return names;
  }

  async #carryOut(step: TokenStep, secret: Secret, signal: AbortSignal): Promise<void> {
    if (step.kind === "keep") return;
    const { client, log } = this.#context;
    const key = { namespace: namespaceOf(secret), name: nameOf(secret) };
    const { resourceVersion } = secret.metadata;
    try {
      if (step.kind === "mark") {
        log.info("legacy token is marked as invalid", { ...key, since: step.day });
        const patch = { metadata: { uid: uidOf(secret), labels: { [invalidSinceLabel]: step.day } } };
        await client.resource(secrets).patch(key, "merge", patch, { signal });
      } else {
        log.info("legacy token is deleted", key);
        const preconditions = { uid: uidOf(secret), ...(resourceVersion !== undefined && { resourceVersion }) };
        await client.resource(secrets).delete(key, { preconditions, signal });
      }
    } catch (error) {
      if (isNotFound(error) || isConflict(error)) return;
      if (isAbort(error, signal)) throw error;
      log.warn("legacy token could not be cleaned up", { ...key, error: errorFields(error) });
    }
  }
}

export const legacyTokenCleaner: ControllerDefinition = {
  name: "legacy-serviceaccount-token-cleaner-controller",
  serviceAccount: "legacy-service-account-token-cleaner",
  create: (context) => new LegacyTokenCleaner(context),
};
