import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";

/** What browsers are told. */
export const browserFlags = defineFlags({
  "cors-allowed-origins": {
    type: "stringList",
    default: [],
    description:
      "regular expressions of origins whose pages may use the API. Each has to say where the host starts and ends: " +
      "'^' or '//' in front, '$' or ':' behind, as in '//example\\.com(:|$)'",
  },
  "strict-transport-security-directives": {
    type: "stringList",
    default: [],
    description:
      "directives of the HSTS header, which is left out without any: max-age=SECONDS,includeSubDomains,preload",
  },
});

export interface BrowserConfig {
  /** Whether pages of the origin may use the API; undefined where none may. */
  readonly allowsOrigin: ((origin: string) => boolean) | undefined;
  /** The value of `Strict-Transport-Security`; undefined for no such header. */
  readonly strictTransport: string | undefined;
}

/** Throws a FlagError. */
export async function browserConfig(values: FlagValues<typeof browserFlags>): Promise<BrowserConfig> {
  return {
    allowsOrigin: await originMatcher(values["cors-allowed-origins"]),
    strictTransport: strictTransport(values["strict-transport-security-directives"]),
  };
}

const corsFlag = "cors-allowed-origins";

async function originMatcher(patterns: readonly string[]): Promise<BrowserConfig["allowsOrigin"]> {
  if (patterns.length === 0) return undefined;
  const { compileRegex } = await import("@kube-ts/api/cel/regex");
  const compiled = patterns.map((pattern) => {
    if (pattern === "") throw new FlagError(corsFlag, `empty value in --${corsFlag}, help: ${corsHelp}`);
    const problem = pinProblem(pattern);
    try {
      const regex = compileRegex(pattern);
      if (problem === undefined) return regex;
    } catch (error) {
      throw invalidPattern(error instanceof Error ? error.message : String(error));
    }
    throw invalidPattern(problem);
  });
  return (origin) => compiled.some((regex) => regex.test(origin));
}

const corsHelp = browserFlags[corsFlag].description;

function invalidPattern(reason: string): FlagError {
  return new FlagError(corsFlag, `--${corsFlag} has an invalid regular expression: ${reason}, help: ${corsHelp}`);
}

/** A pattern that matches in the middle of a host would let strangers in who have bought a similar name. */
function pinProblem(pattern: string): string | undefined {
  const startsHost = pattern.includes("^") || pattern.includes("//");
  const endsHost = pattern.includes("$") || pattern.includes(":");
  if (startsHost && endsHost) return undefined;
  return "regular expression does not pin to start/end of host in the origin header";
}

const hstsFlag = "strict-transport-security-directives";

function strictTransport(directives: readonly string[]): string | undefined {
  for (const directive of directives) {
    if (directive.trim() === "") throw new FlagError(hstsFlag, `empty value in ${hstsFlag}`);
    if (directive === "includeSubDomains" || directive === "preload" || /^max-age=[^=]*$/.test(directive)) continue;
    throw new FlagError(
      hstsFlag,
      `--${hstsFlag} invalid, allowed values: max-age=expireTime, includeSubDomains, preload. ` +
        "see https://tools.ietf.org/html/rfc6797#section-6.1 for more information",
    );
  }
  return directives.length === 0 ? undefined : directives.join("; ");
}
