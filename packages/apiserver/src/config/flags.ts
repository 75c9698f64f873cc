import { featureGateFlags } from "@kube-ts/std/feature-gates";
import { defineFlags } from "@kube-ts/std/flags";
import { admissionFlags } from "./admission.ts";
import { aggregationFlags } from "./aggregation.ts";
import { apiResourceFlags } from "./api-resources.ts";
import { auditFlags } from "./audit.ts";
import { authenticationFlags } from "./authentication.ts";
import { authorizationFlags } from "./authorization.ts";
import { browserFlags } from "./browsers.ts";
import { encryptionFlags } from "./encryption.ts";
import { etcdFlags } from "./etcd.ts";
import { kubeletFlags } from "./kubelet.ts";
import { lifecycleFlags } from "./lifecycle.ts";
import { observabilityFlags } from "./observability.ts";
import { requestFlags } from "./requests.ts";
import { serviceAccountFlags } from "./service-accounts.ts";
import { serviceFlags } from "./services.ts";
import { servingFlags } from "./serving.ts";
import { tlsFlags } from "./tls.ts";
import { watchCacheFlags } from "./watch-cache.ts";

/** The server's flags, under upstream's names; each subject declares and reads its own. */
export const apiServerFlags = defineFlags({
  ...servingFlags,
  ...tlsFlags,
  ...browserFlags,
  ...lifecycleFlags,
  ...etcdFlags,
  ...encryptionFlags,
  ...watchCacheFlags,
  ...authenticationFlags,
  ...serviceAccountFlags,
  ...authorizationFlags,
  ...admissionFlags,
  ...auditFlags,
  ...requestFlags,
  ...apiResourceFlags,
  ...serviceFlags,
  ...kubeletFlags,
  ...aggregationFlags,
  ...featureGateFlags,
  ...observabilityFlags,
});
