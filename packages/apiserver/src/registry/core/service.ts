import type { LoadBalancerStatus, Service } from "@kube-ts/api/core/v1";
import { services } from "@kube-ts/api/resource-types";
import { type ResourceDefinition, type TableColumns, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, formatLabels, nameCell, nameColumn, wideColumn } from "../table/columns.ts";
import { defaultService } from "./default-service.ts";
import { dropUnneeded, keepAllocated, normalizeClusterIps } from "./service-carry-over.ts";
import { type ClusterFamily, checkClusterFamilies, fillIpFamilies } from "./service-families.ts";
import { validateService, validateServiceStatusUpdate, validateServiceUpdate } from "./validate-service.ts";

/**
 * Services of a cluster that offers these address families, the default one first. Addresses and node ports are
 * allocated between `prepare` and validation by the server.
 */
export function serviceResource(clusterFamilies: readonly ClusterFamily[]): ResourceDefinition<Service> {
  return defineResource<Service>({
    type: services,
    singular: "service",
    shortNames: ["svc"],
    categories: ["all"],
    storagePrefix: "services/specs",
    strategy: {
      defaults: defaultService,
      prepareForCreate(service) {
        service.status = { loadBalancer: {} };
        normalizeClusterIps(service, undefined);
        fillIpFamilies(service, undefined, clusterFamilies);
      },
      prepareForUpdate(service, old) {
        service.status = old.status ?? { loadBalancer: {} };
        keepAllocated(service, old);
        normalizeClusterIps(service, old);
        dropUnneeded(service, old);
        fillIpFamilies(service, old, clusterFamilies);
      },
      validateCreate: (service) => withClusterFamilies(validateService(service), service, clusterFamilies),
      validateUpdate: (service, old) =>
        withClusterFamilies(validateServiceUpdate(service, old), service, clusterFamilies),
      allowCreateOnUpdate: true,
      returnsDeletedObject: true,
    },
    status: {
      prepareForUpdate(service, old) {
        service.spec = old.spec;
      },
      validateUpdate: validateServiceStatusUpdate,
    },
    columns: serviceColumns,
    selectableFields: {
      "spec.clusterIP": (service) => service.spec.clusterIP ?? "",
      "spec.type": (service) => service.spec.type ?? "",
    },
  });
}

function withClusterFamilies(
  errors: ReturnType<typeof validateService>,
  service: Service,
  clusterFamilies: readonly ClusterFamily[],
) {
  checkClusterFamilies(service, clusterFamilies, errors);
  return errors;
}

const serviceColumns: TableColumns<Service> = {
  definitions: [
    nameColumn,
    column("Type", "string", "How the service is exposed."),
    column("Cluster-IP", "string", "Address of the service inside of the cluster."),
    column("External-IP", "string", "Addresses of the service outside of the cluster."),
    column("Port(s)", "string", "Ports of the service, with their node ports."),
    ageColumn,
    wideColumn("Selector", "string", "Labels of the pods that the service sends traffic to."),
  ],
  row(service, nowMs) {
    const { spec } = service;
    return {
      cells: [
        nameCell(service),
        spec.type ?? "",
        spec.clusterIPs?.[0] ?? "<none>",
        externalIp(service),
        portList(service) || "<none>",
        ageCell(service, nowMs),
        formatLabels(spec.selector),
      ],
    };
  },
};

function externalIp(service: Service): string {
  const { type, externalIPs = [], externalName = "" } = service.spec;
  switch (type) {
    case "ClusterIP":
    case "NodePort":
      return externalIPs.join(",") || "<none>";
    case "LoadBalancer":
      return [...ingressPoints(service.status?.loadBalancer), ...externalIPs].join(",") || "<pending>";
    case "ExternalName":
      return externalName;
    case undefined:
    default:
      return "<unknown>";
  }
}

function ingressPoints(status: LoadBalancerStatus | undefined): string[] {
  const points = (status?.ingress ?? []).map((point) => point.ip || point.hostname || "");
  return [...new Set(points.filter((point) => point !== ""))].sort();
}

function portList(service: Service): string {
  return (service.spec.ports ?? [])
    .map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ""}/${protocol}`)
    .join(",");
}
