import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { buildPackages, bundlePrograms } from "./package/build-packages.ts";
import type { Architecture } from "./package/node-runtime.ts";
import { root } from "./run-program.ts";

/**
 * Builds the Debian packages:
 *
 *     npm run package -- [--output DIRECTORY] [--revision N] [--arch amd64|arm64]
 *
 * SOURCE_DATE_EPOCH stands in for the commit's time where there is no repository.
 */
const { values } = parseArgs({
  options: {
    output: { type: "string", default: join(root, "dist") },
    revision: { type: "string", default: "1" },
    arch: { type: "string" },
  },
});
const say = (text: string) => void process.stdout.write(`${text}\n`);
const start = performance.now();
const paths = await buildPackages({
  bundles: await bundlePrograms(say),
  output: values.output,
  revision: revision(values.revision),
  ...(values.arch !== undefined && { architecture: architecture(values.arch) }),
  ...(process.env["SOURCE_DATE_EPOCH"] !== undefined && { sourceDateEpoch: Number(process.env["SOURCE_DATE_EPOCH"]) }),
});
for (const path of paths) say(`${basename(path)}: ${(statSync(path).size / 1e6).toFixed(1)} MB`);
say(`${paths.length} packages in ${((performance.now() - start) / 1000).toFixed(0)} s: ${values.output}`);

function revision(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new Error(`--revision is a number from 1, not ${text}`);
  return Number(text);
}

function architecture(text: string): Architecture {
  if (text !== "amd64" && text !== "arm64") throw new Error(`--arch is amd64 or arm64, not ${text}`);
  return text;
}
