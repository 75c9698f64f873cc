import { aborted } from "@kube-ts/std/abort";
import { buildAdmission } from "../admission/chain.ts";
import type { PluginChain } from "../admission/plugin-chain.ts";
import type { OwnerKinds } from "../admission/owner-references-permission-enforcement.ts";
import { TypeCheckController } from "../admission/policies/type-check-controller.ts";
import { KubeconfigIdentities } from "../admission/webhooks/webhook-identities.ts";
import { HttpsReviewWebhook, type ReviewWebhook } from "../auth/webhook/review-webhook.ts";
import type { AdmissionConfig } from "../config/admission.ts";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import { HttpsWebhooks } from "../extensions/conversion/webhook-transport.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import type { Access } from "./access.ts";
import type { ServerEnvironment } from "./environment.ts";
import { CatalogForms } from "./served-forms.ts";
import { CatalogTypes } from "./served-types.ts";

/** For one question about images. */
const imageReviewTimeoutMs = 30_000;

export interface AdmissionSurroundings {
  readonly registries: RegistrySet;
  readonly access: Access;
  readonly live: LiveCatalog;
}

/** The chain of admission plugins, with the connections of its webhooks. */
export interface ServerAdmission extends Disposable {
  readonly chain: PluginChain;
}

/** Throws an Error for plugins that lack their configuration. */
export function openAdmission(
  { plugins, configurations, tolerationSeconds }: AdmissionConfig,
  { registries, access, live }: AdmissionSurroundings,
  environment: ServerEnvironment,
): ServerAdmission {
  const { clock, random, metrics, startup } = environment;
  using opening = new DisposableStack();
  const { mutatingWebhooks, validatingWebhooks, imagePolicy } = configurations;
  const transport = opening.use(new HttpsWebhooks(registries));
  const knownBy = (kubeconfig: typeof mutatingWebhooks) =>
    kubeconfig ? opening.use(new HttpsWebhooks(registries, new KubeconfigIdentities(kubeconfig, clock))) : transport;
  const forms = new CatalogForms({ live: () => live, source: registries, transport, random });
  const dynamic = { forms, mutating: knownBy(mutatingWebhooks), validating: knownBy(validatingWebhooks), metrics };
  const chain = buildAdmission(plugins, {
    source: registries,
    writer: registries,
    ...access,
    clock,
    random,
    metrics,
    configurations,
    tolerationSeconds,
    ...(imagePolicy && { imageWebhook: imageWebhook(imagePolicy, environment) }),
    ownerKinds: ownerKinds(live),
    dynamic,
  });
  opening.use(chain);
  startup.finish("start-apiserver-admission-initializer");
  const opened = opening.move();
  return { chain, [Symbol.dispose]: () => opened.dispose() };
}

/** The connection to who is asked about images; the background ends it. */
function imageWebhook(
  { backend, retryBackoffMs }: NonNullable<AdmissionConfig["configurations"]["imagePolicy"]>,
  { clock, random, background }: ServerEnvironment,
): ReviewWebhook {
  const webhook = new HttpsReviewWebhook(backend, { clock, random, timeoutMs: imageReviewTimeoutMs, retryBackoffMs });
  background.start(async (signal) => {
    await aborted(signal);
    await webhook[Symbol.asyncDispose]();
  });
  return webhook;
}

function ownerKinds(live: LiveCatalog): OwnerKinds {
  return (group, version, kind) =>
    live.current.catalog.resources.find(
      ({ type }) => type.kind === kind && type.group === group && type.version === version,
    )?.type;
}

/** Starts to write into policies what is wrong with their expressions. */
export function startTypeChecks(registries: RegistrySet, live: LiveCatalog, environment: ServerEnvironment): void {
  const kinds = new CatalogTypes(live);
  const controller = new TypeCheckController({ ...environment, source: registries, writer: registries, kinds });
  environment.background.start((signal) => controller.run(signal));
}
