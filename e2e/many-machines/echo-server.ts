import type { ImageRecipe } from "../../deploy/images/root-filesystem.ts";

/** A web server on port 8080 that says who it is and who asked: `/cgi-bin/who` answers `HOST ADDRESS`. */
export const echoImage: ImageRecipe = {
  tag: "kube-ts-lab/echo:v1",
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

/** One echo server per node, also on those of the control plane, and a service for all of them. */
export function echoManifest(name: string, families: readonly ("IPv4" | "IPv6")[]): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: [
      {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: { name },
        spec: {
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: {
              tolerations: [{ operator: "Exists" }],
              terminationGracePeriodSeconds: 5,
              containers: [
                {
                  name: "echo",
                  image: echoImage.tag,
                  ports: [{ containerPort: 8080 }],
                  readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
                },
              ],
            },
          },
        },
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name },
        spec: {
          type: "NodePort",
          selector: { app: name },
          ports: [{ port: 80, targetPort: 8080 }],
          ipFamilyPolicy: "PreferDualStack",
          ipFamilies: families,
        },
      },
    ],
  });
}
