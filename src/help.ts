/** `ssh-mcp --help`. */
export const help = `Usage: ssh-mcp [options]            serve MCP over stdio
       ssh-mcp trust HOST [--yes]   show a host's key and record it in known_hosts
       ssh-mcp doctor HOST          explain step by step how connecting to a host goes, or why not
       ssh-mcp demo                 start the embedded lab, drive it, print the conversation
       ssh-mcp schema               print the JSON Schema of hosts.yaml

Options:
  --config FILE   the inventory (default: $SSH_MCP_CONFIG, ./hosts.yaml, ~/.config/ssh-mcp/hosts.yaml)
  --lab           add lab-sh: your own shell on this machine behind an embedded SSH server
  --yes           trust: record the key without asking
  --version       print the version
  --help          print this
`;

/** Said on stderr when a person starts the server at a terminal. */
export const atTerminal = `ssh-mcp is an MCP server: it speaks JSON-RPC on stdin and stdout, and is started by an agent's client.
Register it there, for example:
  claude mcp add ssh -- ssh-mcp
  codex mcp add ssh -- ssh-mcp
To see what it does right here: ssh-mcp demo. All options: ssh-mcp --help. Ctrl-C ends it.
`;
