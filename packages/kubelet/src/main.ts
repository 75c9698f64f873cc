import type { ClientConfig } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { runDaemon } from "@kube-ts/std/daemon";
import { kubernetesVersion } from "@kube-ts/std/version";
import { clientIdentity } from "./certificates/client-identity.ts";
import { clientRotation } from "./certificates/client-rotation.ts";
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
    const { clock, registry, log } = context;
    const { qps, burst } = config.api;
    const userAgent = `kubelet/${kubernetesVersion}`;
    const connect = (to: ClientConfig) => createClient(to, { userAgent, clock, qps, burst, registry, log });
    const { kubeconfig, bootstrapKubeconfig, certDirectory, rotateCertificates: rotate, nodeName } = config;
    const options = { ...context, kubeconfig, bootstrapKubeconfig, certDirectory, rotate, nodeName, connect };
    const identity = await clientIdentity(options, context.signal);
    await using client = connect(identity.config);
    const rotation = rotate ? clientRotation(identity, client, options) : undefined;
    await runKubelet(config, client, context, rotation);
  },
});
