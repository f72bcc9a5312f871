/** `ssh-mcp --help`. */
export const help = `Usage: ssh-mcp [options]            serve MCP over stdio
       ssh-mcp trust HOST [--yes]   show a host's key and record it in known_hosts
       ssh-mcp doctor HOST          explain step by step how connecting to a host goes, or why not
       ssh-mcp devices list         the network platforms there are profiles for
       ssh-mcp devices show PLATFORM                 a profile, merged with what it extends
       ssh-mcp devices test PLATFORM --text FILE     what a profile sees in a saved terminal log
       ssh-mcp demo                 start the embedded lab, drive it, print the conversation
       ssh-mcp schema [device]      print the JSON Schema of hosts.yaml, or of a device profile

Options:
  --config FILE   the inventory (default: $SSH_MCP_CONFIG, ./hosts.yaml, ~/.config/ssh-mcp/hosts.yaml)
  --lab           add the embedded hosts: lab-sh (your own shell), lab-ios, lab-routeros (simulated)
  --yes           trust: record the key without asking
  --text FILE     devices test: the log, - for stdin; --json: the findings as JSON
  --devices DIR   devices: a folder of profiles instead of the inventory's devices_dir
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
