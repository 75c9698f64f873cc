import type { ConfigMap, Namespace } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, namespaceOf, objectKey } from "@kube-ts/api/object";
import { configMaps, namespaces } from "@kube-ts/api/resource-types";
import { findApiError, isAlreadyExists, isNamespaceTerminating, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { PublisherMetrics } from "./publisher-metrics.ts";

const configMapName = "kube-root-ca.crt";
const descriptionAnnotation = "kubernetes.io/description";
const description =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** Publishes the authority that signs the API server's certificate to every namespace, as a config map. */
class RootCaPublisher implements Controller {
  readonly #context: ControllerContext;
  readonly #rootCa: string;
  readonly #namespaces: Informer<Namespace>;
  readonly #configMaps: Informer<ConfigMap>;
  readonly #queue: WorkQueue<ObjectKey>;
  readonly #metrics: PublisherMetrics;

  constructor(context: ControllerContext, rootCa: string) {
    this.#context = context;
    this.#rootCa = rootCa;
    this.#namespaces = context.informers.informer(namespaces);
    this.#configMaps = context.informers.informer(configMaps, {
      selection: { fieldSelector: `metadata.name=${configMapName}` },
    });
    this.#queue = controllerQueue("root_ca_cert_publisher", context);
    this.#metrics = new PublisherMetrics(context.metrics);
    const enqueueNamespace = (object: ConfigMap) => this.#queue.add(objectKey("", namespaceOf(object)));
    this.#namespaces.subscribe({
      added: (namespace) => this.#queue.add(keyOf(namespace)),
      updated: (_old, namespace) => this.#queue.add(keyOf(namespace)),
    });
    this.#configMaps.subscribe({ updated: (_old, object) => enqueueNamespace(object), deleted: enqueueNamespace });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, 1, (key, inner) => this.#measured(() => this.#reconcile(key, inner)));
  }

  async #measured(reconcile: () => Promise<void>): Promise<void> {
    const { clock } = this.#context;
    const startMs = clock.monotonicMs();
    const observe = (code: number) => this.#metrics.synced(code, (clock.monotonicMs() - startMs) / 1_000);
    try {
      await reconcile();
      observe(200);
    } catch (error) {
      observe(findApiError(error)?.code ?? 500);
      throw error;
    }
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const namespace = this.#namespaces.get(key);
    if (!namespace || namespace.status?.phase === "Terminating") return;
    const resource = this.#context.client.resource(configMaps);
    const wanted = this.#wanted(nameOf(namespace));
    const current = this.#configMaps.get(objectKey(nameOf(namespace), configMapName));
    try {
      if (!current) await resource.create(wanted, { signal });
      else if (!isAsWanted(current, wanted)) {
        const metadata = {
          ...current.metadata,
          annotations: { ...current.metadata.annotations, ...wanted.metadata.annotations },
        };
        await resource.update({ ...current, metadata, data: wanted.data ?? {} }, { signal });
      }
    } catch (error) {
      if (!isAlreadyExists(error) && !isNotFound(error) && !isNamespaceTerminating(error)) throw error;
    }
  }

  #wanted(namespace: string): ConfigMap {
    return {
      metadata: { namespace, name: configMapName, annotations: { [descriptionAnnotation]: description } },
      data: { "ca.crt": this.#rootCa },
    };
  }
}

function isAsWanted(current: ConfigMap, wanted: ConfigMap): boolean {
  const described = current.metadata.annotations?.[descriptionAnnotation] === description;
  return described && semanticEqual(current.data ?? {}, wanted.data ?? {});
}

/** Does nothing when no authority is configured. */
const idle: Controller = { run: () => Promise.resolve() };

export const rootCaPublisher: ControllerDefinition = {
  name: "root-ca-certificate-publisher-controller",
  serviceAccount: "root-ca-cert-publisher",
  create: (context) =>
    context.config.rootCa === undefined ? idle : new RootCaPublisher(context, context.config.rootCa),
};
