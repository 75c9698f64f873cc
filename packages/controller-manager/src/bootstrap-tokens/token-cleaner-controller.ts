import type { Secret } from "@kube-ts/api/core/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, splitKey, uidOf } from "@kube-ts/api/object";
import { secrets } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { bootstrapTokenNamespace, bootstrapTokenType, longestWaitMs, remainingMs } from "./bootstrap-token.ts";

/** Deletes bootstrap tokens when their time is over. */
class TokenCleaner implements Controller {
  readonly #context: ControllerContext;
  readonly #secrets: Informer<Secret>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#secrets = context.informers.informer(secrets, {
      selection: { namespace: bootstrapTokenNamespace, fieldSelector: `type=${bootstrapTokenType}` },
    });
    this.#queue = controllerQueue("token_cleaner", context);
    const enqueue = (secret: Secret) => this.#queue.add(keyOf(secret));
    this.#secrets.subscribe({ added: enqueue, updated: (_old, secret) => enqueue(secret) });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, 1, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const { client, clock } = this.#context;
    const secret = this.#secrets.get(key);
    if (!secret || secret.type !== bootstrapTokenType || secret.metadata.deletionTimestamp) return;
    const leftMs = remainingMs(secret, clock.now());
    if (leftMs > 0) {
      if (leftMs !== Infinity) this.#queue.addAfter(key, Math.min(leftMs, longestWaitMs));
      return;
    }
    const { resourceVersion } = secret.metadata;
    const preconditions = { uid: uidOf(secret), ...(resourceVersion !== undefined && { resourceVersion }) };
    try {
      await client.resource(secrets).delete(splitKey(key), { preconditions, signal });
    } catch (error) {
      // A conflict means that somebody has prolonged it just now.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}

export const tokenCleanerController: ControllerDefinition = {
  name: "token-cleaner-controller",
  serviceAccount: "token-cleaner",
  offByDefault: true,
  create: (context) => new TokenCleaner(context),
};
