import { Counter, Gauge, Histogram, type Registry } from "@kube-ts/std/metrics";

/** What is told about the renewal of one certificate. */
export interface CertificateMetrics {
  renewalFailed(): void;
  /** `livedSeconds` is the age of the former certificate, if there was one. */
  renewed(livedSeconds: number | undefined): void;
}

const minute = 60;
const hour = 3_600;
const day = 24 * hour;
const lifetimes = [
  minute,
  10 * minute,
  hour,
  4 * hour,
  day,
  4 * day,
  30 * day,
  90 * day,
  180 * day,
  365 * day,
  1_460 * day,
];

/** Metrics of the client certificate; `ttlSeconds` is asked when they are read. */
export function clientCertificateMetrics(registry: Registry, ttlSeconds: () => number): CertificateMetrics {
  ttlGauge(registry, "client", ttlSeconds);
  const failures = new Counter({
    name: "kubelet_certificate_manager_client_expiration_renew_errors",
    help: "Counter of certificate renewal errors.",
    registers: [registry],
  });
  return { renewalFailed: () => failures.inc(), renewed: () => {} };
}

/** Metrics of the serving certificate. */
export function servingCertificateMetrics(registry: Registry, ttlSeconds: () => number): CertificateMetrics {
  ttlGauge(registry, "server", ttlSeconds);
  const failures = new Counter({
    name: "kubelet_server_expiration_renew_errors",
    help: "Counter of certificate renewal errors.",
    registers: [registry],
  });
  const rotations = new Histogram({
    name: "kubelet_certificate_manager_server_rotation_seconds",
    help: "Histogram of the number of seconds the previous certificate lived before being rotated.",
    buckets: lifetimes,
    registers: [registry],
  });
  return {
    renewalFailed: () => failures.inc(),
    renewed: (livedSeconds) => {
      if (livedSeconds !== undefined) rotations.observe(livedSeconds);
    },
  };
}

function ttlGauge(registry: Registry, whose: "client" | "server", ttlSeconds: () => number): void {
  const _gauge = new Gauge({
    name: `kubelet_certificate_manager_${whose}_ttl_seconds`,
    help: `Seconds until the kubelet's ${whose} certificate expires; negative when it has, +Inf when there is none.`,
    registers: [registry],
    collect() {
      this.set(ttlSeconds());
    },
  });
}
