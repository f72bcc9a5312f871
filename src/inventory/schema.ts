import { z } from "zod";
import { having } from "../base/json-schema.ts";
import { atMost, strict } from "../base/strict.ts";
import { DEFAULT_TOOLSETS, TOOLSETS } from "../base/toolsets.ts";
import { overrideSchema } from "../devices/profile.ts";
import { auditSchema, recorded } from "./audit-schema.ts";
import { policy } from "./policy-schema.ts";
import {
  address,
  duration,
  entryName,
  hop,
  hostName,
  name,
  path,
  port,
  size,
  text,
  userName,
  variable,
} from "./values.ts";

/** `x_env`, `x_file` and `x_command`: where the secret x is found; never the secret itself. */
const secretKeys = {
  password_env: variable.describe("Environment variable that holds the password.").optional(),
  password_file: path.describe("File that holds the password; only you may read it (chmod 600).").optional(),
  password_command: text
    .describe("Shell command that prints the password, e.g. `pass show web1`.")
    .optional(),
  passphrase_env: variable.describe("Environment variable that holds the key's passphrase.").optional(),
  passphrase_file: path.describe("File that holds the key's passphrase; chmod 600.").optional(),
  passphrase_command: text.describe("Shell command that prints the key's passphrase.").optional(),
  otp_env: variable.describe("Environment variable that holds a one-time code.").optional(),
  otp_command: text
    .describe("Shell command that prints a one-time code; run once per login, when a code is asked for.")
    .optional(),
};

/** A secret by a name of the operator's own. */
const namedSecret = strict({
  env: variable.describe("Environment variable that holds it.").optional(),
  file: path.describe("File that holds it; only you may read it (chmod 600).").optional(),
  command: text.describe("Shell command that prints it, e.g. `pass show web1/sudo`.").optional(),
  program: text
    .regex(/^(?:[\w.+-]{1,64}|(?=.{1,200}$)(?:\/[\w.+-]+)+)$/, {
      error: "must be the name of a program, or its absolute path",
    })
    .describe(
      "The only program whose hidden prompt is given it: a name is that of the system's own (/usr/bin, /bin, /usr/sbin, /sbin), any other is named by its absolute path; default: the secret's own name.",
    )
    .optional(),
})
  .refine(({ env, file, command }) => [env, file, command].filter((one) => one !== undefined).length === 1, {
    error: "needs one of env, file, command",
  })
  .meta({
    id: "namedSecret",
    description: "Where a secret is found: one of env, file, command.",
    oneOf: [having(["env"]), having(["file"]), having(["command"])],
  });

const question = atMost(512, text).meta({ id: "question", description: "RE2 pattern." });

/** For each secret the places it may come from: one of them. */
const SOURCES = {
  key: ["key_path", "key_env"],
  password: ["password_env", "password_file", "password_command"],
  passphrase: ["passphrase_env", "passphrase_file", "passphrase_command"],
  otp: ["otp_env", "otp_command"],
} as const;

/** JSON Schema: at most one of these keys. */
const atMostOne = (keys: readonly string[]) =>
  keys.flatMap((key, index) => keys.slice(index + 1).map((other) => ({ not: having([key, other]) })));

const authMethod = strict({
  method: z
    .enum(["key", "password", "agent", "identity"], {
      error: "must be one of key, password, agent, identity",
    })
    .describe("How to prove who we are; identity: by the key that `ssh-mcp identity` shows."),
  key_path: path.describe("Private key file; without it ssh's default keys are tried.").optional(),
  key_env: variable
    .describe(
      "Environment variable that holds the private key itself, in place of key_path; \\n in it is a line's end.",
    )
    .optional(),
  ...secretKeys,
  password_prompt: question
    .describe("RE2 pattern of a question at login that asks for the password in words of its own.")
    .optional(),
  otp_prompt: question
    .describe("RE2 pattern of a question at login that asks for the one-time code in words of its own.")
    .optional(),
  socket: path.describe("The agent's socket; default: SSH_AUTH_SOCK.").optional(),
  only_keys: z
    .array(path)
    .describe("Offer only these keys of the agent (key files, private or .pub).")
    .optional(),
  certificate_path: path
    .describe(
      "Certificate of the key, of a key in the agent, or of this server's own; KEY-cert.pub beside a key file is found without it.",
    )
    .optional(),
})
  .superRefine((auth, context) => {
    const given = Object.values(SOURCES).map((keys) => keys.filter((key) => auth[key] !== undefined));
    const hasAnswer = [...SOURCES.password, ...SOURCES.otp].some((key) => auth[key] !== undefined);
    if (auth.method === "password" && !hasAnswer) {
      context.addIssue({
        code: "custom",
        message:
          "method password needs one of password_env, password_file, password_command, or otp_env, otp_command",
      });
    }
    for (const keys of given) {
      if (keys.length > 1) {
        context.addIssue({ code: "custom", message: `give only one of ${keys.join(", ")}` });
      }
    }
  })
  .meta({
    id: "loginMethod",
    description: "One way to log in.",
    if: having(["method"], { method: { const: "password" } }),
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: { anyOf: [...SOURCES.password, ...SOURCES.otp].map((key) => having([key])) },
    allOf: Object.values(SOURCES).flatMap(atMostOne),
  });

const auth = z
  .union([authMethod, z.array(authMethod).min(1, "must name at least one method")], {
    error: "must be one method, such as {method: agent}, or a list of them",
  })
  .superRefine((value, context) => {
    const methods = Array.isArray(value) ? value : [value];
    const password = methods.findIndex((one) => one.method === "password");
    if (password >= 0 && methods.slice(password).some((one) => one.method !== "password")) {
      context.addIssue({
        code: "custom",
        path: [password],
        message: "a password is never offered before a key; put method password last",
      });
    }
  })
  .meta({ id: "auth", description: "How to log in: one method, or several in the order of the attempts." });

const jump = z.union([hop, z.array(hop)], { error: "must be one hop or a list of hops" }).meta({
  id: "jump",
  description: "Hosts to go through, the first hop first: names or user@host:port; `none` for no jump.",
});

const fingerprint = (message: string) =>
  z.string({ error: message }).regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, { error: message });
const pin = fingerprint("must be a fingerprint as `ssh-keygen -lf` prints it: SHA256: and 43 characters");
const hostKeyMode = z
  .enum(["strict", "accept-new"], { error: "must be one of strict, accept-new" })
  .describe("strict: known keys only; accept-new also takes the first key of a new host.");
const hostKey = z
  .union(
    [
      hostKeyMode,
      fingerprint(
        "must be strict, accept-new, a fingerprint (SHA256: and 43 characters), or {mode, pin, known_hosts, alias}",
      ),
      strict({
        mode: hostKeyMode.optional(),
        pin: z
          .union([pin, z.array(pin).min(1)], {
            error: "must be one SHA256 fingerprint or a list",
          })
          .describe("Accept only these keys, whatever known_hosts says.")
          .optional(),
        known_hosts: z
          .union([path, z.array(path).min(1)], { error: "must be a file or a list of files" })
          .describe("known_hosts files; new keys are written to the first.")
          .optional(),
        alias: hostName.describe("Name to look up instead of the address.").optional(),
      }),
    ],
    { error: "must be strict, accept-new, a SHA256 fingerprint, or {mode, pin, known_hosts, alias}" },
  )
  .meta({ id: "hostKey", description: "Which host keys are accepted. strict (default): known ones only." });

const algorithms = z.array(z.string().regex(/^[\w@.-]+$/, { error: "must be an algorithm name" }));
const legacy = z
  .union(
    [
      z.boolean(),
      strict({
        kex: algorithms.describe("Key exchanges beside the usual ones.").optional(),
        host_key: algorithms.describe("Kinds of host keys beside the usual ones.").optional(),
        cipher: algorithms.describe("Ciphers beside the usual ones.").optional(),
        mac: algorithms.describe("Message authentication codes beside the usual ones.").optional(),
      }),
    ],
    { error: "must be true, false, or {kex, host_key, cipher, mac} with lists of algorithms" },
  )
  .meta({ id: "legacy", description: "Old, weak algorithms for devices that know no others." });

const count = z
  .number({ error: "must be a whole number from 1" })
  .int("must be a whole number")
  .min(1, "must be at least 1");
const patterns = z.array(atMost(512, text)).max(256, "must be at most 256 patterns");

/** What a host, a group and `defaults` may say. */
const common = {
  user: userName.optional(),
  port: port.optional(),
  auth: auth.optional(),
  shell: z
    .enum(["posix", "cli"], { error: "must be one of posix, cli" })
    .describe("Older form of platform: cli means auto.")
    .optional(),
  platform: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/, { error: "must be posix, auto or a device profile such as cisco_ios" })
    .meta({
      id: "platform",
      description: "posix, auto (found out; the default), or a device profile such as cisco_ios.",
    })
    .optional(),
  prompt_regex: atMost(512, text)
    .describe(
      "A prompt of this host beside those of its platform, as an RE2 pattern up to the end of the row.",
    )
    .optional(),
  device: overrideSchema
    .meta({
      id: "deviceFields",
      description: "Fields of the device profile that differ for this host (docs/profiles.md).",
    })
    .optional(),
  login_answers: z
    .array(
      strict({
        match: question.describe("RE2 pattern of the question."),
        answer: atMost(256, z.string()).describe("What is sent; no secret."),
      }),
    )
    .max(32, "must be at most 32 answers")
    .describe("Answers to questions at login that ask for no secret, such as terms to accept.")
    .optional(),
  jump: jump.optional(),
  via: z
    .union([hop, z.array(hop)], { error: "must be one host or a list of hosts" })
    .describe(
      "Hosts a caller may name to be gone through in place of jump (ssh_connect, via), and in this order only what it names; with allow_adhoc any.",
    )
    .optional(),
  tags: z.array(name).describe("Labels to find hosts by; those of groups are added.").optional(),
  site: name.describe("Location; ssh_run can bound how many hosts of one site are busy at once.").optional(),
  host_key: hostKey.optional(),
  legacy: legacy.optional(),
  limits: strict({
    sessions: count.describe("Sessions open at once on this host.").optional(),
    transcript_bytes: size.describe("Output kept per session.").optional(),
    channels_per_connection: count.describe("At most the server's MaxSessions.").optional(),
  })
    .describe("How much of the host is used.")
    .optional(),
  terminal: strict({
    cols: count.max(1000, "must be at most 1000").describe("Columns; default 200.").optional(),
    rows: count.max(1000, "must be at most 1000").describe("Rows; default 50.").optional(),
    term: z
      .string()
      .regex(/^[\w.+-]+$/, { error: "must be a terminal type such as xterm-256color" })
      .describe("Terminal type; default xterm-256color.")
      .optional(),
  })
    .describe("The terminal that is asked for.")
    .optional(),
  timeouts: strict({
    connect: duration.describe("How long connecting may take; default 20s.").optional(),
    keepalive: duration.describe("Interval between probes; 0: none.").optional(),
    keepalive_count: count
      .describe("Probes without an answer before the connection is given up; default 3.")
      .optional(),
    idle: duration.describe("Close a session idle this long; 0: never.").optional(),
    command: duration.describe("How long a call waits for a command.").optional(),
  })
    .describe("How long things may take.")
    .optional(),
  deny_patterns: patterns.describe("RE2 patterns of refused commands; added to the wider ones.").optional(),
  policy: policy.optional(),
  enable_env: variable.describe("Environment variable that holds the device's enable password.").optional(),
  enable_file: path.describe("File that holds the device's enable password; chmod 600.").optional(),
  enable_command: text.describe("Shell command that prints the device's enable password.").optional(),
  sudo_env: variable.describe("Environment variable that holds the password for sudo.").optional(),
  sudo_file: path.describe("File that holds the password for sudo; chmod 600.").optional(),
  sudo_command: text.describe("Shell command that prints the password for sudo.").optional(),
  mask_secrets: z
    .boolean()
    .describe(
      "Secrets in what the host prints and in its files (SNMP communities, keys, hashes, tokens) are shown as [masked:…], the same for the same value; default false.",
    )
    .optional(),
  record: recorded,
  secrets: z
    .union(
      [
        z.literal("mask"),
        z.record(
          z.string().regex(/^(?!__proto__$)\w[\w.+-]{0,31}$/, { error: "must be a short name such as sudo" }),
          namedSecret,
        ),
      ],
      { error: "must be mask, or secrets by name" },
    )
    .describe(
      "Secrets by name, as in {sudo: {command: pass show web1}}: a command that is given the name (ssh_shell, secret: sudo) has it typed at its program's hidden prompt, once. Those of groups are added. The word mask is short for mask_secrets: true.",
    )
    .optional(),
  description: atMost(500, text).describe("What this host is, shown to the agent.").optional(),
};

const group = strict(common).meta({ id: "groupEntry", description: "What hosts have in common." });

const host = strict({
  host: address.describe("Address; without it the name itself, or its ssh alias.").optional(),
  groups: z
    .union([name, z.array(name)], { error: "must be a group's name or a list of names" })
    .describe("Groups whose settings apply, the first before the next.")
    .optional(),
  ...common,
}).meta({ id: "hostEntry", description: "One host; an empty one is found by its name." });

/** A key without a value (`web1:`) is an empty entry, as people write it. */
const orEmpty = <T extends z.ZodType>(schema: T) =>
  z.union([schema, z.null()], { error: "must be a mapping" });

/** The one shape of hosts.yaml; the published JSON Schema is generated from it. */
export const inventorySchema = strict({
  hosts: orEmpty(z.record(entryName, orEmpty(host)))
    .describe("The hosts an agent may reach, by name.")
    .optional(),
  groups: orEmpty(z.record(entryName, orEmpty(group)))
    .describe("Settings that several hosts share; a host names its groups.")
    .optional(),
  defaults: orEmpty(group).describe("For every host that says nothing else.").optional(),
  settings: orEmpty(
    strict({
      idle_timeout: duration.describe("Close a session idle this long; default 30m; 0: never.").optional(),
      command_timeout: duration.describe("How long a call waits for a command; default 30s.").optional(),
      ...auditSchema,
      approval_hook: text
        .describe(
          "Shell command started when something waits for ssh-mcp approve; it gets the order's id, host, risk and text in SSH_MCP_APPROVAL_ID, _HOST, _RISK and _TEXT.",
        )
        .optional(),
      deny_patterns: patterns.describe("RE2 patterns of commands refused on every host.").optional(),
      allow_adhoc: z
        .boolean()
        .describe("Allow user@host:port that is in no inventory; default false.")
        .optional(),
      ssh_config: z
        .union(
          [
            z.boolean(),
            path,
            strict({
              file: path.describe("The file; default ~/.ssh/config.").optional(),
              exec: z
                .boolean()
                .describe("Execute its ProxyCommand, Match exec and KnownHostsCommand; default false.")
                .optional(),
            }),
          ],
          { error: "must be true, false, a path, or {file, exec}" },
        )
        .describe("Take hosts from ~/.ssh/config (default true), or from this file.")
        .optional(),
      max_sessions: count.describe("Sessions open at once over all hosts.").optional(),
      toolsets: z
        .array(z.enum(TOOLSETS, { error: `must be one of ${TOOLSETS.join(", ")}` }))
        .describe(
          `Toolsets that are on beside the core; default [${DEFAULT_TOOLSETS.join(", ")}]; []: the core alone.`,
        )
        .optional(),
      devices_dir: path.describe("Folder with device profiles of your own.").optional(),
      recipes_dir: path.describe("Folder with recipes of your own: tools of the toolset custom.").optional(),
      local_roots: z
        .array(path)
        .max(64, "must be at most 64 folders")
        .describe(
          "Folders of this machine that uploads and downloads may use; default: the one the server was started in, without its dotfiles; []: none.",
        )
        .optional(),
    }).meta({ id: "settings", description: "What concerns this program and no single host." }),
  )
    .describe("What concerns this program and no single host.")
    .optional(),
});

export type InventoryFile = z.infer<typeof inventorySchema>;
export type HostEntry = z.infer<typeof host>;
export type GroupEntry = z.infer<typeof group>;
export type AuthEntry = z.infer<typeof authMethod>;
