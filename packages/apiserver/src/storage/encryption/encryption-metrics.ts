import { hash } from "node:crypto";
import { hostname } from "node:os";
import type { Clock } from "@kube-ts/std/clock";
import { HotCounter, HotHistogram } from "@kube-ts/std/hot-metrics";
import { Gauge, type Registry, exponentialBuckets } from "@kube-ts/std/metrics";
import type { CallObserver } from "./kms/kms-client.ts";
import type { EnvelopeObserver } from "./kms/envelope-transformer.ts";
import type { TransformationObserver } from "./transformer.ts";

const sha256 = (text: string) => `sha256:${hash("sha256", text)}`;

/** What is counted of encryption, under upstream's names. */
export class EncryptionMetrics implements EnvelopeObserver {
  readonly #clock: Clock;
  readonly #server = sha256(hostname());
  readonly #operations: HotCounter;
  readonly #durations: HotHistogram;
  readonly #misses: HotCounter;
  readonly #seedDurations: HotHistogram;
  readonly #seedFailures: HotCounter;
  readonly #keys: HotCounter;
  readonly #keyTimes: Gauge<"transformation_type" | "provider_name" | "key_id_hash" | "apiserver_id_hash">;
  readonly #statusTimes: Gauge<"provider_name" | "key_id_hash" | "apiserver_id_hash">;
  readonly #badStatuses: HotCounter;
  readonly #sizes: Gauge<"provider_name">;
  readonly #calls: HotHistogram;

  constructor(registry: Registry, clock: Clock) {
    this.#clock = clock;
    const storage = "apiserver_storage_";
    const envelope = "apiserver_envelope_encryption_";
    const counter = (name: string, help: string, ...labelNames: string[]) =>
      new HotCounter({ name, help, labelNames, registry });
    const histogram = (name: string, help: string, buckets: number[], ...labelNames: string[]) =>
      new HotHistogram({ name, help, labelNames, buckets, registry });
    this.#operations = counter(
      `${storage}transformation_operations_total`,
      "Values that were encrypted or decrypted, by resource, outcome and prefix.",
      "resource",
      "transformation_type",
      "transformer_prefix",
      "status",
    );
    this.#durations = histogram(
      `${storage}transformation_duration_seconds`,
      "Time that encrypting or decrypting a value takes.",
      exponentialBuckets(5e-6, 2, 25),
      "transformation_type",
      "transformer_prefix",
    );
    this.#misses = counter(
      `${storage}envelope_transformation_cache_misses_total`,
      "Seeds that had to be decrypted by a KMS because they were not remembered.",
    );
    this.#misses.with();
    this.#seedDurations = histogram(
      `${storage}data_key_generation_duration_seconds`,
      "Time that making a data encryption key takes.",
      exponentialBuckets(5e-6, 2, 14),
    );
    this.#seedFailures = counter(
      `${storage}data_key_generation_failures_total`,
      "Data encryption keys that could not be made.",
    );
    this.#seedFailures.with();
    const keyLabels = ["transformation_type", "provider_name", "key_id_hash", "apiserver_id_hash"] as const;
    this.#keys = counter(`${envelope}key_id_hash_total`, "Values by the key of the KMS that they need.", ...keyLabels);
    this.#keyTimes = new Gauge({
      name: `${envelope}key_id_hash_last_timestamp_seconds`,
      help: "When a key of the KMS was last needed.",
      labelNames: keyLabels,
      registers: [registry],
    });
    this.#statusTimes = new Gauge({
      name: `${envelope}key_id_hash_status_last_timestamp_seconds`,
      help: "When the KMS last said that this is its key.",
      labelNames: ["provider_name", "key_id_hash", "apiserver_id_hash"],
      registers: [registry],
    });
    this.#badStatuses = counter(
      `${envelope}invalid_key_id_from_status_total`,
      "Answers of a KMS to how it is that cannot be used.",
      "provider_name",
      "error",
    );
    this.#sizes = new Gauge({
      name: `${envelope}dek_source_cache_size`,
      help: "Seeds that are remembered.",
      labelNames: ["provider_name"],
      registers: [registry],
    });
    this.#calls = histogram(
      `${envelope}kms_operations_latency_seconds`,
      "Time that calls to a KMS take.",
      exponentialBuckets(0.0001, 2, 20),
      "provider_name",
      "method_name",
      "grpc_status_code",
    );
  }

  /** Counts the values of a resource. */
  transformations(resource: string): TransformationObserver {
    const clock = this.#clock;
    return {
      nowMs: () => clock.monotonicMs(),
      transformed: (direction, prefix, startMs, problem) => {
        const shown = prefix === "" ? "identity" : prefix;
        const status = problem === undefined ? "OK" : "Internal";
        this.#operations.with(resource, direction, shown, status).inc();
        this.#durations.with(direction, shown).observe((clock.monotonicMs() - startMs) / 1000);
      },
    };
  }

  /** Counts the calls to a KMS. */
  calls(provider: string): CallObserver {
    return (method, durationMs, grpcCode) => {
      const name = `/v2.KeyManagementService/${method}`;
      this.#calls.with(provider, name, grpcCode).observe(durationMs / 1000);
    };
  }

  keyUsed(provider: string, direction: "from_storage" | "to_storage", keyId: string): void {
    const keyHash = sha256(keyId);
    this.#keys.with(direction, provider, keyHash, this.#server).inc();
    const labels = {
      transformation_type: direction,
      provider_name: provider,
      key_id_hash: keyHash,
      apiserver_id_hash: this.#server,
    };
    this.#keyTimes.set(labels, this.#clock.now() / 1000);
  }

  keyInStatus(provider: string, keyId: string): void {
    const labels = { provider_name: provider, key_id_hash: sha256(keyId), apiserver_id_hash: this.#server };
    this.#statusTimes.set(labels, this.#clock.now() / 1000);
  }

  badStatus(provider: string, problem: string): void {
    this.#badStatuses.with(provider, problem).inc();
  }

  cacheMissed(): void {
    this.#misses.with().inc();
  }

  cacheSize(provider: string, size: number): void {
    this.#sizes.set({ provider_name: provider }, size);
  }

  seedMade(durationMs: number, failed: boolean): void {
    this.#seedDurations.with().observe(durationMs / 1000);
    if (failed) this.#seedFailures.with().inc();
  }
}
