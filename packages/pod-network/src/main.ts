import { clientConfigFromFile, inClusterConfig } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { runDaemon } from "@kube-ts/std/daemon";
import { kubernetesVersion } from "@kube-ts/std/version";
import { agentFlags, configureAgent } from "./agent-flags.ts";
import { runAgent } from "./pod-network-agent.ts";

await runDaemon({
  name: "pod-network-agent",
  description:
    "Keeps this node's part of the pod network: routes or an overlay to the other nodes, and the CNI network.",
  flags: agentFlags,
  configure: configureAgent,
  run: async (config, context) => {
    const { kubeconfig } = config;
    const clientConfig =
      kubeconfig === "" ? await inClusterConfig(process.env) : await clientConfigFromFile(kubeconfig);
    const { clock, registry } = context;
    const userAgent = `pod-network-agent/${kubernetesVersion}`;
    await using client = createClient(clientConfig, { userAgent, clock, registry });
    await runAgent(config, client, context);
  },
});
