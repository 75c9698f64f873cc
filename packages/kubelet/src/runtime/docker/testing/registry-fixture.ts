import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";

/** A registry on loopback with one image `app:v1`, which wants a user and password; `slow:v1` never answers. */
export interface RegistryFixture extends AsyncDisposable {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

export async function startRegistryFixture(): Promise<RegistryFixture> {
  const [username, password] = ["puller", "secret"];
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const archive = pack();
  archive.entry({ name: "file" }, "content");
  archive.finalize();
  const plainLayer = await buffer(archive);
  const layer = gzipSync(plainLayer);
  const config = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: { User: "1234:0" },
      rootfs: { type: "layers", diff_ids: [digest(plainLayer)] },
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.docker.distribution.manifest.v2+json",
      config: descriptor("application/vnd.docker.container.image.v1+json", config),
      layers: [descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)],
    }),
  );
  const blobs = new Map([config, layer].map((blob) => [digest(blob), blob]));
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (request.headers.authorization !== expected) {
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="test"', "Content-Type": "application/json" });
      response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
      return;
    }
    if (path === "/v2/") return void response.end("{}");
    if (path.startsWith("/v2/slow/")) return;
    const manifestRequest = /^\/v2\/app\/manifests\/(.+)$/.exec(path)?.[1];
    const blob = blobs.get(/^\/v2\/app\/blobs\/(.+)$/.exec(path)?.[1] ?? "");
    if (manifestRequest === "v1" || manifestRequest === digest(manifest)) {
      response.writeHead(200, {
        "Content-Type": "application/vnd.docker.distribution.manifest.v2+json",
        "Docker-Content-Digest": digest(manifest),
        "Content-Length": manifest.length,
      });
      response.end(request.method === "HEAD" ? undefined : manifest);
    } else if (blob) {
      response.writeHead(200, { "Content-Length": blob.length });
      response.end(blob);
    } else {
      response.writeHead(404, { "Content-Type": "application/json" });
      response.end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    username,
    password,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function digest(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function descriptor(mediaType: string, bytes: Buffer) {
  return { mediaType, size: bytes.length, digest: digest(bytes) };
}
