import { join, relative, resolve } from "node:path";
import { rolldown } from "rolldown";
import type { Plugin } from "rolldown";
import type { Program } from "../../deploy/packages/programs.ts";
import { root } from "../run-program.ts";
import { sourceEdits } from "./source-edits.ts";

/** A program as one file, and what leads from its lines to those of the sources. */
export interface Bundle {
  readonly code: string;
  readonly sourceMap: string;
  /** The files it is made of. */
  readonly modules: readonly string[];
}

/**
 * Bundles a program. What the sources load late is in the file, too, and still runs late. Fails for whatever would be
 * looked for beside the file at run time.
 */
export async function bundleProgram(program: Program): Promise<Bundle> {
  await using build = await rolldown({
    input: join(root, program.source),
    platform: "node",
    plugins: [editSources, requireWhatIsLoaded],
    // The sources are type-checked elsewhere; nothing here depends on the compiler's settings.
    tsconfig: false,
    // Paths that nobody asks for go away with what asks for them.
    treeshake: { manualPureFunctions: ["join", "dirname", "fileURLToPath"] },
    onLog: (level, log) => {
      if (level === "warn" && !(log.code && harmless.has(log.code))) throw new Error(log.message);
    },
  });
  const { output } = await build.generate({
    format: "esm",
    file: `${program.name}.mjs`,
    sourcemap: true,
    codeSplitting: false,
    comments: false,
    keepNames: true,
  });
  const chunk = output.find((part) => part.type === "chunk");
  const map = chunk?.map;
  if (!chunk || !map) throw new Error(`${program.name} did not become one file with its source map`);
  const [lost] = new RegExp(`${besideSource}[^"]*`).exec(chunk.code) ?? [];
  if (lost !== undefined) throw new Error(`${program.name} looks for files beside ${lost}, which a bundle cannot`);
  const { version, sources, names, mappings } = map;
  const paths = sources.map((source) => relative(root, resolve(root, source)));
  const modules = Object.keys(chunk.modules);
  return {
    code: asciiOnly(chunk.code),
    modules,
    sourceMap: JSON.stringify({ version, file: chunk.fileName, sources: paths, names, mappings }),
  };
}

/** Warnings about what libraries do on purpose. */
const harmless: ReadonlySet<string> = new Set(["CIRCULAR_DEPENDENCY", "EVAL"]);

const editSources: Plugin = {
  name: "edit-sources",
  transform(code, id) {
    const edit = sourceEdits.find(({ module }) => id.endsWith(module));
    return edit && { code: edit.edit(code, id), map: null };
  },
};

/** Stands for a place that only the checkout has. */
const besideSource = "checkout://";

const ownSource = /\/(packages|deploy)\/[^?]*\.ts$/;

/** `createRequire` hides from the bundler what is loaded; `require` runs late just so, and is seen. */
const requireWhatIsLoaded: Plugin = {
  name: "require-what-is-loaded",
  transform: {
    filter: { id: ownSource, code: /import\.meta/ },
    handler(code, id) {
      const edited = code
        .replace(/^const load = createRequire\(import\.meta\.url\);$/m, "")
        .replaceAll(/\bload\(("[^"]+")\)/g, "require($1)")
        .replaceAll(/createRequire\(import\.meta\.url\)\(("[^"]+")\)/g, "require($1)");
      return {
        code: edited.replaceAll("import.meta.url", JSON.stringify(besideSource + relative(root, id))),
        map: null,
      };
    },
  },
};

/**
 * V8 keeps a source with any character beyond Latin-1 in twice the memory: such characters are written as escapes, which
 * mean the same wherever they may stand but in `String.raw`.
 */
function asciiOnly(code: string): string {
  return code.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
