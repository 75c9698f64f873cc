import { HotCounter, HotHistogram } from "@kube-ts/std/hot-metrics";
import type { Registry } from "@kube-ts/std/metrics";

const pullBuckets = [1, 5, 10, 20, 30, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600];
const mib = 1024 ** 2;
const gib = 1024 ** 3;

/** Upstream's classes of sizes: each begins above its bound. */
const sizeClasses: readonly (readonly [aboveBytes: number, label: string])[] = [
  [100 * gib, "GT100GB"],
  [60 * gib, "60GB-100GB"],
  [40 * gib, "40GB-60GB"],
  [30 * gib, "30GB-40GB"],
  [20 * gib, "20GB-30GB"],
  [10 * gib, "10GB-20GB"],
  [5 * gib, "5GB-10GB"],
  [gib, "1GB-5GB"],
  [500 * mib, "500MB-1GB"],
  [100 * mib, "100MB-500MB"],
  [10 * mib, "10MB-100MB"],
  [0, "0-10MB"],
];

/** The label of an image's size; a size of 0 is not known. */
export function imageSizeClass(sizeBytes: number): string {
  return sizeClasses.find(([aboveBytes]) => sizeBytes > aboveBytes)?.[1] ?? "N/A";
}

const policies: ReadonlySet<string> = new Set(["Always", "IfNotPresent", "Never"]);

/** What is counted of images; the names are upstream's. */
export class ImageMetrics {
  readonly #pulls: HotHistogram;
  readonly #requests: HotCounter;
  readonly #collected: HotCounter;

  constructor(registry: Registry) {
    this.#pulls = new HotHistogram({
      name: "kubelet_image_pull_duration_seconds",
      help: "How long pulls take, with the time in the queue, by size of the image.",
      labelNames: ["image_size_in_bytes"],
      buckets: pullBuckets,
      registry,
    });
    this.#requests = new HotCounter({
      name: "kubelet_image_manager_ensure_image_requests_total",
      help: "Images that containers and volumes asked for.",
      labelNames: ["present_locally", "pull_policy", "pull_required"],
      registry,
    });
    this.#collected = new HotCounter({
      name: "kubelet_image_garbage_collected_total",
      help: "Images removed because nobody used them, by the reason why then.",
      labelNames: ["reason"],
      registry,
    });
  }

  asked(policy: string | undefined, present: boolean, pulls: boolean): void {
    const known = policy !== undefined && policies.has(policy) ? policy.toLowerCase() : "unknown";
    this.#requests.with(String(present), known, String(pulls)).inc();
  }

  pulled(sizeBytes: number, seconds: number): void {
    this.#pulls.with(imageSizeClass(sizeBytes)).observe(seconds);
  }

  collected(reason: "age" | "space"): void {
    this.#collected.with(reason).inc();
  }
}
