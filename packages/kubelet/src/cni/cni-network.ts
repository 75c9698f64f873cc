import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@kube-ts/std/log";
import { ParallelLimit } from "../runtime/parallel-limit.ts";
import type { NetworkRequest, PodNetwork } from "../runtime/pod-network.ts";
import { RuntimeError } from "../runtime/runtime-error.ts";
import { AttachmentStore } from "./attachment-store.ts";
import type { Attachment } from "./attachment-store.ts";
import { capabilityValues } from "./capability-values.ts";
import { resultAddresses } from "./cni-result.ts";
import { NetworkConfigError, hasCheck, isConfigFile, parseNetworkList, pluginInput } from "./network-list.ts";
import type { NetworkList } from "./network-list.ts";
import { findPlugin, runPlugin } from "./run-plugin.ts";
import type { CniCommand, PluginCall } from "./run-plugin.ts";

export interface CniNetworkOptions {
  /** `--cni-conf-dir`; the first file by name that can be used is the network. */
  readonly confDirectory: string;
  /** `--cni-bin-dir` */
  readonly binDirectories: readonly string[];
  /** Where attachments are remembered. */
  readonly stateDirectory: string;
  /** Told the node's ranges, such as to write a network for them. */
  readonly onPodCidrs?: (podCidrs: readonly string[]) => Promise<void>;
  readonly log: Logger;
}

const interfaceName = "eth0";
const loopback: NetworkList = {
  cniVersion: "0.3.1",
  name: "cni-loopback",
  disableCheck: true,
  plugins: [{ type: "loopback" }],
};
const maxParallel = 8;
const cleanupTimeoutMs = 120_000;

/** Pod networks by CNI plugins. */
export class CniNetwork implements PodNetwork {
  readonly #options: CniNetworkOptions;
  readonly #store: AttachmentStore;
  readonly #limit = new ParallelLimit(maxParallel);
  #podCidrs: readonly string[] = [];

  constructor(options: CniNetworkOptions) {
    this.#options = options;
    this.#store = new AttachmentStore(options.stateDirectory);
  }

  async status(_signal: AbortSignal) {
    try {
      const list = await this.#load();
      for (const plugin of list.plugins) await findPlugin(plugin.type, this.#options.binDirectories);
      return { ready: true, reason: "", message: "" };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ready: false, reason: "NetworkPluginNotReady", message: `Network plugin returns error: ${why}` };
    }
  }

  add(request: NetworkRequest, signal: AbortSignal): Promise<readonly string[]> {
    return this.#limit.run(() => this.#add(request, signal), signal);
  }

  remove(sandboxId: string, netnsPath: string | undefined, signal: AbortSignal): Promise<void> {
    return this.#limit.run(() => this.#remove(sandboxId, netnsPath, signal), signal);
  }

  /** Asks the plugins whether the sandbox is still connected as they left it. Throws RuntimeError when not. */
  async check(sandboxId: string, netnsPath: string, signal: AbortSignal): Promise<void> {
    const attachment = await this.#store.get(sandboxId);
    if (attachment?.result === undefined) throw new RuntimeError("NotFound", `sandbox ${sandboxId} is not connected`);
    const { list, result } = attachment;
    if (list.disableCheck || !hasCheck(list.cniVersion)) return;
    for (const plugin of list.plugins) {
      const input = pluginInput(list, plugin, attachment.capabilities, result);
      await this.#run("CHECK", plugin.type, input, attachment, netnsPath, signal);
    }
  }

  async addresses(sandboxId: string): Promise<readonly string[] | undefined> {
    const attachment = await this.#store.get(sandboxId);
    return attachment?.result === undefined ? undefined : resultAddresses(attachment.result);
  }

  attached(): Promise<readonly string[]> {
    return this.#store.ids();
  }

  async updatePodCidrs(podCidrs: readonly string[]): Promise<void> {
    this.#podCidrs = podCidrs;
    await this.#options.onPodCidrs?.(podCidrs);
  }

  async #add(request: NetworkRequest, signal: AbortSignal): Promise<readonly string[]> {
    const { sandboxId, netnsPath, pod } = request;
    try {
      const list = await this.#load();
      const attachment: Attachment = {
        sandboxId,
        list,
        args: cniArgs(request),
        capabilities: capabilityValues(request.portMappings, request.annotations, this.#podCidrs),
      };
      // First, so that whatever plugins did before a crash is taken down by these same plugins.
      await this.#store.put(attachment);
      await this.#runLoopback(attachment, netnsPath, signal);
      let result: unknown;
      for (const plugin of list.plugins) {
        const input = pluginInput(list, plugin, attachment.capabilities, result);
        result = (await this.#run("ADD", plugin.type, input, attachment, netnsPath, signal)) ?? result;
      }
      const addresses = resultAddresses(result);
      if (addresses.length === 0) throw new Error("plugins gave the pod no address");
      await this.#store.put({ ...attachment, result });
      return addresses;
    } catch (cause) {
      await this.#undo(sandboxId, netnsPath);
      signal.throwIfAborted();
      const why = cause instanceof Error ? cause.message : String(cause);
      const text = `failed to set up sandbox container "${sandboxId}" network for pod "${pod.name}": ${why}`;
      throw new RuntimeError("NetworkFailed", text, { cause });
    }
  }

  async #remove(sandboxId: string, netnsPath: string | undefined, signal: AbortSignal): Promise<void> {
    const attachment = await this.#store.get(sandboxId);
    if (!attachment) return;
    const { list, result } = attachment;
    const prevResult = hasCheck(list.cniVersion) ? result : undefined;
    try {
      for (const plugin of list.plugins.toReversed()) {
        const input = pluginInput(list, plugin, attachment.capabilities, prevResult);
        await this.#run("DEL", plugin.type, input, attachment, netnsPath ?? "", signal);
      }
    } catch (cause) {
      signal.throwIfAborted();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new RuntimeError("NetworkFailed", `failed to tear down network of sandbox "${sandboxId}": ${why}`, {
        cause,
      });
    }
    await this.#store.delete(sandboxId);
  }

  /** What cannot be undone now is still remembered, for the next attempt to remove the sandbox. */
  async #undo(sandboxId: string, netnsPath: string): Promise<void> {
    await this.#remove(sandboxId, netnsPath, AbortSignal.timeout(cleanupTimeoutMs)).catch((error: unknown) => {
      this.#options.log.warn("half-made pod network is left behind", { sandbox: sandboxId, error });
    });
  }

  async #runLoopback(attachment: Attachment, netnsPath: string, signal: AbortSignal): Promise<void> {
    const [plugin] = loopback.plugins;
    if (!plugin) return;
    const call = { ...this.#call("ADD", attachment, netnsPath), interfaceName: "lo" };
    await runPlugin(plugin.type, pluginInput(loopback, plugin, {}, undefined), call, signal);
  }

  #run(
    command: CniCommand,
    type: string,
    input: unknown,
    attachment: Attachment,
    netnsPath: string,
    signal: AbortSignal,
  ): Promise<unknown> {
    return runPlugin(type, input, this.#call(command, attachment, netnsPath), signal);
  }

  #call(command: CniCommand, attachment: Attachment, netnsPath: string): PluginCall {
    const { sandboxId: containerId, args } = attachment;
    return { command, containerId, netnsPath, interfaceName, args, binDirectories: this.#options.binDirectories };
  }

  /** The first usable network by file name; read anew each time, as whoever owns the network may replace it. */
  async #load(): Promise<NetworkList> {
    const { confDirectory, log } = this.#options;
    const names = await readdir(confDirectory).catch(() => []);
    for (const name of names.filter(isConfigFile).sort()) {
      try {
        return parseNetworkList(await readFile(join(confDirectory, name), "utf8"), name);
      } catch (error) {
        if (!(error instanceof NetworkConfigError)) throw error;
        log.warn("network configuration is skipped", { file: name, error: error.message });
      }
    }
    throw new Error("cni plugin not initialized");
  }
}

function cniArgs({ pod, sandboxId }: NetworkRequest): string {
  return [
    "IgnoreUnknown=1",
    `K8S_POD_NAMESPACE=${pod.namespace}`,
    `K8S_POD_NAME=${pod.name}`,
    `K8S_POD_INFRA_CONTAINER_ID=${sandboxId}`,
    `K8S_POD_UID=${pod.uid}`,
  ].join(";");
}
