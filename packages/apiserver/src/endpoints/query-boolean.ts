/**
 * A boolean of a query as upstream reads it: only `false`, in any case, and `0` are false, and even an empty value is true.
 * Undefined when the query has none.
 */
export function readBoolean(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  return text === null ? undefined : text !== "0" && text.toLowerCase() !== "false";
}
