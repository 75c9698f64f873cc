import type { Pod } from "@kube-ts/api/core/v1";
import { keyOf, namespaceOf, objectKey } from "@kube-ts/api/object";
import { persistentVolumeClaims, pods } from "@kube-ts/api/resource-types";
import { pvcProtectionFinalizer } from "@kube-ts/api/well-known-labels";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { hasEnded } from "../framework/pod-ranking.ts";
import { claimNamesOf, usesClaim } from "./claim-use.ts";
import { ProtectionController } from "./protection-controller.ts";

const podsByClaim = "claim";

/** Keeps claims that are deleted until no pod uses them any more. */
function protectClaims(context: ControllerContext): Controller {
  const informer = context.informers.informer(pods);
  const claimsOf = (pod: Pod) => claimNamesOf(pod).map((name) => objectKey(namespaceOf(pod), name));
  informer.addIndex(podsByClaim, claimsOf);
  const controller = new ProtectionController(context, {
    type: persistentVolumeClaims,
    finalizer: pvcProtectionFinalizer,
    queue: "pvcprotection",
    isUsed: (claim) => informer.byIndex(podsByClaim, keyOf(claim)).some((pod) => usesClaim(pod, claim)),
    isUsedByNow: async (claim, signal) => {
      const { items } = await context.client.resource(pods).list({ namespace: namespaceOf(claim), signal });
      return items.some((pod) => usesClaim(pod, claim));
    },
  });
  const released = (pod: Pod) => {
    for (const key of claimsOf(pod)) controller.released(key);
  };
  informer.subscribe({
    updated: (_old, pod) => {
      if (hasEnded(pod) || pod.metadata.deletionTimestamp !== undefined) released(pod);
    },
    deleted: released,
  });
  return controller;
}

export const claimProtectionController: ControllerDefinition = {
  name: "persistentvolumeclaim-protection-controller",
  serviceAccount: "pvc-protection-controller",
  create: protectClaims,
};
