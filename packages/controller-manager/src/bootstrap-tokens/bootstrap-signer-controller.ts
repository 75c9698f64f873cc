import type { ConfigMap, Secret } from "@kube-ts/api/core/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { objectKey } from "@kube-ts/api/object";
import { configMaps, secrets } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import {
  bootstrapTokenNamespace,
  bootstrapTokenType,
  longestWaitMs,
  remainingMs,
  signingToken,
} from "./bootstrap-token.ts";
import { detachedSignature } from "./detached-signature.ts";
import { planSignatures, signedContent } from "./plan.ts";

const clusterInfo = { namespace: "kube-public", name: "cluster-info" };
const clusterInfoKey = objectKey(clusterInfo.namespace, clusterInfo.name);

/** Signs the public description of the cluster with every bootstrap token, so that new nodes can trust it. */
class BootstrapSigner implements Controller {
  readonly #context: ControllerContext;
  readonly #configMaps: Informer<ConfigMap>;
  readonly #secrets: Informer<Secret>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#configMaps = context.informers.informer(configMaps, {
      selection: { namespace: clusterInfo.namespace, fieldSelector: `metadata.name=${clusterInfo.name}` },
    });
    this.#secrets = context.informers.informer(secrets, {
      selection: { namespace: bootstrapTokenNamespace, fieldSelector: `type=${bootstrapTokenType}` },
    });
    this.#queue = controllerQueue("bootstrap_signer_queue", context);
    const enqueue = () => this.#queue.add(clusterInfoKey);
    this.#configMaps.subscribe({ added: enqueue, updated: enqueue });
    this.#secrets.subscribe({ added: enqueue, updated: enqueue, deleted: enqueue });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, 1, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const current = this.#configMaps.get(key);
    const content = current && signedContent(current);
    if (!current || content === undefined) return;
    const signatures = this.#signatures(content);
    const signed = planSignatures(current, signatures);
    try {
      if (signed) await this.#context.client.resource(configMaps).update(signed, { signal });
    } catch (error) {
      // A conflict means that there is a newer version, whose event brings the key back.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  #signatures(content: string): ReadonlyMap<string, string> {
    const nowMs = this.#context.clock.now();
    const signatures = new Map<string, string>();
    for (const secret of this.#secrets.list()) {
      const token = signingToken(secret, nowMs);
      if (!token) continue;
      signatures.set(token.id, detachedSignature(content, token));
      const leftMs = remainingMs(secret, nowMs);
      if (leftMs !== Infinity) this.#queue.addAfter(clusterInfoKey, Math.min(leftMs, longestWaitMs));
    }
    return signatures;
  }
}

export const bootstrapSignerController: ControllerDefinition = {
  name: "bootstrap-signer-controller",
  serviceAccount: "bootstrap-signer",
  offByDefault: true,
  create: (context) => new BootstrapSigner(context),
};
