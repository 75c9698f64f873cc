import type { Check, Outcome } from "../check.ts";
import { fail, pass, skip, some, warn } from "../check.ts";
import type { CertificateFacts, MachineView } from "../machine-view.ts";

const dayMs = 24 * 3_600_000;
const warnDays = 30;

function check(
  id: string,
  title: string,
  decide: (certificates: readonly CertificateFacts[], renew: string, nowMs: number) => Outcome,
): Check<MachineView> {
  return {
    id,
    title,
    decide: ({ certificates, advice, clock }) =>
      certificates.length === 0
        ? skip("there are no certificates yet")
        : decide(certificates, advice.renewCertificates, clock.nowMs),
  };
}

function validity(certificates: readonly CertificateFacts[], renew: string, nowMs: number): Outcome {
  const early = certificates.filter(({ notBeforeMs }) => notBeforeMs > nowMs);
  if (early.length > 0) return fail(`not valid yet: ${paths(early)}`, "set the clock");
  const over = certificates.filter(({ notAfterMs }) => notAfterMs <= nowMs);
  if (over.length > 0) return fail(`expired: ${paths(over)}`, renew);
  const soon = certificates.filter(({ notAfterMs }) => notAfterMs - nowMs < warnDays * dayMs);
  if (soon.length > 0) return warn(`less than ${warnDays} days left: ${paths(soon)}`, renew);
  const least = Math.min(...certificates.map(({ notAfterMs }) => notAfterMs - nowMs));
  return pass(`${Math.floor(least / dayMs)} days at least`);
}

const paths = (certificates: readonly CertificateFacts[]) => some(certificates.map(({ path }) => path));

export const certificateChecks: readonly Check<MachineView>[] = [
  check("certificate validity", "certificates are valid for a while", validity),
  check("certificate authorities", "certificates are signed by their authorities", (certificates, renew) => {
    const strange = certificates.filter(({ isSigned }) => !isSigned);
    return strange.length === 0 ? pass() : fail(paths(strange), renew);
  }),
  check("certificate keys", "keys belong to their certificates", (certificates, renew) => {
    const strange = certificates.filter(({ keyMatches }) => keyMatches === false);
    return strange.length === 0 ? pass() : fail(paths(strange), renew);
  }),
  check("certificate names", "servers' certificates have the names they are asked for", (certificates, renew) => {
    const faults = certificates
      .filter(({ missingNames }) => missingNames.length > 0)
      .map(({ path, missingNames }) => `${path} lacks ${some(missingNames)}`);
    return faults.length === 0 ? pass() : fail(some(faults, 2), renew);
  }),
  {
    id: "certificate bundles",
    title: "no second authority is trusted",
    decide: ({ bundles, hasCluster }) => {
      if (!hasCluster) return skip("there is no cluster");
      return bundles.length === 0
        ? pass()
        : warn(
            `an authority takes over from another: ${some(bundles)}`,
            "when all certificates are of the new one: remove the file, and `kube-ts install`",
          );
    },
  },
];
