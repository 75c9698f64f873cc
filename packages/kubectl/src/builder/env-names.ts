import { regexError } from "@kube-ts/api/names";

const pattern = "[-._a-zA-Z][-._a-zA-Z0-9]*";
const expression = new RegExp(`^${pattern}$`);

/** What keeps a text from being a variable's name on the command line, which is stricter than the API. */
export function environmentNameErrors(name: string): string[] {
  if (expression.test(name)) return [];
  const problem =
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit";
  return [regexError(problem, pattern, "my.env-name", "MY_ENV.NAME", "MyEnvName1")];
}
