import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../local/command.ts";

/** A file of an image, by its absolute path inside it. */
export interface ImageFile {
  readonly path: string;
  /** Its text, or the file of this machine that it is a copy of. */
  readonly content: string | { readonly copyOf: string };
  /** Octal, such as 0o755. */
  readonly mode: number;
}

/** An image made of Debian's static busybox and a few files. */
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
  "sleep", "sort", "stat", "stty", "tail", "tar", "tee", "test", "touch", "tr", "true", "tty", "uname", "wc", "wget",
  "whoami", "yes",
]; // prettier-ignore

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
    for (const { path, content, mode } of recipe.files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      if (typeof content === "string") writeFileSync(join(root, path), content, { mode });
      else copyFileSync(content.copyOf, join(root, path));
      chmodSync(join(root, path), mode);
    }
    const archive = `${root}.tar`;
    await run("tar", ["--numeric-owner", "--owner=0", "--group=0", "-C", root, "-cf", archive, "."]);
    const changes = recipe.changes.flatMap((change) => ["--change", change]);
    await run("docker", ["import", ...changes, archive, recipe.tag], 120_000);
    rmSync(archive);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
