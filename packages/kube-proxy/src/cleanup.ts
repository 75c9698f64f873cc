import type { Logger } from "@kube-ts/std/log";
import { ensureSysctl, type Sysctl } from "@kube-ts/std/sysctl";
import { findIptables } from "./host.ts";
import { hasLoopbackGuard } from "./writer/plan-changes.ts";
import { cleanTables } from "./writer/rule-writer.ts";
import { routeLocalnet } from "./writer/route-localnet.ts";

/**
 * Removes everything that the proxy has put on this host. Routing of loopback addresses goes first: without the
 * rule that guards it, neighbours could reach what listens on 127.0.0.1.
 */
export async function cleanUpHost(sysctl: Sysctl, log: Logger, signal: AbortSignal): Promise<void> {
  for (const iptables of await findIptables(log, signal)) {
    const removed = await cleanTables(
      iptables,
      async (saved) => {
        if (!hasLoopbackGuard(saved)) return;
        if (await ensureSysctl(sysctl, routeLocalnet, "0")) log.info("turned off routing of loopback addresses");
      },
      signal,
    );
    log.info("removed the rules of the proxy", { family: iptables.family, chains: removed.length });
  }
}
