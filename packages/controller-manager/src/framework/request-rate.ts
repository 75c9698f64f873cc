/** By what a controller's share of requests is larger than `--kube-api-qps` and `--kube-api-burst`. */
export interface RateFactors {
  readonly qps: number;
  readonly burst: number;
}

export interface RequestRate {
  readonly qps: number;
  readonly burst: number;
}

/** The rate of one controller's client. */
export function requestRate({ qps, burst }: RequestRate, factors: RateFactors = { qps: 1, burst: 1 }): RequestRate {
  return { qps: qps * factors.qps, burst: burst * factors.burst };
}
