import { buildAdmission } from "../admission/chain.ts";
import type { PluginChain } from "../admission/plugin-chain.ts";
import { TypeCheckController } from "../admission/policies/type-check-controller.ts";
import type { AdmissionConfig } from "../config/admission.ts";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import { HttpsWebhooks } from "../extensions/conversion/webhook-transport.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import type { Access } from "./access.ts";
import type { ServerEnvironment } from "./environment.ts";
import { CatalogForms } from "./served-forms.ts";
import { CatalogTypes } from "./served-types.ts";

export interface AdmissionSurroundings {
  readonly registries: RegistrySet;
  readonly access: Access;
  readonly live: LiveCatalog;
}

/** The chain of admission plugins, with the connections of its webhooks. */
export interface ServerAdmission extends Disposable {
  readonly chain: PluginChain;
}

/** Throws an Error for plugins that this server does not know. */
export function openAdmission(
  config: AdmissionConfig,
  { registries, access, live }: AdmissionSurroundings,
  { clock, random, metrics, startup }: ServerEnvironment,
): ServerAdmission {
  using opening = new DisposableStack();
  const transport = opening.use(new HttpsWebhooks(registries));
  const forms = new CatalogForms({ live: () => live, source: registries, transport, random });
  const parts = { source: registries, writer: registries, ...access, clock, random };
  const chain = opening.use(buildAdmission(config, { ...parts, dynamic: { forms, transport, metrics } }));
  startup.finish("start-apiserver-admission-initializer");
  const opened = opening.move();
  return { chain, [Symbol.dispose]: () => opened.dispose() };
}

/** Starts to write into policies what is wrong with their expressions. */
export function startTypeChecks(registries: RegistrySet, live: LiveCatalog, environment: ServerEnvironment): void {
  const kinds = new CatalogTypes(live);
  const controller = new TypeCheckController({ ...environment, source: registries, writer: registries, kinds });
  environment.background.start((signal) => controller.run(signal));
}
