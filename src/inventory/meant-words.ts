/** Keys of other tools and everyday words, without case and separators, and what is written here instead. */
export const HOST_WORDS: Readonly<Record<string, string>> = {
  ...sayAll(
    "ip ipaddress ipaddr addr address hostname fqdn server mgmtip ansiblehost ansiblesshhost sshhost",
    "host: 10.0.0.1",
  ),
  ...sayAll("username login account remoteuser ansibleuser ansiblesshuser sshuser", "user: jo"),
  ...sayAll("sshport ansibleport ansiblesshport", "port: 22"),
  ...sayAll(
    "devicetype type os vendor driver nos kind networkos ansiblenetworkos networkdriver",
    "platform: cisco_ios",
  ),
  ...sayAll("jumphost jumphosts jumpserver proxyjump proxyhost proxy bastion gateway", "jump: bastion"),
  ...sayAll("tag label labels", "tags: [prod]"),
  ...sayAll("desc comment note notes", "description: Main web server"),
  ...sayAll("group role roles", "groups: [production]"),
  ...sayAll(
    "key keyfile keypath identity identityfile sshkey sshkeyfile privatekey privatekeyfile privatekeypath pem ansiblesshprivatekeyfile",
    "auth: {method: key, key_path: ~/.ssh/id_ed25519}",
  ),
  ...sayAll("agent useagent forwardagent", "auth: {method: agent}"),
  ...sayAll(
    "hostkeychecking stricthostkeychecking hostkeypolicy fingerprint knownhosts userknownhostsfile",
    "host_key: strict, accept-new, or SHA256:…",
  ),
  ...sayAll("timeout connecttimeout conntimeout", "timeouts: {connect: 15s}"),
  ...sayAll("commandtimeout readtimeout", "timeouts: {command: 30s}"),
  ...sayAll("idletimeout sessiontimeout", "timeouts: {idle: 30m}"),
  ...sayAll("keepalive keepaliveinterval serveraliveinterval", "timeouts: {keepalive: 30s}"),
  ...sayAll("maxsessions", "limits: {sessions: 4}"),
  ...sayAll(
    "kexalgorithms ciphers macs hostkeyalgorithms",
    "legacy: {kex: […], cipher: […], mac: […], host_key: […]}",
  ),
  ...sayAll("cols columns rows term", "terminal: {cols: 160, rows: 50}"),
  ...sayAll("prompt promptpattern", "prompt_regex: '^\\S+ ready> ?$'"),
  ...sayAll("denypattern blocked blacklist deny", "deny_patterns: [PATTERN]"),
  ...sayAll(
    "connectionoptions data extras vars variables globaldelaymanfactor",
    "nothing: there is no such setting",
  ),
};

/** The same below `auth`, below `settings`, and at the top of the file. */
export const AUTH_WORDS: Readonly<Record<string, string>> = {
  ...sayAll(
    "key keyfile path file identityfile identity privatekey sshkey keyfilename",
    "key_path: ~/.ssh/id_ed25519",
  ),
  ...sayAll("type kind by", "method: key"),
  ...sayAll("env passwordvariable", "password_env: VARIABLE"),
  ...sayAll("command", "password_command: COMMAND"),
  ...sayAll("user username", "user: NAME beside auth, not in it"),
};

export const SETTING_WORDS: Readonly<Record<string, string>> = {
  ...sayAll("timeout", "command_timeout: 30s"),
  ...sayAll(
    "rotate auditrotation logrotate rotation",
    "audit_rotate: {size: 64MiB, days: 30, keep_files: 24}",
  ),
  ...sayAll("audit auditfile log logfile", "audit_log: FILE"),
  ...sayAll("denypattern blacklist deny", "deny_patterns: [PATTERN]"),
  ...sayAll("adhoc", "allow_adhoc: true"),
  ...sayAll("sshconfigfile", "ssh_config: FILE"),
  ...sayAll("profiles devices", "devices_dir: FOLDER"),
  ...sayAll("recipes recipesfolder recipedir", "recipes_dir: FOLDER"),
  ...sayAll("roots localroot allowedpaths alloweddirs folders", "local_roots: [FOLDER]"),
};

export const TOP_WORDS: Readonly<Record<string, string>> = {
  ...sayAll("inventory servers devices machines nodes targets connections", "hosts:"),
  ...sayAll("group", "groups:"),
  ...sayAll("default global", "defaults:"),
  ...sayAll("setting config options", "settings:"),
};

function sayAll(words: string, instead: string): Record<string, string> {
  return Object.fromEntries(words.split(" ").map((word) => [word, instead]));
}
