import { createHash } from "node:crypto";
import { buildImage } from "../../deploy/images/root-filesystem.ts";
import type { ImageRecipe } from "../../deploy/images/root-filesystem.ts";
import { succeeds } from "../../deploy/local/command.ts";

const content: Omit<ImageRecipe, "tag"> = {
  files: [
    {
      path: "/www/cgi-bin/who",
      mode: 0o755,
      content: "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\necho \"$(hostname) $REMOTE_ADDR\"\n",
    },
    {
      path: "/serve",
      mode: 0o755,
      content: `#!/bin/sh
echo ok >/www/index.html
httpd -f -p 8080 -h /www &
server=$!
# Requests come until everybody knows that this server ends.
trap 'sleep 3; kill $server; exit 0' TERM INT
while :; do
  wait $server
  kill -0 $server 2>/dev/null || exit 1
done
`,
    },
  ],
  changes: ['ENV PATH="/bin"', "EXPOSE 8080", 'ENTRYPOINT ["/serve"]'],
};

const digest = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 12);

/** A web server on port 8080 that says who it is and who asked: `/cgi-bin/who` answers `HOST ADDRESS`. */
export const echoImage: ImageRecipe = { tag: `kube-ts-lab/echo:${digest}`, ...content };

/** Builds the image unless this computer's engine has it. */
export async function ensureEchoImage(): Promise<void> {
  if (!(await succeeds("docker", ["image", "inspect", echoImage.tag]))) await buildImage(echoImage);
}

/** Where echo servers run: one on each of these nodes, or so many wherever there is room, spread over the nodes. */
export type EchoPlacement = { readonly nodes: readonly string[] } | { readonly replicas: number };

/** Echo servers of both address families where the cluster has them, and a service for them. */
export function echoManifest(name: string, placement: EchoPlacement): string {
  const labels = { app: name };
  const spec = {
    // A pod of a dead node is replaced soon.
    tolerations: ["not-ready", "unreachable"].map((taint) => ({
      key: `node.kubernetes.io/${taint}`,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: 5,
    })),
    terminationGracePeriodSeconds: 5,
    containers: [
      {
        name: "echo",
        image: echoImage.tag,
        ports: [{ containerPort: 8080 }],
        readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
      },
    ],
  };
  const items = [
    ...("nodes" in placement
      ? placement.nodes.map((nodeName) => ({
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: `${name}-${nodeName}`, labels },
          spec: { ...spec, nodeName },
        }))
      : [deployment(name, placement.replicas, spec)]),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: {
        type: "NodePort",
        selector: labels,
        ports: [{ port: 80, targetPort: 8080 }],
        ipFamilyPolicy: "PreferDualStack",
      },
    },
  ];
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

function deployment(name: string, replicas: number, podSpec: object): object {
  const labelSelector = { matchLabels: { app: name } };
  const topologySpreadConstraints = [
    { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", labelSelector },
  ];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      selector: labelSelector,
      template: { metadata: { labels: { app: name } }, spec: { ...podSpec, topologySpreadConstraints } },
    },
  };
}
