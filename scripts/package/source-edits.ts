import { globSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What a module that looks for files beside itself becomes in a bundle, which has none. */
export interface SourceEdit {
  /** The end of the module's path. */
  readonly module: string;
  /** The new source. Throws when the module is not as this edit expects it. */
  edit(source: string, path: string): string;
}

const throwing = (what: string) => () => `module.exports = () => { throw new Error(${JSON.stringify(what)}); };\n`;

export const sourceEdits: readonly SourceEdit[] = [
  // Containers are reached through the engine's socket, never through SSH, and images are not built with its sessions:
  // with these two go their libraries, one of which looks for compiled code.
  { module: "/docker-modem/lib/ssh.js", edit: throwing("the engine cannot be reached through SSH") },
  { module: "/dockerode/lib/session.js", edit: throwing("sessions with the engine's builder are not supported") },
  { module: "/dockerode/lib/buildkit.js", edit: throwing("progress of the engine's builder is not supported") },
  // Handlers read bodies themselves; this would bring tables of all character sets.
  { module: "/body-parser/lib/read.js", edit: throwing("express does not read bodies here") },
  { module: "/etcd3/lib/connection-pool.js", edit: embedEtcdDescriptors },
  {
    // Nothing is configured by a package.json above the working directory.
    module: "/yargs/lib/platform-shims/esm.mjs",
    edit: (source) => replaceOnce(source, "mainFilename: mainFilename || process.cwd()", 'mainFilename: "/"'),
  },
  { module: "/packages/api/src/schema-registry.ts", edit: tabulateDocs },
];

/** The package definition is read from a text at start; its parsed form goes into the bundle. */
function embedEtcdDescriptors(source: string, path: string): string {
  const load = createRequire(path);
  const protobuf = createRequire(load.resolve("@grpc/proto-loader"))("protobufjs") as {
    loadSync(path: string, options?: object): { toJSON(): unknown };
  };
  const file = join(dirname(path), "..", "proto", "rpc.proto");
  const descriptors = JSON.stringify(protobuf.loadSync(file).toJSON());
  const call = "(0, proto_loader_1.loadSync)(`${__dirname}/../proto/rpc.proto`, {";
  return replaceOnce(source, call, `(0, proto_loader_1.fromJSON)(JSON.parse(${JSON.stringify(descriptors)}), {`);
}

function replaceOnce(source: string, text: string, replacement: string): string {
  if (source.split(text).length !== 2) throw new Error(`expected once in a bundled module: ${text}`);
  return source.replace(text, () => replacement);
}

const docsImport = /import\(`\.\.\/gen\/\$\{source\.directory\}\.docs\.json`, \{\s*with: \{ type: "json" \},\s*\}\)/;

/** Tables whose names are known at run time only become a list of all of them, each read on first use. */
function tabulateDocs(source: string, path: string): string {
  const suffix = ".docs.json";
  const files = globSync(`**/*${suffix}`, { cwd: join(dirname(path), "..", "gen") }).toSorted();
  const tables = files.map(
    (file) => `${JSON.stringify(file.slice(0, -suffix.length))}: () => import(${JSON.stringify(`../gen/${file}`)})`,
  );
  if (!docsImport.test(source)) throw new Error(`${path} no longer imports its tables as the bundle expects`);
  const load = `({ ${tables.join(", ")} } as Record<string, () => Promise<{ default: DocTable }>>)[source.directory]!()`;
  return source.replace(docsImport, () => load);
}
