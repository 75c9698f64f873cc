import type { ParsedFlags } from "@kube-ts/std/flags";
import { type AdmissionConfig, admissionConfig } from "./admission.ts";
import { type AggregationConfig, aggregationConfig } from "./aggregation.ts";
import { type ApiResourceConfig, apiResourceConfig } from "./api-resources.ts";
import { type AuditConfig, auditConfig } from "./audit.ts";
import { type AuthenticationConfig, authenticationConfig } from "./authentication.ts";
import { type AuthorizationConfig, authorizationConfig } from "./authorization.ts";
import { type BrowserConfig, browserConfig } from "./browsers.ts";
import { type EncryptionConfig, encryptionConfig } from "./encryption.ts";
import { type EtcdConfig, etcdConfig } from "./etcd.ts";
import type { apiServerFlags } from "./flags.ts";
import { type KubeletConfig, kubeletConfig } from "./kubelet.ts";
import { type LifecycleConfig, lifecycleConfig } from "./lifecycle.ts";
import { type ObservabilityConfig, observabilityConfig } from "./observability.ts";
import { type RequestConfig, requestConfig } from "./requests.ts";
import { type ServiceAccountConfig, serviceAccountConfig } from "./service-accounts.ts";
import { type ServiceConfig, checkFamilies, serviceConfig } from "./services.ts";
import { type ServingConfig, servingConfig } from "./serving.ts";
import { type TlsConfig, tlsConfig } from "./tls.ts";
import { type WatchCacheConfig, watchCacheConfig } from "./watch-cache.ts";

/** Everything the server is told at start, by subject. */
export interface ApiServerConfig {
  readonly serving: ServingConfig;
  readonly tls: TlsConfig;
  readonly browsers: BrowserConfig;
  readonly lifecycle: LifecycleConfig;
  readonly etcd: EtcdConfig;
  /** Undefined where nothing is encrypted. */
  readonly encryption: EncryptionConfig | undefined;
  readonly watchCache: WatchCacheConfig;
  readonly authentication: AuthenticationConfig;
  readonly serviceAccounts: ServiceAccountConfig;
  readonly authorization: AuthorizationConfig;
  readonly admission: AdmissionConfig;
  /** Undefined where no records of requests are kept. */
  readonly audit: AuditConfig | undefined;
  readonly requests: RequestConfig;
  readonly apiResources: ApiResourceConfig;
  readonly services: ServiceConfig;
  readonly kubelet: KubeletConfig;
  readonly aggregation: AggregationConfig;
  readonly observability: ObservabilityConfig;
}

/** Checks the flags against each other and reads the files they name. Throws a FlagError that names the flag. */
export async function loadServerConfig({ values }: ParsedFlags<typeof apiServerFlags>): Promise<ApiServerConfig> {
  const serving = servingConfig(values);
  const services = serviceConfig(values);
  checkFamilies(services, serving.advertiseAddress);
  return {
    serving,
    tls: tlsConfig(values),
    browsers: await browserConfig(values),
    lifecycle: lifecycleConfig(values),
    etcd: await etcdConfig(values),
    encryption: await encryptionConfig(values),
    watchCache: watchCacheConfig(values),
    authentication: await authenticationConfig(values),
    serviceAccounts: await serviceAccountConfig(values),
    authorization: await authorizationConfig(values),
    admission: await admissionConfig(values),
    audit: await auditConfig(values),
    requests: requestConfig(values),
    apiResources: apiResourceConfig(values),
    services,
    kubelet: await kubeletConfig(values),
    aggregation: await aggregationConfig(values),
    observability: observabilityConfig(values),
  };
}
