import type { ClusterView } from "../cluster-view.ts";
import type { EffectiveFlags } from "../effective-flags.ts";
import type { Verdict } from "./cis-check.ts";

const publicPaths = new Set(["/livez", "/readyz", "/healthz", "/version"]);

/** Anonymous requests are refused, or answered about health and version only. */
export function anonymousVerdict(flags: EffectiveFlags, { authentication }: ClusterView): Verdict {
  const anonymous = anonymousOf(authentication);
  if (!anonymous) return flags.text("anonymous-auth") === "false" ? "ok" : { fault: "--anonymous-auth is true" };
  if (anonymous.enabled !== true) return "ok";
  const paths = (anonymous.conditions ?? []).map(({ path = "" }) => path);
  const others = paths.filter((path) => !publicPaths.has(path));
  if (paths.length > 0 && others.length === 0) return { ok: `at ${paths.join(", ")} only` };
  return { fault: paths.length === 0 ? "anonymous requests may go anywhere" : `may also go to ${others.join(", ")}` };
}

interface Anonymous {
  readonly enabled?: boolean;
  readonly conditions?: readonly { readonly path?: string }[];
}

function anonymousOf(configuration: unknown): Anonymous | undefined {
  if (typeof configuration !== "object" || configuration === null || !("anonymous" in configuration)) return undefined;
  return configuration.anonymous ?? undefined;
}
