import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { runDaemon } from "@kube-ts/std/daemon";
import { kubernetesVersion } from "@kube-ts/std/version";
import { configureKubelet } from "./config/kubelet-config.ts";
import { kubeletFlags } from "./config/kubelet-flags.ts";
import { runKubelet } from "./kubelet.ts";

await runDaemon({
  name: "kubelet",
  description: "Runs the pods of one node: those that the API server assigns to it and those in its manifest files.",
  flags: kubeletFlags,
  configure: configureKubelet,
  run: async (config, context) => {
    if (config.kubeconfig === "") {
      await runKubelet(config, undefined, context);
      return;
    }
    const { clock, registry } = context;
    const { qps, burst } = config.api;
    const userAgent = `kubelet/${kubernetesVersion}`;
    const clientConfig = await clientConfigFromFile(config.kubeconfig);
    await using client = createClient(clientConfig, { userAgent, clock, qps, burst, registry });
    await runKubelet(config, client, context);
  },
});
