import { parseClusterConfig } from "../cluster-config.ts";

/** A cluster of one machine with everything and a worker; ends with the list of machines. */
export const smallClusterText = `
apiVersion: deploy.kube-ts.io/v1
kind: Cluster
machines:
- {name: cp-1, roles: [etcd, control-plane, worker], addresses: [192.0.2.11]}
- {name: w-1, roles: [worker], addresses: [192.0.2.21]}
`;

export const smallCluster = parseClusterConfig(smallClusterText);
