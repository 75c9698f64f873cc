import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import type { TaskGroup } from "@kube-ts/std/task-group";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import { HttpsWebhooks } from "../extensions/conversion/webhook-transport.ts";
import { CustomResources } from "../extensions/custom-resources.ts";
import { DefinitionController } from "../extensions/definition-controller.ts";
import type { RegistryFactory } from "../extensions/registry-factory.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import type { Store } from "../storage/store.ts";

export interface ExtensionParts {
  readonly registries: RegistrySet;
  readonly factory: RegistryFactory;
  readonly storeOf: (group: string, plural: string) => Store;
  readonly storageRoot: string;
  /** What is built in when this starts; custom resources come and go besides it. */
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** Serves custom resources until the background ends; resolves when those that are defined already are served. */
export async function startExtensions(parts: ExtensionParts, background: TaskGroup): Promise<void> {
  const { registries, factory, live, random, log } = parts;
  const builtIn = live.current.catalog;
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  background.start(async (signal) => {
    using webhooks = new HttpsWebhooks(registries);
    const customResources = new CustomResources({
      registries,
      factory,
      webhooks,
      random,
      log,
      onServed: (resources) => live.replace({ ...builtIn, resources: [...builtIn.resources, ...resources] }),
    });
    await customResources.run(signal, resolve);
  });
  const controller = new DefinitionController({ ...parts, source: registries, writer: registries });
  background.start((signal) => controller.run(signal));
  await Promise.race([ready, background.settled()]);
}
