/** The device of the mount that holds a path, from the text of `/proc/self/mountinfo`; empty when none does. */
export function mountSource(mountInfo: string, path: string): string {
  let source = "";
  let longest = -1;
  for (const line of mountInfo.split("\n")) {
    const [left = "", right = ""] = line.split(" - ");
    const mountPoint = left.split(" ")[4] ?? "";
    const inside = mountPoint === "/" || path === mountPoint || path.startsWith(`${mountPoint}/`);
    if (mountPoint === "" || !inside || mountPoint.length < longest) continue;
    longest = mountPoint.length;
    source = right.split(" ")[1] ?? "";
  }
  return source;
}
