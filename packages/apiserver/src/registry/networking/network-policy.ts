import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { NetworkPolicy } from "@kube-ts/api/networking/v1";
import { networkPolicies } from "@kube-ts/api/resource-types";
import { formatLabelSelector } from "@kube-ts/api/selectors";
import { countChange, startGeneration } from "../meta/generation.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { validateNetworkPolicy, validateNetworkPolicyUpdate } from "./validate-network-policy.ts";

export const networkPolicyResource = defineResource<NetworkPolicy>({
  type: networkPolicies,
  singular: "networkpolicy",
  shortNames: ["netpol"],
  storagePrefix: "networkpolicies",
  strategy: {
    defaults: defaultNetworkPolicy,
    prepareForCreate: startGeneration,
    prepareForUpdate(policy, old) {
      countChange(policy, policy.spec, old.spec);
    },
    validateCreate: validateNetworkPolicy,
    validateUpdate: validateNetworkPolicyUpdate,
  },
  columns: {
    definitions: [
      nameColumn,
      column("Pod-Selector", "string", "Labels of the pods that the policy is for."),
      ageColumn,
    ],
    row: (policy, nowMs) => ({
      cells: [nameCell(policy), formatLabelSelector(policy.spec.podSelector ?? {}), ageCell(policy, nowMs)],
    }),
  },
});

function defaultNetworkPolicy({ spec }: NetworkPolicy): void {
  for (const { ports } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
    for (const port of ports ?? []) port.protocol ??= "TCP";
  }
  if (!semanticEqual(spec.policyTypes, undefined)) return;
  spec.policyTypes = spec.egress?.length ? ["Ingress", "Egress"] : ["Ingress"];
}
