import type { Secret, ServiceAccount } from "@kube-ts/api/core/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, namespaceOf, objectKey, splitKey, uidOf } from "@kube-ts/api/object";
import { secrets, serviceAccounts } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { serviceAccountNameAnnotation } from "@kube-ts/api/well-known-labels";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { LegacyTokenSigner } from "./legacy-token.ts";
import { belongsTo, planSecret, tokenSecretType } from "./plan.ts";

/** Fills secrets that were made to hold a service account's token, and deletes them with the account. */
class TokenController implements Controller {
  readonly #context: ControllerContext;
  readonly #signer: LegacyTokenSigner;
  readonly #accounts: Informer<ServiceAccount>;
  readonly #secrets: Informer<Secret>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext, key: string) {
    this.#context = context;
    this.#signer = new LegacyTokenSigner(key);
    this.#accounts = context.informers.informer(serviceAccounts);
    const selection = { fieldSelector: `type=${tokenSecretType}` };
    this.#secrets = context.informers.informer(secrets, { selection });
    this.#queue = controllerQueue("serviceaccount_tokens_secret", context);
    const enqueue = (secret: Secret) => this.#queue.add(keyOf(secret));
    this.#secrets.subscribe({ added: enqueue, updated: (_old, secret) => enqueue(secret) });
    const enqueueSecretsOf = (account: ServiceAccount) => {
      for (const secret of this.#secrets.listNamespace(namespaceOf(account))) {
        if (secret.metadata.annotations?.[serviceAccountNameAnnotation] === nameOf(account)) enqueue(secret);
      }
    };
    this.#accounts.subscribe({ added: enqueueSecretsOf, deleted: enqueueSecretsOf });
  }

  run(signal: AbortSignal): Promise<void> {
    const { workers } = this.#context.config;
    return this.#queue.run(signal, workers.serviceAccountTokens, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const secret = this.#secrets.get(key);
    const accountName = secret?.metadata.annotations?.[serviceAccountNameAnnotation];
    if (!secret || secret.type !== tokenSecretType || !accountName) return;
    const account = await this.#account(secret, accountName, signal);
    if (account) await this.#fill(secret, account, signal);
    else await this.#delete(secret, signal);
  }

  /** The account that the secret is for; before it counts as gone the server itself is asked. */
  async #account(secret: Secret, name: string, signal: AbortSignal): Promise<ServiceAccount | undefined> {
    const namespace = namespaceOf(secret);
    const cached = this.#accounts.get(objectKey(namespace, name));
    if (cached && belongsTo(secret, cached)) return cached;
    try {
      const latest = await this.#context.client.resource(serviceAccounts).get({ namespace, name }, { signal });
      return belongsTo(secret, latest) ? latest : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #fill(secret: Secret, account: ServiceAccount, signal: AbortSignal): Promise<void> {
    const { client, config } = this.#context;
    if (secret.metadata.deletionTimestamp) return;
    const { token, filled } = planSecret(secret, account, config.rootCa);
    if (!token && !filled) return;
    const complete = token ? await this.#withToken(filled ?? secret, account) : (filled ?? secret);
    try {
      await client.resource(secrets).update(complete, { signal });
    } catch (error) {
      // Its next event brings it back.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  async #withToken(secret: Secret, account: ServiceAccount): Promise<Secret> {
    const token = await this.#signer.sign({
      namespace: namespaceOf(secret),
      secretName: nameOf(secret),
      accountName: nameOf(account),
      accountUid: uidOf(account),
    });
    return { ...secret, data: { ...secret.data, token: Buffer.from(token).toString("base64") } };
  }

  async #delete(secret: Secret, signal: AbortSignal): Promise<void> {
    const { resourceVersion } = secret.metadata;
    const preconditions = { uid: uidOf(secret), ...(resourceVersion !== undefined && { resourceVersion }) };
    try {
      await this.#context.client.resource(secrets).delete(splitKey(keyOf(secret)), { preconditions, signal });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}

/** Does nothing without a key to sign with. */
const idle: Controller = { run: () => Promise.resolve() };

export const tokenController: ControllerDefinition = {
  name: "serviceaccount-token-controller",
  serviceAccount: undefined,
  create: (context) => {
    const { serviceAccountKey } = context.config;
    return serviceAccountKey === undefined ? idle : new TokenController(context, serviceAccountKey);
  },
};
