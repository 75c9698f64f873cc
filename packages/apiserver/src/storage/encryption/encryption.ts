import { withTimeout } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { TaskGroup } from "@kube-ts/std/task-group";
import type { Store } from "../store.ts";
import { EncryptedStore } from "./encrypted-store.ts";
import { type Provider, type ResourceEncryption, groupResource } from "./encryption-configuration.ts";
import type { EncryptionMetrics } from "./encryption-metrics.ts";
import type { EnvelopeTransformer } from "./kms/envelope-transformer.ts";
import { aesCbc, aesGcm, identity, secretbox } from "./local-transformers.ts";
import { type PrefixedTransformer, type Transformer, TransformerList } from "./transformer.ts";

export interface EncryptionParts {
  readonly metrics: EncryptionMetrics;
  readonly clock: Clock;
  readonly log: Logger;
  /** Owns the tasks that ask KMS plugins how they are. */
  readonly background: TaskGroup;
}

const wellMs = 60_000;
const illMs = 10_000;
/** A new configuration is not used before all of its KMS plugins have answered. */
const firstProbeMs = 20_000;
/** Values that are being read may still need the plugins of a configuration that was replaced. */
const lingerMs = 60_000;

const local = {
  aescbc: { make: aesCbc, words: "AES" },
  aesgcm: { make: aesGcm, words: "AES" },
  secretbox: { make: secretbox, words: "Secretbox" },
} as const;

interface EncryptedResources {
  readonly names: readonly string[];
  readonly list: readonly PrefixedTransformer[];
}

/** One configuration in use. */
class Generation {
  readonly kms: readonly EnvelopeTransformer[];
  readonly #resources: readonly EncryptedResources[];
  readonly #metrics: EncryptionMetrics;
  readonly #made = new Map<string, Transformer | undefined>();
  readonly ended = new AbortController();

  constructor(
    resources: readonly EncryptedResources[],
    kms: readonly EnvelopeTransformer[],
    metrics: EncryptionMetrics,
  ) {
    this.#resources = resources;
    this.#metrics = metrics;
    this.kms = kms;
  }

  /** Undefined for a resource that is stored as it is. */
  transformerOf(group: string, plural: string): Transformer | undefined {
    const name = group === "" ? plural : `${plural}.${group}`;
    if (this.#made.has(name)) return this.#made.get(name);
    const list = this.#listOf(name, group);
    const observer = this.#metrics.transformations(name);
    const transformer = list && new TransformerList(list, "no matching prefix found", observer);
    this.#made.set(name, transformer);
    return transformer;
  }

  /** All that name the resource before the first wildcard that covers it; that wildcard where none does. */
  #listOf(name: string, group: string): readonly PrefixedTransformer[] | undefined {
    const named: PrefixedTransformer[] = [];
    for (const { names, list } of this.#resources) {
      if (names.includes(name)) named.push(...list);
      else if (names.some((each) => isWildcardFor(each, group))) return named.length > 0 ? named : list;
    }
    return named.length > 0 ? named : undefined;
  }
}

function isWildcardFor(text: string, group: string): boolean {
  const pattern = groupResource(text);
  return pattern.resource === "*" && (pattern.group === "*" || pattern.group === group);
}

/** What is encrypted, with what. */
export class Encryption implements Disposable {
  readonly #parts: EncryptionParts;
  /** Whether resources may become encrypted that are not. */
  readonly #changes: boolean;
  #current: Generation;

  private constructor(parts: EncryptionParts, changes: boolean, current: Generation) {
    this.#parts = parts;
    this.#changes = changes;
    this.#current = current;
  }

  static async start(
    configuration: readonly ResourceEncryption[],
    changes: boolean,
    parts: EncryptionParts,
  ): Promise<Encryption> {
    const generation = await newGeneration(configuration, parts);
    await probed(generation, parts.background.signal);
    follow(generation, parts);
    return new Encryption(parts, changes, generation);
  }

  /** Takes another configuration. Rejects, and keeps the one there is, when a KMS plugin of it is not well. */
  async replace(configuration: readonly ResourceEncryption[]): Promise<void> {
    const next = await newGeneration(configuration, this.#parts);
    await probed(next, this.#parts.background.signal);
    const problem = next.kms.find((each) => each.problem);
    if (problem) {
      for (const each of next.kms) each.close();
      throw new Error(`KMS provider ${problem.name} is not healthy: ${problem.problem?.message ?? ""}`);
    }
    const { clock, background } = this.#parts;
    const before = this.#current;
    this.#current = next;
    follow(next, this.#parts);
    background.start(async (signal) => {
      await clock.sleep(lingerMs, signal).catch(() => undefined);
      before.ended.abort(new Error("another configuration is in use"));
      for (const each of before.kms) each.close();
    });
  }

  /** The store of a resource as its readers and writers see it. */
  storeOf(group: string, plural: string, inner: Store): Store {
    if (!this.#changes && !this.#current.transformerOf(group, plural)) return inner;
    const { clock, log } = this.#parts;
    return new EncryptedStore(inner, () => this.#current.transformerOf(group, plural), clock, log);
  }

  [Symbol.dispose](): void {
    for (const each of this.#current.kms) each.close();
  }

  /** What has to be right for the server to be healthy. */
  get checks(): readonly { readonly name: string; check(): void }[] {
    const { kms } = this.#current;
    if (!this.#changes)
      return kms.map((each, index) => ({ name: `kms-provider-${index}`, check: () => assertWell(each) }));
    const check = () => {
      for (const each of this.#current.kms) assertWell(each);
    };
    return [{ name: "kms-providers", check }];
  }
}

function assertWell({ problem, name }: EnvelopeTransformer): void {
  if (problem) throw new Error(`KMS provider ${name}: ${problem.message}`);
}

async function newGeneration(
  configuration: readonly ResourceEncryption[],
  { metrics, clock }: EncryptionParts,
): Promise<Generation> {
  const kms: EnvelopeTransformer[] = [];
  const makeKms = async ({ name, endpoint, timeoutMs }: Extract<Provider, { kind: "kms" }>) => {
    const { KmsClient } = await import("./kms/kms-client.ts");
    const { EnvelopeTransformer } = await import("./kms/envelope-transformer.ts");
    const client = new KmsClient(endpoint, timeoutMs, metrics.calls(name));
    const transformer = new EnvelopeTransformer({ name, kms: client, clock, observer: metrics });
    kms.push(transformer);
    return { prefix: `k8s:enc:kms:v2:${name}:`, transformer };
  };
  const resources: EncryptedResources[] = [];
  for (const { resources: names, providers } of configuration) {
    const list: PrefixedTransformer[] = [];
    for (const provider of providers) list.push(provider.kind === "kms" ? await makeKms(provider) : prefixed(provider));
    resources.push({ names, list });
  }
  return new Generation(resources, kms, metrics);
}

function prefixed(provider: Exclude<Provider, { kind: "kms" }>): PrefixedTransformer {
  if (provider.kind === "identity") return { prefix: "", transformer: identity };
  const { make, words } = local[provider.kind];
  const keys = provider.keys.map(({ name, secret }) => ({ prefix: `${name}:`, transformer: make(secret) }));
  const noMatch = `no matching key was found for the provided ${words} transformer`;
  return { prefix: `k8s:enc:${provider.kind}:v1:`, transformer: new TransformerList(keys, noMatch) };
}

/** Asks all plugins once how they are. */
async function probed({ kms }: Generation, signal: AbortSignal): Promise<void> {
  await Promise.all(kms.map((each) => each.probe(withTimeout(signal, firstProbeMs))));
}

/** Asks the plugins again and again, more often those that are not well. */
function follow(generation: Generation, { background, clock, log }: EncryptionParts): void {
  for (const each of generation.kms) {
    background.start(async (stop) => {
      const signal = AbortSignal.any([stop, generation.ended.signal]);
      while (!signal.aborted) {
        await clock.sleep(each.problem ? illMs : wellMs, signal).catch(() => undefined);
        if (signal.aborted) return;
        const before = each.problem;
        await each.probe(signal);
        const { problem } = each;
        if (problem && !before) log.error("KMS provider is not well", { provider: each.name, error: problem });
        else if (before && !problem) log.info("KMS provider is well again", { provider: each.name });
      }
    });
  }
}
