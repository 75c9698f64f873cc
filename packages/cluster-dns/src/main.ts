import { clientConfigFromFile, inClusterConfig } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { runDaemon } from "@kube-ts/std/daemon";
import { kubernetesVersion } from "@kube-ts/std/version";
import { runClusterDns } from "./cluster-dns.ts";
import { configureDns, dnsFlags } from "./dns-flags.ts";

await runDaemon({
  name: "cluster-dns",
  description: "Answers DNS questions: names of the cluster from its Services, all others by asking other servers.",
  flags: dnsFlags,
  configure: configureDns,
  run: async (config, context) => {
    const { kubeconfig } = config;
    const clientConfig =
      kubeconfig === "" ? await inClusterConfig(process.env) : await clientConfigFromFile(kubeconfig);
    const { clock, registry } = context;
    await using client = createClient(clientConfig, { userAgent: `cluster-dns/${kubernetesVersion}`, clock, registry });
    await runClusterDns(config, client, context);
  },
});
