import type { StatefulSet } from "@kube-ts/api/apps/v1";
import type { PersistentVolumeClaim, Pod } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import { persistentVolumeClaims, pods } from "@kube-ts/api/resource-types";
import { isAlreadyExists, isConflict, isNamespaceTerminating, isNotFound } from "@kube-ts/api/status-error";
import type { ControllerContext } from "../framework/controller.ts";
import type { ClaimChanges } from "./claims.ts";
import type { PodAction } from "./plan.ts";

/** Carries out what is planned for the pods of stateful sets, and tells of it in events on the sets. */
export class PodWriter {
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  /** False when there was nothing to do it to. */
  async execute(set: StatefulSet, action: PodAction, signal: AbortSignal): Promise<boolean> {
    switch (action.kind) {
      case "create":
        return this.#create(set, action.pod, action.claims, signal);
      case "repair":
        return this.#repair(set, action, signal);
      case "delete":
        return this.#delete(set, action.pod, signal);
    }
  }

  async #create(set: StatefulSet, pod: Pod, claims: ClaimChanges, signal: AbortSignal): Promise<boolean> {
    const { client } = this.#context;
    try {
      const problems = await this.#createClaims(set, pod, claims, signal);
      problems.push(...claims.deleting.map((name) => `pvc ${name} is being deleted`));
      if (problems.length > 0) throw new Error(problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`);
      await this.#updateClaims(set, claims, signal);
      await client.resource(pods).create(pod, { signal });
      this.#tell(set, "create", nameOf(pod));
      return true;
    } catch (error) {
      // Nothing can be created in a namespace that goes away; it takes the set with it.
      if (isNamespaceTerminating(error)) return false;
      // The cache does not show the pod yet, or it is not ours.
      if (!isAlreadyExists(error)) this.#tell(set, "create", nameOf(pod), error);
      throw error;
    }
  }

  async #repair(
    set: StatefulSet,
    { pod, claims, repaired }: PodAction & { readonly kind: "repair" },
    signal: AbortSignal,
  ): Promise<boolean> {
    const problems = await this.#createClaims(set, pod, claims, signal);
    if (problems.length > 0) throw new Error(problems.join(", "));
    try {
      await this.#updateClaims(set, claims, signal);
      if (!repaired) return true;
      await this.#context.client.resource(pods).update(repaired, { signal });
      this.#tell(set, "update", nameOf(pod));
      return true;
    } catch (error) {
      // The pod or a claim has changed or is gone: its event brings the set back.
      if (isConflict(error) || isNotFound(error)) return false;
      this.#tell(set, "update", nameOf(pod), error);
      throw error;
    }
  }

  /** Deletes this very pod; one that is gone already counts as deleted. */
  async #delete(set: StatefulSet, pod: Pod, signal: AbortSignal): Promise<boolean> {
    const key = { namespace: namespaceOf(pod), name: nameOf(pod) };
    try {
      await this.#context.client.resource(pods).delete(key, { preconditions: { uid: uidOf(pod) }, signal });
      this.#tell(set, "delete", nameOf(pod));
      return true;
    } catch (error) {
      if (isNotFound(error) || isConflict(error)) return false;
      this.#tell(set, "delete", nameOf(pod), error);
      throw error;
    }
  }

  /** Answers what went wrong. */
  async #createClaims(set: StatefulSet, pod: Pod, { create }: ClaimChanges, signal: AbortSignal): Promise<string[]> {
    const problems: string[] = [];
    for (const claim of create) {
      try {
        await this.#context.client.resource(persistentVolumeClaims).create(claim, { signal });
        this.#tellOfClaim(set, pod, claim);
      } catch (error) {
        // It is not in the cache yet.
        if (isAlreadyExists(error)) continue;
        this.#tellOfClaim(set, pod, claim, error);
        problems.push(`failed to create PVC ${nameOf(claim)}: ${messageOf(error)}`);
      }
    }
    return problems;
  }

  async #updateClaims(set: StatefulSet, { update, conflicting }: ClaimChanges, signal: AbortSignal): Promise<void> {
    const { client, events } = this.#context;
    for (const name of conflicting) {
      const message = `PersistentVolumeClaim ${name} has a conflicting OwnerReference that acts as a managing controller, the retention policy is ignored for this claim`;
      events.event(set, "Warning", "ConflictingController", message);
    }
    for (const claim of update) await client.resource(persistentVolumeClaims).update(claim, { signal });
  }

  #tell(set: StatefulSet, verb: "create" | "update" | "delete", podName: string, error?: unknown): void {
    const reason = verb.charAt(0).toUpperCase() + verb.slice(1);
    const text = `${verb} Pod ${podName} in StatefulSet ${nameOf(set)}`;
    const { events } = this.#context;
    if (error === undefined) events.event(set, "Normal", `Successful${reason}`, `${text} successful`);
    else events.event(set, "Warning", `Failed${reason}`, `${text} failed error: ${messageOf(error)}`);
  }

  #tellOfClaim(set: StatefulSet, pod: Pod, claim: PersistentVolumeClaim, error?: unknown): void {
    const { events } = this.#context;
    if (error === undefined) {
      const message = `create Claim ${nameOf(claim)} Pod ${nameOf(pod)} in StatefulSet ${nameOf(set)} success`;
      events.event(set, "Normal", "SuccessfulCreate", message);
      return;
    }
    const message = `create Claim ${nameOf(claim)} for Pod ${nameOf(pod)} in StatefulSet ${nameOf(set)} failed error: ${messageOf(error)}`;
    events.event(set, "Warning", "FailedCreate", message);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
