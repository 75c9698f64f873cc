import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { readBody } from "../endpoints/body.ts";
import type { Exchange } from "../endpoints/exchange.ts";
import type { PathRequest } from "../endpoints/request-info.ts";
import { sendText, writeHead } from "../endpoints/respond.ts";
import type { PathRoutes } from "./path-routes.ts";

const compress = promisify(gzip);
const defaultSeconds = { profile: 30, heap: 5 } as const;
const maxSeconds = 600;

type ProfileName = keyof typeof defaultSeconds;

/** Serves `/debug/pprof/…` and `/debug/flags/v` to those who may ask for them. */
export function addDebugRoutes(routes: PathRoutes, log: Logger, clock: Clock): void {
  const profiles = new Profiles(clock);
  routes.exact("/debug/pprof", (exchange) => serveIndex(exchange));
  for (const name of ["profile", "heap"] as const) {
    routes.exact(`/debug/pprof/${name}`, (exchange, info) => profiles.serve(exchange, info, name));
  }
  routes.exact("/debug/pprof/cmdline", (exchange) => sendText(exchange, 200, process.argv.join("\0")));
  routes.anyMethod("/debug/flags/v", (exchange, info) => serveVerbosity(exchange, info, log));
}

function serveIndex(exchange: Exchange): void {
  sendText(
    exchange,
    200,
    [
      "/debug/pprof/",
      "",
      "cmdline: The command line invocation of the current program",
      "heap: Memory taken within ?seconds= that is still in use at the end of that time",
      "profile: CPU profile. You can specify the duration in the seconds GET parameter. After you get the profile file, " +
        "use the go tool pprof command to investigate the profile.",
      "",
    ].join("\n"),
  );
}

/** Takes one profile at a time: two would see each other. */
class Profiles {
  readonly #clock: Clock;
  #isTaking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async serve(exchange: Exchange, { query }: PathRequest, name: ProfileName): Promise<void> {
    const given = Number(query.get("seconds") ?? "");
    const seconds = given > 0 ? Math.min(given, maxSeconds) : defaultSeconds[name];
    if (this.#isTaking) {
      sendText(exchange, 500, `Could not enable ${name} profiling: profiling already in use\n`);
      return;
    }
    this.#isTaking = true;
    try {
      // Only few servers are ever asked.
      const { takeCpuProfile, takeHeapProfile } = await import("./profiling/take-profile.ts");
      const take = name === "profile" ? takeCpuProfile : takeHeapProfile;
      const body = await compress(await take(seconds * 1000, this.#clock, exchange.signal));
      writeHead(exchange, 200, {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": `attachment; filename="${name}"`,
        "X-Content-Type-Options": "nosniff",
        "Content-Length": body.length,
      });
      exchange.response.end(body);
    } finally {
      this.#isTaking = false;
    }
  }
}

const maxVerbosity = 2 ** 31 - 1;

async function serveVerbosity(exchange: Exchange, { verb }: PathRequest, { verbosity }: Logger): Promise<void> {
  if (verb !== "put") return sendText(exchange, 406, "unsupported http method");
  const text = (await readBody(exchange.request, exchange.signal)).toString();
  if (!/^[+-]?\d+$/.test(text) || Math.abs(Number(text)) > maxVerbosity || !verbosity) {
    const reason = `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;
    return sendText(exchange, 400, `failed set klog.logging.verbosity ${text}: ${reason}`);
  }
  verbosity.level = Number(text);
  return sendText(exchange, 200, `successfully set klog.logging.verbosity to ${text}`);
}
