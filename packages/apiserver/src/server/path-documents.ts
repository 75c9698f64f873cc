import type { Registry } from "@kube-ts/std/metrics";
import { kubernetesVersion } from "@kube-ts/std/version";
import type { OpenIdDocuments } from "../auth/service-accounts/openid-metadata.ts";
import {
  jwksContentType,
  jwksPath,
  openIdConfigurationContentType,
  openIdConfigurationPath,
  openIdMaxAgeSeconds,
} from "../auth/service-accounts/openid-metadata.ts";
import type { Exchange } from "../endpoints/exchange.ts";
import { plainJson } from "../endpoints/negotiation.ts";
import { sendEncoded } from "../endpoints/respond.ts";
import type { PathRoutes } from "./path-routes.ts";

/** What `/version` says of this build. */
function versionDocument(): object {
  const [major = "", minor = ""] = kubernetesVersion.replace(/^v/, "").split(".");
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: kubernetesVersion,
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: `node ${process.version}`,
    compiler: "none",
    platform: `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`,
  };
}

/** Serves `/version`, `/metrics`, the OpenID documents and the index of paths. */
export function addDocumentRoutes(routes: PathRoutes, metrics: Registry, openId: OpenIdDocuments | undefined): void {
  const version = versionDocument();
  routes.exact("/version", (exchange) => sendJson(exchange, version));
  routes.exact("/metrics", async ({ response }) => {
    const text = await metrics.metrics();
    response.setHeader("Content-Type", metrics.contentType);
    response.end(text);
  });
  if (openId) {
    routes.exact(openIdConfigurationPath, (exchange) =>
      sendCacheable(exchange, openIdConfigurationContentType, openId.configuration),
    );
    routes.exact(jwksPath, (exchange) => sendCacheable(exchange, jwksContentType, openId.jwks));
  }
  routes.exact("/", (exchange) => sendJson(exchange, { paths: routes.paths() }));
}

/** As JSON for people, whatever the client accepts. */
function sendJson(exchange: Exchange, document: object): Promise<void> {
  return sendEncoded(exchange, 200, plainJson, Buffer.from(JSON.stringify(document, null, 2)));
}

function sendCacheable({ response }: Exchange, contentType: string, text: string): void {
  response.setHeader("Content-Type", contentType);
  response.setHeader("Cache-Control", `public, max-age=${openIdMaxAgeSeconds}`);
  response.end(text);
}
