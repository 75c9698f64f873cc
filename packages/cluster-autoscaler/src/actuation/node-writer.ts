import type { Node, Taint } from "@kube-ts/api/core/v1";
import { uidOf } from "@kube-ts/api/object";
import { nodes } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import type { Clock } from "@kube-ts/std/clock";
import {
  deletionCandidateTaint,
  machineAnnotation,
  toBeDeletedTaint,
  withoutTaint,
  withTaint,
} from "../model/node-marks.ts";

const maxTries = 5;

/** The node has gone, or another one has its name. */
export class NodeGoneError extends Error {
  override readonly name = "NodeGoneError";

  constructor(node: string) {
    super(`node ${node} is gone`);
  }
}

/** Marks nodes and deletes them. */
export class NodeWriter {
  readonly #client: Client;
  readonly #clock: Clock;

  constructor(client: Client, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Keeps new pods away for good, and says which machine the node is. Rejects with a NodeGoneError. */
  async markToBeDeleted(
    name: string,
    uid: string,
    machine: string,
    cordon: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const value = String(Math.floor(this.#clock.now() / 1_000));
    await this.#change(name, uid, signal, (node) => {
      const taints = withTaint(node.spec.taints, { key: toBeDeletedTaint, value, effect: "NoSchedule" });
      const annotations = { ...node.metadata.annotations, [machineAnnotation]: machine };
      if (!taints && node.metadata.annotations?.[machineAnnotation] === machine) return undefined;
      return {
        ...node,
        metadata: { ...node.metadata, annotations },
        spec: { ...node.spec, ...(taints && { taints }), ...(cordon && { unschedulable: true }) },
      };
    });
  }

  /** Takes the mark back. A node that is gone needs nothing. */
  async unmarkToBeDeleted(name: string, uid: string, uncordon: boolean, signal: AbortSignal): Promise<void> {
    await this.#change(name, uid, signal, (node) => {
      const taints = withoutTaint(node.spec.taints, toBeDeletedTaint);
      const { [machineAnnotation]: machine, ...annotations } = node.metadata.annotations ?? {};
      if (!taints && machine === undefined) return undefined;
      const { unschedulable: _unschedulable, ...spec } = node.spec;
      return {
        ...node,
        metadata: { ...node.metadata, annotations },
        spec: { ...(uncordon ? spec : node.spec), ...(taints && { taints }) },
      };
    }).catch(unlessGone);
  }

  /** Tells the scheduler whether the node may go soon. */
  async setCandidate(name: string, uid: string, isCandidate: boolean, signal: AbortSignal): Promise<void> {
    const value = String(Math.floor(this.#clock.now() / 1_000));
    const taint: Taint = { key: deletionCandidateTaint, value, effect: "PreferNoSchedule" };
    await this.#change(name, uid, signal, (node) => {
      const { taints } = node.spec;
      const changed = isCandidate ? withTaint(taints, taint) : withoutTaint(taints, deletionCandidateTaint);
      return changed && { ...node, spec: { ...node.spec, taints: changed } };
    }).catch(unlessGone);
  }

  /** Deletes the node object; that it is gone already is success. */
  async delete(name: string, uid: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#client.resource(nodes).delete({ name }, { preconditions: { uid }, signal });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  /** Reads the node, changes it unless there is nothing to change, and begins again when somebody else was faster. */
  async #change(
    name: string,
    uid: string,
    signal: AbortSignal,
    change: (node: Node) => Node | undefined,
  ): Promise<void> {
    const resource = this.#client.resource(nodes);
    for (let tries = 1; ; tries += 1) {
      try {
        const node = await resource.get({ name }, { signal });
        if (uidOf(node) !== uid) throw new NodeGoneError(name);
        const changed = change(node);
        if (changed) await resource.update(changed, { signal });
        return;
      } catch (error) {
        if (isNotFound(error)) throw new NodeGoneError(name);
        if (!isConflict(error) || tries >= maxTries) throw error;
      }
    }
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof NodeGoneError)) throw error;
}
