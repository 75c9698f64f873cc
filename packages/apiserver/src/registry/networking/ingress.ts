import type { Ingress, IngressRule } from "@kube-ts/api/networking/v1";
import { ingresses } from "@kube-ts/api/resource-types";
import { countChange, startGeneration } from "../meta/generation.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { type TableColumns, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import {
  ingressClassAnnotation,
  validateIngressCreate,
  validateIngressStatusUpdate,
  validateIngressUpdate,
} from "./validate-ingress.ts";

const shownHosts = 3;

const ingressColumns: TableColumns<Ingress> = {
  definitions: [
    nameColumn,
    column("Class", "string", "Ingress class, which decides what controller carries the ingress out."),
    column("Hosts", "string", "Hosts of the rules."),
    column("Address", "string", "Where the ingress can be reached."),
    column("Ports", "string", "Ports that are open."),
    ageColumn,
  ],
  row(ingress, nowMs) {
    const { spec, status } = ingress;
    return {
      cells: [
        nameCell(ingress),
        spec.ingressClassName ?? "<none>",
        hostsText(spec.rules ?? []),
        addressesText(status?.loadBalancer?.ingress ?? []),
        spec.tls?.length ? "80, 443" : "80",
        ageCell(ingress, nowMs),
      ],
    };
  },
};

export const ingressResource = defineResource<Ingress>({
  type: ingresses,
  singular: "ingress",
  shortNames: ["ing"],
  storagePrefix: "ingress",
  strategy: {
    defaults: defaultIngress,
    prepareForCreate(ingress) {
      ingress.status = { loadBalancer: {} };
      startGeneration(ingress);
    },
    prepareForUpdate(ingress, old) {
      ingress.status = old.status ?? { loadBalancer: {} };
      countChange(ingress, ingress.spec, old.spec);
    },
    validateCreate: validateIngressCreate,
    validateUpdate: validateIngressUpdate,
    warnings(ingress, old) {
      const isSet = ingress.metadata.annotations?.[ingressClassAnnotation] !== undefined;
      if (old !== undefined || !isSet || ingress.spec.ingressClassName !== undefined) return [];
      return [`annotation "${ingressClassAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`];
    },
  },
  status: {
    prepareForUpdate(ingress, old) {
      ingress.spec = old.spec;
    },
    validateUpdate: validateIngressStatusUpdate,
  },
  columns: ingressColumns,
});

function defaultIngress({ spec, status }: Ingress): void {
  for (const rule of spec.rules ?? []) {
    dropZeroFields(rule, ["host"]);
    for (const path of rule.http?.paths ?? []) dropZeroFields(path, ["path"]);
  }
  for (const tls of spec.tls ?? []) dropZeroFields(tls, ["secretName"]);
  for (const point of status?.loadBalancer?.ingress ?? []) dropZeroFields(point, ["ip", "hostname"]);
}

function hostsText(rules: readonly IngressRule[]): string {
  const hosts: string[] = [];
  let isCut = false;
  for (const { host } of rules) {
    if (hosts.length === shownHosts) isCut = true;
    else if (host) hosts.push(host);
  }
  if (hosts.length === 0) return "*";
  const text = hosts.join(",");
  return isCut ? `${text} + ${rules.length - shownHosts} more...` : text;
}

function addressesText(points: readonly { readonly ip?: string; readonly hostname?: string }[]): string {
  const addresses = points.map(({ ip, hostname }) => ip || hostname || "").filter((address) => address !== "");
  return [...new Set(addresses)].sort().join(",");
}
