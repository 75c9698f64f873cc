import { watch } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Pod } from "@kube-ts/api/core/v1";
import { pods } from "@kube-ts/api/resource-types";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import { parseYaml } from "@kube-ts/std/yaml";
import { staticPod } from "./static-pod.ts";
import { Wakeup } from "./wakeup.ts";

export interface StaticPodFilesOptions {
  /** A manifest, or a directory of manifests; need not exist. */
  readonly path: string;
  readonly nodeName: string;
  readonly checkPeriodMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Takes all static pods there are, whenever they may have changed. */
  onPods(pods: readonly Pod[]): void;
}

/** Reads the manifests of static pods, at once when the directory changes and else now and then. */
export class StaticPodFiles {
  readonly #options: StaticPodFilesOptions;
  readonly #known = new Map<string, Pod>();
  readonly #wakeup = new Wakeup();

  constructor(options: StaticPodFilesOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, checkPeriodMs, onPods } = this.#options;
    for (;;) {
      using _watcher = this.#watch();
      try {
        onPods(await this.#read());
      } catch (error) {
        // What cannot be read now is no reason to end the pods that were read before.
        log.warn("static pods could not be read", { error: errorFields(error) });
      }
      await this.#wakeup.wait(clock, checkPeriodMs, signal);
    }
  }

  #watch(): Disposable {
    try {
      const watcher = watch(this.#options.path, { persistent: false }, () => this.#wakeup.notify());
      watcher.on("error", () => undefined);
      return { [Symbol.dispose]: () => watcher.close() };
    } catch {
      // There is nothing to watch yet; the period finds it.
      return { [Symbol.dispose]: () => undefined };
    }
  }

  async #read(): Promise<readonly Pod[]> {
    const found = new Map<string, Pod>();
    for (const path of await this.#manifestPaths()) {
      const pod = await this.#readOne(path);
      if (pod) found.set(path, pod);
    }
    this.#known.clear();
    for (const [path, pod] of found) this.#known.set(path, pod);
    return [...found.values()];
  }

  async #manifestPaths(): Promise<readonly string[]> {
    const { path } = this.#options;
    const info = await stat(path).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === "ENOENT") return undefined;
      throw error;
    });
    if (!info) return [];
    if (!info.isDirectory()) return [path];
    const entries = await readdir(path, { withFileTypes: true });
    const names = entries.filter((entry) => !entry.name.startsWith(".") && !entry.isDirectory());
    return names.map((entry) => join(path, entry.name)).toSorted();
  }

  /** A manifest that is broken is reported; the pod it stood for before goes. */
  async #readOne(path: string): Promise<Pod | undefined> {
    const { nodeName, clock, log } = this.#options;
    try {
      const pod = staticPod(await decodeManifest(await readFile(path, "utf8")), path, nodeName, clock.now());
      const known = this.#known.get(path);
      return known?.metadata.uid === pod.metadata.uid ? known : pod;
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ENOENT") {
        log.error("could not process manifest file", { path, error: errorFields(error) });
      }
      return undefined;
    }
  }
}

async function decodeManifest(text: string): Promise<Pod> {
  const document = parseYaml(text);
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new Error("the manifest is not an object");
  }
  const { kind, apiVersion } = document as { kind?: unknown; apiVersion?: unknown };
  if (kind !== "Pod" || apiVersion !== "v1")
    throw new Error(`invalid pod: kind ${String(kind)} of ${String(apiVersion)}`);
  // The validators of all types are large: a node without static pods does not load them.
  const { decodeResource } = await import("@kube-ts/api/decode");
  return decodeResource(pods, document, { fieldValidation: "Strict" }).object;
}
