import fc from "fast-check";
import { TOOLSETS } from "../../src/base/toolsets.ts";

/** Texts that nearly are, or are, what a field wants: its own characters, some that it refuses, and blanks. */
function near(characters: string, ...samples: readonly string[]): fc.Arbitrary<string> {
  const strange = [" ", "\t", "-", "\u00a0", "\u200b", "\u202e", "\u{e0041}", "é", "😀", "\n"];
  const unit = fc.constantFrom(...characters, ...characters, ...strange);
  return fc.oneof(
    fc.string({ unit: fc.constantFrom(...characters), maxLength: 12 }),
    fc.string({ unit, maxLength: 12 }),
    fc.constantFrom("", ...samples),
    // A sample with something in it, or in front of it.
    fc
      .tuple(fc.constantFrom("", ...samples), unit, fc.nat(8))
      .map(([sample, char, at]) => sample.slice(0, at) + char + sample.slice(at)),
  );
}

const SHELL = "'\"`\\;&<>|(){}$";
const word = near(`az09_.${SHELL},/@:[]%~`, "web1", "__proto__", "~/x", "~bob", "$HOME/x", "%TMP%");
const other = fc.constantFrom<unknown>(null, true, false, [], {}, [""], 0, 1, -1, 1.5);
const orOther = (values: fc.Arbitrary<unknown>) => fc.oneof({ weight: 9, arbitrary: values }, other);
/** At the limit of a length, counted in code points. */
const long = (limit: number) =>
  fc
    .tuple(fc.constantFrom("a", "é", "😀"), fc.integer({ min: limit - 1, max: limit + 1 }))
    .map(([char, length]) => char.repeat(length));
const oneOrList = (values: fc.Arbitrary<unknown>) => fc.oneof(values, fc.array(values, { maxLength: 3 }));
const maps = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ ...fields, unknown_key: fc.constant(1) }, { requiredKeys: [] });
const some = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof(maps(fields), fc.record(fields, { requiredKeys: [] }));

const amount = fc.oneof(
  fc.nat(99).map(String),
  fc.constantFrom(
    "0",
    "007",
    "1.5",
    "24",
    "25",
    "596",
    "597",
    "2147483",
    "2147484",
    "2047",
    "2048",
    "2097151",
  ),
  fc.constantFrom("2097152", "2147483647", "2147483648", "1.", ".5", ""),
);
const units = fc.constantFrom(
  "",
  "ms",
  "s",
  "m",
  "h",
  "d",
  "MS",
  "H",
  " m",
  "minutes",
  "k",
  "KiB",
  "mib",
  "b",
  "\u212a",
);
const quantity = orOther(
  fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: 2147483, max: 2147484, noNaN: true }),
    fc.integer({ min: -2, max: 2 ** 31 + 2 }),
    fc.constantFrom(2147483.647, 2147483.648, 2 ** 31 - 1, 2 ** 31),
    fc.array(fc.tuple(amount, units), { minLength: 1, maxLength: 2 }).map((parts) => parts.flat().join("")),
    fc.tuple(amount, units).map(([number, unit]) => ` ${number}${unit} `),
  ),
);
const count = orOther(
  fc.oneof(fc.integer({ min: -2, max: 1002 }), fc.double({ noNaN: true, min: 0, max: 9 })),
);
const path = orOther(near("az~/.$%\\", "~/x", "~bob/x", "$HOME/x", "%TMP%x", "~", "/x"));
const variable = orOther(near("azAZ09_-=", "PATH", "9A"));
const name = orOther(fc.oneof(word, long(128)));
const plainText = orOther(fc.oneof(fc.string({ unit: "binary-ascii" }).filter(isRe2), long(512)));
const target = near(
  "az09.@:[]/-,\\%",
  "jo@web1:22",
  "[fe80::1%eth0]:22",
  "ssh://jo@h/",
  "none",
  "h:65535",
  "h:65536",
  "h:00022",
  "h:0",
  "h:000022",
  "a b@h",
  "a -b@h",
  "a@b@h",
  "a,b",
  "a\\@h",
  "ssh://-u@h",
  "ssh://ssh://h",
);
const hop = orOther(
  fc.oneof(
    target,
    fc.tuple(target, target).map((hops) => hops.join(",")),
  ),
);
const mode = near("az09_-", "enable", "exec");
const flag = orOther(fc.boolean());

/** A text in which no character means anything to a pattern: what RE2 takes is not the schema's to say. */
function isRe2(text: string): boolean {
  return !/[\\()[\]{}*+?|^$]/.test(text);
}

const method = some({
  method: fc.constantFrom<unknown>("key", "password", "agent", "identity", "none", 1),
  key_path: path,
  key_env: variable,
  password_env: variable,
  password_file: path,
  password_command: plainText,
  passphrase_env: variable,
  passphrase_command: plainText,
  otp_env: variable,
  otp_command: plainText,
  password_prompt: plainText,
  socket: path,
  only_keys: orOther(fc.array(path, { maxLength: 2 })),
});
const goodMethod = fc.record(
  {
    method: fc.constantFrom("key", "password", "agent", "identity"),
    password_env: fc.constant("A"),
    password_command: fc.constant("pass show x"),
    passphrase_file: fc.constant("~/x"),
    passphrase_command: fc.constant("pass show y"),
    otp_env: fc.constant("B"),
    otp_command: fc.constant("code"),
  },
  { requiredKeys: ["method"] },
);
const fingerprint = near("SHA256:az+/=", `SHA256:${"a".repeat(43)}`, `SHA256:${"a".repeat(43)}=`);
const algorithms = orOther(fc.array(orOther(near("az09@.-_ ", "ssh-rsa")), { maxLength: 2 }));
const pager = some({
  match: plainText,
  key: orOther(near("az \r", " ", "q".repeat(16), "😀".repeat(16), "q".repeat(17))),
  quit_key: orOther(fc.constantFrom("q", "")),
  live: flag,
  end: flag,
  max: count,
});
const wanted = some({
  row: plainText,
  line: plainText,
  end: fc.constant("."),
  where: fc.constantFrom("in", "alone", "x"),
});
const modes = fc.dictionary(
  fc.oneof(mode, fc.constantFrom("enable", "sudo", "password")),
  fc.constant({ from: "exec", enter: { send: "enable", secret: "enable" }, leave: { key: "\u001a" } }),
  { maxKeys: 2 },
);
const prompt = some({
  mode: orOther(mode),
  match: orOther(
    fc.constantFrom("^a$", "a$", "^a", "(?i)^a#$", "", `^${"a".repeat(398)}$`, `^${"a".repeat(399)}$`),
  ),
});

/** For each field of an entry what may stand there, right and wrong. */
export const ENTRY_VALUES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  host: orOther(near("az09.:-[]%/@,", "10.0.0.1", "fe80::1%eth0", "[::1]", "web1:22", "jo@web1")),
  user: orOther(near(`az09@.,:/[]${SHELL}`, "jo", "a b", "a -b", "EX\\jo", "jo\\")),
  port: orOther(
    fc.oneof(fc.integer({ min: -1, max: 65_537 }), fc.constantFrom<unknown>(0, 65_536, 22.5, "22")),
  ),
  auth: orOther(fc.oneof(oneOrList(method), oneOrList(goodMethod))),
  shell: orOther(fc.constantFrom("posix", "cli", "auto")),
  site: orOther(name),
  platform: orOther(fc.constantFrom("posix", "auto", "cisco_ios", "Cisco-IOS", "cisco", "")),
  prompt_regex: plainText,
  device: orOther(
    some({
      name: fc.constant("x"),
      modes,
      pagers: fc.array(pager, { maxLength: 2 }),
      text: fc.array(wanted, { maxLength: 2 }),
      prompts: fc.array(prompt, { maxLength: 2 }),
      early_prompt: orOther(fc.constantFrom("sometimes", "never")),
      settle_ms: count,
      timeouts: some({ open_s: quantity }),
    }),
  ),
  login_answers: orOther(
    fc.array(some({ match: plainText, answer: orOther(fc.oneof(word, long(256))) }), { maxLength: 2 }),
  ),
  jump: orOther(oneOrList(hop)),
  via: orOther(oneOrList(hop)),
  tags: orOther(fc.array(name, { maxLength: 2 })),
  host_key: orOther(
    fc.oneof(
      fc.constantFrom("strict", "accept-new", "no"),
      fingerprint,
      some({
        mode: orOther(fc.constantFrom("strict", "ask")),
        pin: orOther(oneOrList(fingerprint)),
        known_hosts: orOther(oneOrList(path)),
        alias: orOther(near(`az09.:-[]%/@${SHELL}`, "[::1]", "[]", "[-a]", "[-a", "-a", "[[a]]")),
      }),
    ),
  ),
  legacy: orOther(some({ kex: algorithms, host_key: algorithms, cipher: algorithms, mac: algorithms })),
  limits: orOther(some({ sessions: count, transcript_bytes: quantity, channels_per_connection: count })),
  terminal: orOther(some({ cols: count, rows: count, term: orOther(near("az.+- ", "xterm-256color")) })),
  timeouts: orOther(
    some({
      connect: quantity,
      keepalive: quantity,
      keepalive_count: count,
      idle: quantity,
      command: quantity,
    }),
  ),
  deny_patterns: orOther(fc.array(plainText, { maxLength: 2 })),
  policy: orOther(fc.constantFrom("read_only", "guarded", "unrestricted", { level: "guarded" })),
  enable_env: variable,
  enable_file: path,
  enable_command: plainText,
  sudo_env: variable,
  sudo_file: path,
  sudo_command: plainText,
  mask_secrets: flag,
  record: flag,
  secrets: orOther(
    fc.dictionary(
      fc.oneof(near("az09_.+- ", "sudo", "password"), long(32)),
      some({
        env: variable,
        file: path,
        command: plainText,
        program: orOther(near("az.+- ", "sudo")),
      }),
      { maxKeys: 2 },
    ),
  ),
  description: orOther(fc.oneof(word, long(500))),
};

/** For each field of `settings` likewise. */
export const SETTING_VALUES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  idle_timeout: quantity,
  command_timeout: quantity,
  audit_log: path,
  audit_durability: orOther(fc.constantFrom("write", "fdatasync")),
  audit_rotate: orOther(some({ size: quantity, days: count, keep_files: count, keep_days: count })),
  recordings: orOther(some({ days: count, megabytes: count })),
  approval_hook: orOther(plainText),
  deny_patterns: orOther(fc.array(plainText, { maxLength: 2 })),
  allow_adhoc: flag,
  ssh_config: orOther(fc.oneof(fc.boolean(), path, some({ file: path, exec: flag }))),
  max_sessions: count,
  toolsets: orOther(fc.subarray([...TOOLSETS, "nonsense"])),
  devices_dir: path,
  recipes_dir: path,
  local_roots: orOther(fc.array(path, { maxLength: 2 })),
};

/** Names of hosts and groups. */
export const NAMES: fc.Arbitrary<string> = fc.oneof(word, long(128));
