import type { Namespace, ServiceAccount } from "@kube-ts/api/core/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, namespaceOf, objectKey } from "@kube-ts/api/object";
import { namespaces, serviceAccounts } from "@kube-ts/api/resource-types";
import { isAlreadyExists, isNamespaceTerminating } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";

const accountName = "default";

/** Keeps a service account named `default` in every namespace. */
class ServiceAccountController implements Controller {
  readonly #context: ControllerContext;
  readonly #namespaces: Informer<Namespace>;
  readonly #accounts: Informer<ServiceAccount>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#namespaces = context.informers.informer(namespaces);
    this.#accounts = context.informers.informer(serviceAccounts);
    this.#queue = controllerQueue("serviceaccount", context);
    this.#namespaces.subscribe({
      added: (namespace) => this.#queue.add(keyOf(namespace)),
      updated: (_old, namespace) => this.#queue.add(keyOf(namespace)),
    });
    this.#accounts.subscribe({
      deleted: (account) => {
        if (nameOf(account) === accountName) this.#queue.add(objectKey("", namespaceOf(account)));
      },
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, 1, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const namespace = this.#namespaces.get(key);
    if (!namespace || namespace.status?.phase === "Terminating") return;
    const name = nameOf(namespace);
    if (this.#accounts.get(objectKey(name, accountName))) return;
    const account: ServiceAccount = { metadata: { namespace: name, name: accountName } };
    try {
      await this.#context.client.resource(serviceAccounts).create(account, { signal });
    } catch (error) {
      if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
    }
  }
}

export const serviceAccountController: ControllerDefinition = {
  name: "serviceaccount-controller",
  serviceAccount: "service-account-controller",
  create: (context) => new ServiceAccountController(context),
};
