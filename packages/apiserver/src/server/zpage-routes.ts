import { zpagePaths } from "@kube-ts/std/zpages";
import type { ZPages } from "@kube-ts/std/zpages";
import { resourceNotFound } from "@kube-ts/api/status-error";
import { writeHead } from "../endpoints/respond.ts";
import type { PathRoutes } from "./path-routes.ts";

/** Serves the pages about the process. */
export function addZPageRoutes(routes: PathRoutes, zpages: ZPages): void {
  for (const path of zpagePaths) {
    routes.exact(path, async (exchange) => {
      const { request, response } = exchange;
      const page = await zpages.page(path, request.headers.accept, routes.paths());
      if (!page) throw resourceNotFound();
      writeHead(exchange, page.status, {
        "Content-Type": page.contentType,
        "Content-Length": Buffer.byteLength(page.body),
        "Cache-Control": "no-cache, private",
        ...(page.warning !== undefined && { Warning: page.warning }),
      });
      response.end(page.body);
    });
  }
}
