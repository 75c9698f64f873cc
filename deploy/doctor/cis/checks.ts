import type { Check } from "../check.ts";
import type { ClusterView } from "../cluster-view.ts";
import { apiServerChecks } from "./api-server.ts";
import { controlPlaneConfigurationChecks } from "./control-plane-configuration.ts";
import { controlPlaneFileChecks } from "./control-plane-files.ts";
import { controllerAndSchedulerChecks } from "./controllers-and-scheduler.ts";
import { etcdChecks } from "./etcd.ts";
import { workerChecks } from "./kubelet.ts";
import { policyChecks } from "./policies.ts";
import { workerFileChecks } from "./worker-files.ts";

/** The CIS Kubernetes Benchmark (1.12), in its order and with its numbers. */
export const cisChecks: readonly Check<ClusterView>[] = [
  ...controlPlaneFileChecks,
  ...apiServerChecks,
  ...controllerAndSchedulerChecks,
  ...etcdChecks,
  ...controlPlaneConfigurationChecks,
  ...workerFileChecks,
  ...workerChecks,
  ...policyChecks,
];
