import type { ImageRecipe } from "./root-filesystem.ts";

const path = 'ENV PATH="/bin"';

/** Holds a pod's namespaces: does nothing, reaps orphans, ends when told to. */
export const pauseImage: ImageRecipe = {
  tag: "kube-ts/pause:v1",
  files: [
    {
      path: "/pause",
      mode: 0o755,
      content: `#!/bin/sh
trap 'exit 0' TERM INT
while :; do
  sleep 2147483647 &
  wait $!
done
`,
    },
  ],
  changes: [path, 'ENTRYPOINT ["/pause"]'],
};

/**
 * A web server on port 8080 that answers with its version and host name. When told to end it serves on for a
 * moment, until no one sends it requests any more.
 */
function demoImage(version: string): ImageRecipe {
  return {
    tag: `kube-ts/demo:${version}`,
    files: [
      {
        path: "/serve",
        mode: 0o755,
        content: `#!/bin/sh
mkdir -p /tmp/www
echo "${version} $(hostname)" >/tmp/www/index.html
httpd -f -p 8080 -h /tmp/www &
server=$!
trap 'sleep 4; kill $server; exit 0' TERM INT
echo "serving ${version} on port 8080"
while :; do
  wait $server
  kill -0 $server 2>/dev/null || exit 1
done
`,
      },
    ],
    changes: [path, "EXPOSE 8080", 'ENTRYPOINT ["/serve"]'],
  };
}

export const demoImages: readonly ImageRecipe[] = [demoImage("v1"), demoImage("v2")];
