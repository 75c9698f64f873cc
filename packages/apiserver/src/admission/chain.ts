import type { Clock } from "@kube-ts/std/clock";
import type { Registry } from "@kube-ts/std/metrics";
import type { Random } from "@kube-ts/std/random";
import type { Authorizer } from "../auth/authorizer.ts";
import type { ReviewWebhook } from "../auth/webhook/review-webhook.ts";
import type { PluginConfigurations } from "../config/admission-configuration.ts";
import type { ObjectSource, ObjectWriter } from "../registry/object-source.ts";
import type { WebhookTransport } from "../extensions/conversion/webhook-transport.ts";
import type { TolerationSeconds } from "./default-toleration-seconds.ts";
import { dynamicPlugins } from "./dynamic-plugins.ts";
import { Reinvocations } from "./matching/reinvocation.ts";
import type { ServedForms } from "./matching/served-forms.ts";
import type { OwnerKinds } from "./owner-references-permission-enforcement.ts";
import { PluginChain } from "./plugin-chain.ts";
import type { PluginName } from "./plugin-names.ts";
import { staticPlugins } from "./static-plugins.ts";

export interface AdmissionParts {
  readonly source: ObjectSource;
  readonly writer: ObjectWriter;
  readonly clock: Clock;
  readonly random: Random;
  /** Asked whether nodes may have tokens for audiences beyond their pods', and who may act for signers. */
  readonly authorizer?: Authorizer;
  /** Where durations are recorded; absent for nowhere. */
  readonly metrics?: Registry;
  readonly tolerationSeconds?: TolerationSeconds;
  readonly configurations?: PluginConfigurations;
  /** Asked about images; absent where nobody is to be asked. */
  readonly imageWebhook?: ReviewWebhook;
  /** The resources of kinds, for owners; without them no owner's deletion can be held up. */
  readonly ownerKinds?: OwnerKinds;
  /** What policies and webhooks need. */
  readonly dynamic: DynamicParts;
}

export interface DynamicParts {
  readonly forms: ServedForms;
  readonly mutating: WebhookTransport;
  readonly validating: WebhookTransport;
  /** Where calls of webhooks and verdicts on pods are counted; absent for nowhere. */
  readonly metrics?: Registry;
}

/** The chain of these plugins. Throws an Error for a plugin that cannot do without a configuration it was not given. */
export function buildAdmission(plugins: readonly PluginName[], parts: AdmissionParts): PluginChain {
  const reinvocations = new Reinvocations();
  const make = { ...staticPlugins(parts), ...dynamicPlugins(parts, reinvocations) };
  const made = plugins.map((name) => make[name]?.()).filter((plugin) => plugin !== undefined);
  return new PluginChain(made, parts.clock, parts.metrics, reinvocations);
}
