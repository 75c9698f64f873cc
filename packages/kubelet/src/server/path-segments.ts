/** The decoded segments of a path after its first, which must be `first`; undefined for another path. */
export function pathSegments(path: string, first: string): readonly string[] | undefined {
  const [empty, head, ...rest] = path.split("/");
  if (empty !== "" || head !== first) return undefined;
  try {
    return rest.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
