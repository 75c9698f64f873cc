/**
 * What is wrong with a text that is no JSON, in Go's words where they are known. Of the text itself, which may hold
 * secrets, at most one character is repeated.
 */
export function jsonProblem({ message }: Error): string {
  if (/^(?:Unexpected end|Unterminated string)/.test(message)) return "unexpected end of JSON input";
  const unexpected = /^Unexpected token '([\s\S]+?)', /.exec(message)?.[1];
  return unexpected === undefined ? message : `invalid character '${unexpected}' looking for beginning of value`;
}
