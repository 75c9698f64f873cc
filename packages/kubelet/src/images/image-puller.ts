import type { Container, Pod } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { TokenBucket } from "@kube-ts/client/token-bucket";
import type { Clock } from "@kube-ts/std/clock";
import { formatDuration } from "@kube-ts/std/duration";
import type { Logger } from "@kube-ts/std/log";
import type { EventLevel, PodEvents } from "../pods/pod-events.ts";
import type { ImageProvider } from "../pods/pod-machine.ts";
import { StartError } from "../pods/start-error.ts";
import { parseImageReference, repositoryOf } from "../runtime/image-reference.ts";
import type { ImageService, RuntimeImage } from "../runtime/image-service.ts";
import { ParallelLimit } from "../runtime/parallel-limit.ts";
import { runtimeErrorCode } from "../runtime/runtime-error.ts";
import type { ObjectSource } from "../volumes/object-source.ts";
import type { RegistryCredentials } from "./docker-config.ts";
import type { ImageMetrics } from "./image-metrics.ts";
import { Keyring } from "./keyring.ts";
import { podCredentials } from "./pull-credentials.ts";
import { PullBackoff } from "./pull-backoff.ts";
import { pullDecision } from "./pull-policy.ts";

export interface ImagePullerOptions {
  readonly images: ImageService;
  readonly objects: ObjectSource;
  readonly metrics: ImageMetrics;
  /** Told when a pull for a pod begins and ends. */
  readonly onPull?: (podUid: string, change: "began" | "ended") => void;
  readonly events: PodEvents;
  readonly clock: Clock;
  readonly log: Logger;
  /** Pulls at once; the others wait (`serializeImagePulls` means 1). */
  readonly maxParallelPulls: number;
  /** Pulls a second on average, 0 for no limit; a pull beyond that fails and is tried again later. */
  readonly pullQps: number;
  readonly pullBurst: number;
  /** Credentials of the node itself. */
  readonly nodeCredentials: () => Promise<readonly RegistryCredentials[]>;
}

/** Tells users about one image. */
type Report = (level: EventLevel, reason: string, message: string) => void;

/** Makes images present as containers' pull policies want, and tells users how that goes. */
export class ImagePuller implements ImageProvider {
  readonly #options: ImagePullerOptions;
  readonly #limit: ParallelLimit;
  readonly #backoff: PullBackoff;
  readonly #rate: TokenBucket | undefined;

  constructor(options: ImagePullerOptions) {
    this.#options = options;
    this.#limit = new ParallelLimit(options.maxParallelPulls);
    this.#backoff = new PullBackoff(options.clock);
    const { clock, pullQps, pullBurst } = options;
    this.#rate = pullQps > 0 ? new TokenBucket(clock, pullQps, pullBurst) : undefined;
  }

  async ensure(
    pod: Pod,
    wanted: Pick<Container, "image" | "imagePullPolicy">,
    fieldPath: string | undefined,
    signal: AbortSignal,
  ): Promise<RuntimeImage> {
    const { image = "", imagePullPolicy } = wanted;
    const { events, metrics } = this.#options;
    const report: Report = (level, reason, message) =>
      fieldPath === undefined
        ? events.pod(pod, level, reason, message)
        : events.container(pod, fieldPath, level, reason, message);
    const present = await this.#inspect(image, report, signal);
    const decision = pullDecision(imagePullPolicy, present !== undefined);
    metrics.asked(imagePullPolicy, present !== undefined, decision === "pull");
    switch (decision) {
      case "refuse": {
        const message = `Container image ${goQuote(image)} is not present with pull policy of Never`;
        report("Warning", "ErrImageNeverPull", message);
        throw new StartError("ErrImageNeverPull", message, { reported: true });
      }
      case "use": {
        if (!present) throw new Error("an absent image was to be used");
        const message = `Container image ${goQuote(image)} already present on machine and can be accessed by the pod`;
        report("Normal", "Pulled", message);
        return present;
      }
      case "pull":
        return await this.#pull(pod, image, report, signal);
    }
  }

  async #inspect(image: string, report: Report, signal: AbortSignal): Promise<RuntimeImage | undefined> {
    try {
      return await this.#options.images.status(image, signal);
    } catch (cause) {
      signal.throwIfAborted();
      const why = messageOf(cause);
      const invalid = runtimeErrorCode(cause) === "InvalidImageName";
      const message = invalid
        ? `Failed to apply default image tag ${goQuote(image)}: ${why}`
        : `Failed to inspect image ${goQuote(image)}: ${why}`;
      report("Warning", "InspectFailed", message);
      throw new StartError(invalid ? "InvalidImageName" : "ImageInspectError", message, { cause, reported: true });
    }
  }

  async #pull(pod: Pod, image: string, report: Report, signal: AbortSignal): Promise<RuntimeImage> {
    const { clock, metrics, onPull } = this.#options;
    const uid = pod.metadata.uid ?? "";
    const key = `${uid}_${image}`;
    const waiting = this.#backoff.check(key);
    if (waiting) {
      const message = `Back-off pulling image ${goQuote(image)}`;
      report("Normal", "BackOff", message);
      const full = waiting.lastError === "" ? message : `${message}: ErrImagePull: ${waiting.lastError}`;
      throw new StartError("ImagePullBackOff", full, { retryAfterMs: waiting.remainingMs, reported: true });
    }
    report("Normal", "Pulling", `Pulling image ${goQuote(image)}`);
    const askedMs = clock.monotonicMs();
    onPull?.(uid, "began");
    try {
      const { pulled, tookMs } = await this.#limit.run(() => this.#pullNow(pod, image, signal), signal);
      this.#backoff.succeeded(key);
      onPull?.(uid, "ended");
      metrics.pulled(pulled.sizeBytes, (clock.monotonicMs() - askedMs) / 1000);
      const times = `in ${goMillis(tookMs)} (${goMillis(clock.monotonicMs() - askedMs)} including waiting)`;
      const message = `Successfully pulled image ${goQuote(image)} ${times}. Image size: ${pulled.sizeBytes} bytes.`;
      report("Normal", "Pulled", message);
      return pulled;
    } catch (cause) {
      signal.throwIfAborted();
      const why = messageOf(cause);
      const retryAfterMs = this.#backoff.failed(key, why);
      report("Warning", "Failed", `Failed to pull image ${goQuote(image)}: ${why}`);
      const unavailable = runtimeErrorCode(cause) === "RegistryUnavailable";
      const reason = unavailable ? "RegistryUnavailable" : "ErrImagePull";
      throw new StartError(reason, why, { cause, retryAfterMs, reported: true });
    }
  }

  async #pullNow(pod: Pod, image: string, signal: AbortSignal): Promise<{ pulled: RuntimeImage; tookMs: number }> {
    const { images, objects, events, log, clock, nodeCredentials } = this.#options;
    const startMs = clock.monotonicMs();
    if (this.#rate?.tryTake() === false) throw new Error("pull QPS exceeded");
    const own = await podCredentials(pod, objects, events, log, signal);
    const candidates = new Keyring([...own, ...(await nodeCredentials())]).lookup(
      repositoryOf(parseImageReference(image)),
    );
    let failure: unknown;
    for (const auth of candidates.length > 0 ? candidates : [undefined]) {
      try {
        await images.pull(image, auth === undefined ? {} : { auth }, signal);
        const pulled = await images.status(image, signal);
        if (pulled) return { pulled, tookMs: clock.monotonicMs() - startMs };
        failure = new Error("image is not present after it was pulled");
      } catch (error) {
        signal.throwIfAborted();
        failure = error;
      }
    }
    throw failure;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function goMillis(durationMs: number): string {
  return formatDuration(Math.round(durationMs));
}
