import { UsageError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";

/** Each script asks `__complete` with the words so far; what it prints after a tab is a description. */
const scripts: Readonly<Record<string, string>> = {
  bash: `# bash completion for kubectl
__kubectl_complete() {
  local line candidate
  COMPREPLY=()
  while IFS= read -r line; do
    candidate="\${line%%$'\\t'*}"
    case "$candidate" in
      :*) ;;
      "") ;;
      *) COMPREPLY+=("$candidate") ;;
    esac
  done < <("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  case "\${COMPREPLY[0]:-}" in
    *=) compopt -o nospace 2>/dev/null ;;
  esac
}
complete -o default -F __kubectl_complete kubectl
`,
  fish: `# fish completion for kubectl
function __kubectl_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete $words[2..-1] 2>/dev/null | string match -v ':*'
end
complete -c kubectl -e
complete -c kubectl -f -a '(__kubectl_complete)'
`,
  zsh: `#compdef kubectl
compdef _kubectl kubectl
# zsh completion for kubectl
_kubectl() {
  local -a candidates
  local line
  while IFS= read -r line; do
    case "$line" in
      :*|"") ;;
      *) candidates+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  compadd -- "\${candidates[@]}" || _files
}
if [ "$funcstack[1]" = "_kubectl" ]; then
  _kubectl
fi
`,
};

export const command = defineCommand({
  usage: "SHELL",
  description:
    "Output shell completion code for the specified shell (bash, zsh or fish). The shell code must be evaluated to provide interactive completion of kubectl commands.",
  examples: `  # Load the kubectl completion code for bash into the current shell
  source <(kubectl completion bash)
  # Load the kubectl completion code for zsh into the current shell
  source <(kubectl completion zsh)
  # Load the kubectl completion code for fish into the current shell
  kubectl completion fish | source`,
  flags: {},
  run: async (session, { positional }) => {
    const [shell] = positional;
    if (shell === undefined) throw new UsageError("Shell not specified.");
    if (positional.length > 1) throw new UsageError("Too many arguments. Expected only the shell type.");
    const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
    if (script === undefined) throw new UsageError(`Unsupported shell type ${JSON.stringify(shell)}.`);
    await session.terminal.write(script);
  },
});
