import type { Binding } from "@kube-ts/api/core/v1";
import { pods } from "@kube-ts/api/resource-types";
import type { RegistrySet } from "../../registry/registry-set.ts";
import { decodeBodyAs } from "../request-object.ts";
import type { VirtualResource } from "../subresource.ts";
import { parseWriteOptions } from "../write-options.ts";
import { bindPod, bindingType, sendBound } from "./pod-binding.ts";

/** `bindings`: `pods/binding` as it was before pods had subresources; the body says which pod is meant. */
export function bindings(registries: RegistrySet): VirtualResource {
  return {
    ...bindingType,
    plural: "bindings",
    singular: "binding",
    namespaced: true,
    handle: async (context) => {
      const { fieldValidation, dryRun } = parseWriteOptions(context.info);
      const binding = await decodeBodyAs<Binding>(context, bindingType, fieldValidation);
      // Unlike `pods/binding` this one never took the uid of a pod.
      delete binding.metadata.uid;
      const name = binding.metadata.name ?? "";
      const type = { ...bindingType, plural: "bindings", namespaced: true };
      await bindPod({ ...context, registry: registries.registry(pods), type, name }, binding, dryRun);
      await sendBound(context);
    },
  };
}
