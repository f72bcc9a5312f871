/** A first inventory: nothing is set in it, everything is explained. */
export const FIRST_INVENTORY = `# The hosts that agents may open through ssh-mcp. Those of ~/.ssh/config are known without being listed here.
#
#   ssh-mcp hosts add web1 host=10.0.0.11 user=deploy    adds a host and keeps your comments
#   ssh-mcp trust web1                                   shows its host key and records it on your yes
#   ssh-mcp doctor web1                                  connects, and explains what does not work
#
# Secrets are never written here, only where they are found: an environment variable, a file with mode 0600, a command.
#
# hosts:
#   web1:
#     host: 10.0.0.11
#     user: deploy
#   sw1:
#     host: 10.0.0.2
#     user: noc
#     policy: read_only                                    # default guarded: what disrupts or destroys asks a human
#     platform: cisco_ios                                  # ssh-mcp devices list names all
#     auth: { method: password, password_env: SW_PASSWORD }
#
# settings:
#   audit_log: ~/.local/state/ssh-mcp/audit.jsonl          # the default: every action, before it is done
#   deny_patterns: ['\\brm\\s+-rf\\s+/(\\s|$)']                # prevents mistakes; no security boundary
`;
