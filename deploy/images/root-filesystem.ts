import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../local/command.ts";
import { sharedLibraries } from "./shared-libraries.ts";

/** A file of an image, by its absolute path inside it. */
export interface ImageFile {
  readonly path: string;
  /** Its text, or the file of this machine that it is a copy of. */
  readonly content: string | { readonly copyOf: string };
  /** Octal, such as 0o755. */
  readonly mode: number;
}

/** An image made of this machine's busybox, the libraries that it needs, and a few files. */
export interface ImageRecipe {
  readonly tag: string;
  readonly files: readonly ImageFile[];
  /** Dockerfile instructions: ENTRYPOINT, EXPOSE, … */
  readonly changes: readonly string[];
}

const busybox = "/bin/busybox";
const applets = [
  "sh", "cat", "chmod", "cp", "cut", "date", "dd", "echo", "env", "false", "grep", "head", "hostname", "httpd", "id", "ip",
  "kill", "ln", "ls", "mkdir", "mktemp", "mv", "nc", "nslookup", "ping", "printf", "ps", "pwd", "rm", "sed", "seq",
  "sleep", "sort", "stat", "stty", "tail", "tar", "tee", "test", "timeout", "touch", "tr", "true", "tty", "uname", "wc", "whoami",
  "yes",
]; // prettier-ignore

/**
 * A wget that can be given a time limit: Debian's busybox crashes when its own is. The shell of a busybox that is linked
 * statically calls its own all the same.
 */
const wget: ImageFile = {
  path: "/bin/wget",
  mode: 0o755,
  content: `#!/bin/sh
limit=
is_limit=
for word in "$@"; do
  shift
  if [ -n "$is_limit" ]; then
    limit=$word
    is_limit=
    continue
  fi
  case $word in
    --timeout) is_limit=1 ;;
    --timeout=*) limit=\${word#*=} ;;
    -T* | -[cqS]T* | -[cqS][cqS]T*)
      limit=\${word#*T}
      [ -n "$limit" ] || is_limit=1
      [ "\${word%%T*}" = - ] || set -- "$@" "\${word%%T*}"
      ;;
    *) set -- "$@" "$word" ;;
  esac
done
[ -n "$limit" ] || exec busybox wget "$@"
timeout "$limit" busybox wget "$@"
code=$?
[ "$code" -ne 143 ] || { echo 'wget: download timed out' >&2; exit 1; }
exit "$code"
`,
};

/** What an image was made of: where this differs, it would become another one. */
export const recipeLabel = "kube-ts.recipe";

export function recipeDigest({ files, changes }: ImageRecipe): string {
  const hash = createHash("sha256").update(readFileSync(busybox));
  return hash.update(JSON.stringify([applets, wget, files, changes])).digest("hex");
}

/** Builds the image into the engine, without any registry. */
export async function buildImage(recipe: ImageRecipe): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "kube-ts-image-"));
  try {
    for (const directory of ["bin", "dev", "etc", "proc", "root", "sys", "tmp", "var/run", "usr"]) {
      mkdirSync(join(root, directory), { recursive: true });
    }
    chmodSync(join(root, "tmp"), 0o1777);
    cpSync(busybox, join(root, "bin", "busybox"));
    for (const applet of applets) symlinkSync("busybox", join(root, "bin", applet));
    writeFileSync(
      join(root, "etc", "passwd"),
      "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    );
    writeFileSync(join(root, "etc", "group"), "root:x:0:\nnobody:x:65534:\n");
    const libraries = sharedLibraries(busybox).map((path) => ({ path, content: { copyOf: path }, mode: 0o755 }));
    for (const file of [...libraries, wget, ...recipe.files]) addFile(root, file);
    const archive = `${root}.tar`;
    await run("tar", [
      "--sort=name",
      "--mtime=@0",
      "--numeric-owner",
      "--owner=0",
      "--group=0",
      "-C",
      root,
      "-cf",
      archive,
      ".",
    ]);
    const changes = [...recipe.changes, `LABEL ${recipeLabel}=${recipeDigest(recipe)}`].flatMap((change) => [
      "--change",
      change,
    ]);
    await run("docker", ["import", ...changes, archive, recipe.tag], 120_000);
    rmSync(archive);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function addFile(root: string, { path, content, mode }: ImageFile): void {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  if (typeof content === "string") writeFileSync(target, content, { mode });
  else copyFileSync(content.copyOf, target);
  chmodSync(target, mode);
}
