import { clientConfigFromFile, inClusterConfig } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { runDaemon } from "@kube-ts/std/daemon";
import { systemSysctl } from "@kube-ts/std/sysctl";
import { kubernetesVersion } from "@kube-ts/std/version";
import { cleanUpHost } from "./cleanup.ts";
import type { ClientSettings } from "./config/proxy-config.ts";
import { configureProxy, proxyFlags } from "./config/proxy-flags.ts";
import { runProxy } from "./kube-proxy.ts";

await runDaemon({
  name: "kube-proxy",
  description: "Leads packets to the addresses of Services on this node, with iptables rules.",
  flags: proxyFlags,
  configure: configureProxy,
  run: async (config, context) => {
    const { clock, log, registry, signal } = context;
    if (config.cleanup) {
      await cleanUpHost(systemSysctl, log, signal);
      return;
    }
    const { qps, burst } = config.client;
    const userAgent = `kube-proxy/${kubernetesVersion}`;
    await using client = createClient(await clientConfig(config.client), {
      userAgent,
      clock,
      qps,
      burst,
      registry,
      log,
    });
    await runProxy(config, client, context);
  },
});

function clientConfig({ kubeconfig, master }: ClientSettings) {
  if (kubeconfig === "") return inClusterConfig(process.env);
  return clientConfigFromFile(kubeconfig, master === "" ? {} : { server: master });
}
