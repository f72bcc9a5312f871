/**
 * Where secrets of others are, as data: each rule finds its word and what follows it, and its group `s` is the secret. Every
 * repetition has a bound and none is inside another, so a text costs time in proportion to its length. What `stops` says of a
 * value holds for all: a word of the language behind the keyword is no secret.
 */
export interface Rule {
  readonly id: string;
  readonly find: RegExp;
}

const B = "[ \\t]+";
/** A value: quoted, or up to the next blank. */
const V = `(?<s>"(?:[^"\\\\\\n]|\\\\.){1,1024}"|'[^'\\n]{1,1024}'|[^\\s"']{1,2048})`;
/** Kinds of encryption that stand between a keyword and its value. */
const KIND =
  "(?:[04-9]|1[0-9]|encrypted|ciphertext|cipher|irreversible-cipher|sha512|sha256|sha2|pbkdf2|scrypt|simple|plaintext|cleartext|plain-text|ENC|SH2|AK1|ascii|ascii-text|hex|hexadecimal)";
/** What a line may begin with before the configuration itself: a number, a file's name, a sign of a difference. */
const LEAD = "^(?:[\\w./-]{1,80}:)?(?:\\d{1,7}[:-])?[ \\t>|+-]{0,80}";
/** The first word of a statement that sets a secret; prose begins with others. */
const HEAD =
  "(?:set|add|edit|username|user|local-user|usm-user|enable|neighbor|peer|aaa|radius[\\w-]{0,20}|tacacs[\\w+-]{0,20}|ldap[\\w-]{0,20}|ppp|ip|ipv6|login|admin[\\w-]{0,20}|line|vrrp|standby|wlan|server|host|authentication|protocols|vpn|system|crypto|area|isis|ospf|ospf3|bgp|security|high-availability|service|snmp[\\w-]{0,20}|tunnel-group|ntp|ftp|super|mgmt-user|account|no|vpdn|l2tp|pppoe|email|smtp|dot1x|mka|key)";
const WORD =
  "(?:password|passwd|passphrase|pass-phrase|secret|wpa-passphrase|bkup-passwords|[\\w-]{1,30}-(?:password|passwd|passphrase|secret|pwd))";
/** What may follow a value in the same statement. */
const TAIL =
  "(?:[ \\t]*;)?(?:[ \\t]+(?:pbkdf2|encrypted|encryption-type|privilege|level|role|ikev1|nt-encrypted|mschap|priv|group|description|##)\\b[^\\n]{0,200})?[ \\t]*\\r?$";
/** Keys of assignments. */
const KEY =
  "(?:password|passwd|passphrase|pass-phrase|[a-z]pwd|secret|token|api[_-]?key|access[_-]key|secretaccesskey|secret[_-]?key|private[_-]?key|account[_-]?key|psk|pre-?shared[_-]?key|shared[_-]?secret|shared[_-]?key|auth[_-]?key|encryption[_-]?key|priv[_-]?key|credentials?|community)(?:[_-]?(?:hash|md5|enc|encrypted|b64|base64|[0-9]{1,2}))?";

const rule = (id: string, source: string, flags = "gim"): Rule => ({
  id,
  find: new RegExp(source, `${flags}d`),
});

export const RULES: readonly Rule[] = [
  // What a secret looks like wherever it is.
  rule(
    "crypt",
    "(?<s>\\$(?:1|2[abxy]?|5|6|7|8|9|14|y|gy|sha1|sha256|sha512|md5|apr1|scrypt|pbkdf2[\\w-]{0,16}|argon2(?:id|i|d)|c\\$3|h\\$6|1[ac]|8\\$[\\w-]{1,30})\\$[./\\w$,=+*!@#%&-]{4,512})",
  ),
  rule("huawei", "(?<s>%(?:\\^%#|\\$%\\$|@%@|%#%#)[^\\n]{4,512}?%(?:\\^%#|\\$%\\$|@%@))", "gm"),
  rule("pan-os", "(?<s>-AQ==[\\w+/=]{10,512})", "gm"),
  rule("jwt", "\\b(?<s>eyJ[\\w-]{8,2048}\\.[\\w-]{8,4096}(?:\\.[\\w-]{0,2048})?)", "gm"),
  rule("aws", "\\b(?<s>(?:AKIA|ASIA)[0-9A-Z]{16})\\b", "gm"),
  rule(
    "service-token",
    "\\b(?<s>gh[pousr]_\\w{30,255}|github_pat_\\w{22,255}|glpat-[\\w-]{20,64}|xox[abeoprs]-[\\w-]{10,255}|AIza[\\w-]{35}|[rs]k_(?:live|test)_\\w{16,128}|sk-[\\w-]{20,200}|npm_\\w{36}|hv[bs]\\.[\\w-]{20,255}|dop_v1_\\w{40,80}|AGE-SECRET-KEY-1\\w{20,80}|pypi-[\\w-]{50,255})",
    "gm",
  ),
  rule("url", "\\b[a-z][a-z0-9+.-]{1,30}://[^\\s/:@\"'<>]{0,128}:(?<s>[^\\s/@\"'<>]{1,256})@"),
  rule(
    "authorization",
    `\\b(?:proxy-)?authorization["']?[ \\t]*[:=][ \\t]*["']?(?:bearer|basic|token|digest)${B}(?<s>[^\\s"',]{1,4096})`,
  ),
  rule("shadow", "^[a-z_][\\w.-]{0,31}:(?<s>[./A-Za-z0-9]{13}):\\d{0,7}:\\d{0,7}:", "gm"),
  rule(
    "xml",
    "<(?:[\\w-]{0,30}(?:password|passwd|phash|secret|passphrase|pre-shared-key|community-string|community|authpwd|privpwd|auth-key|priv-key|private-key|api-key|token))>(?<s>[^<\\n]{1,4096})</",
  ),
  rule("junos", `(?<s>"[^"\\n]{1,1024}"|(?<![^\\s;])[^\\s;]{1,1024});[ \\t]{0,20}##[ \\t]{0,4}SECRET-DATA`),
  rule("fortios", "\\bENC[ \\t]+(?<s>[\\w+/=]{8,2048})", "gm"),
  // A keyword, the kind of its encryption, and the value.
  rule(
    "typed",
    `\\b(?:password|passwd|secret|passphrase|key|key-string|community|read|write|md5|[\\w-]{1,30}-(?:key|secret|password|passphrase|community|pwd))${B}(?:level${B}\\d{1,2}${B})?(?:${KIND}${B}){1,2}${V}`,
  ),
  // A statement of a configuration that ends with the value.
  rule("statement", `${LEAD}(?:${HEAD}\\b[^\\n]{0,200}[ \\t])?${WORD}${B}${V}${TAIL}`),
  rule("phash", `\\bphash${B}${V}`),
  // Assignments: RouterOS, files of settings, environments, JSON, YAML.
  rule(
    "assigned",
    `${KEY}["']?[ \\t]{0,20}(?:=>|:=|=)[ \\t]{0,20}(?<s>"(?:[^"\\\\\\n]|\\\\.){1,1024}"|'[^'\\n]{1,1024}'|[^\\s"'&,;]{1,2048})`,
  ),
  rule("field", `${KEY}["']?[ \\t]{0,20}:[ \\t]{0,20}${V}[ \\t]{0,20}(?:[,}\\])][^\\n]{0,4096})?\\r?$`),
  rule("json", `${KEY}"[ \\t]{0,20}:[ \\t]{0,20}(?<s>"(?:[^"\\\\\\n]|\\\\.){1,4096}")`),
  // SNMP.
  rule(
    "snmp-community",
    `\\bsnmp(?:-server|-agent)?${B}(?:[\\w-]{1,20}${B}){0,2}?community${B}(?:community-name${B})?(?:(?:ro|rw|read|write|simple|cipher|[078])${B}){0,3}${V}`,
  ),
  rule(
    "snmp-host",
    `\\bsnmp-server${B}host${B}[^\\n]{1,120}?[ \\t](?:version${B}(?:1|2c?)|v1|v2c)${B}(?:community${B})?${V}`,
  ),
  rule(
    "snmp-host-plain",
    `\\bsnmp-server${B}host${B}(?:inside${B}|outside${B})?[\\da-f.:]{3,45}${B}(?:(?:traps?|informs?)${B})?${V}`,
  ),
  rule("snmp-trap", `\\b(?:snmp|trap)[^\\n]{0,120}[ \\t]community${B}(?:[078]${B})?${V}`),
  rule("snmp-block", `^[ \\t]{1,40}community${B}${V}[ \\t]{0,20}\\{`),
  rule("snmp-auth", `\\bauth${B}(?:md5|sha(?:-?\\d{3})?)${B}(?:(?:encrypted|[07])${B})?${V}`),
  rule(
    "snmp-priv",
    `\\bpriv${B}(?:aes|des|3des)(?:-?\\d{2,3}(?:-cfb)?)?${B}(?:\\d{3}${B})?(?:(?:encrypted|[07])${B})?${V}`,
  ),
  rule("snmp-localized", "\\b(?:priv|auth)[ \\t]+(?:[\\w-]{1,12}[ \\t]+)?(?<s>0x[0-9a-f]{16,256})"),
  // Keys of protocols.
  rule("key-string", `\\bkey-string${B}(?:\\d{1,2}${B})?${V}`),
  rule(
    "aaa-key",
    `\\b(?:radius|tacacs)[\\w+-]{0,20}(?:[ \\t][^\\n]{0,150}?)?[ \\t](?:key|shared-secret|secret)${B}(?:${KIND}${B})?${V}`,
  ),
  rule(
    "block-key",
    `${LEAD}(?:key|server-key|shared-secret|shared-key|psksecret)${B}(?=\\D|\\d{5})${V}(?:[ \\t]*;)?[ \\t]*\\r?$`,
  ),
  rule(
    "pre-shared",
    `\\b(?:pre-?shared-key|pre-?shared-secret|psksecret|psk-secret)${B}(?:(?:local|remote|${KIND})${B}){0,2}${V}`,
  ),
  rule("isakmp", `\\bcrypto${B}(?:isakmp|ikev1)${B}key${B}(?:[06]${B})?${V}${B}(?:address|hostname)`),
  rule(
    "routing-md5",
    `\\b(?:message-digest-key|authentication-key|md5)${B}\\d{1,5}${B}(?:(?:type${B})?(?:md5|sha[\\w-]{0,10}|hmac[\\w-]{0,16}|aes[\\w-]{0,16}|key)${B})(?:(?:value|key|${KIND})${B}){0,2}${V}`,
  ),
  rule(
    "authentication-key",
    `\\b(?:authentication-key|auth-key|hello-authentication-key|authentication-password|privacy-password|auth-password|priv-password|privacy-key|md5-key)${B}(?=\\D|\\d{6})${V}`,
  ),
  rule("numbered-key", `\\bmd5-key${B}\\d{1,3}${B}(?:${KIND}${B})?${V}`),
  rule(
    "first-hop",
    `\\b(?:standby|vrrp|glbp)[^\\n]{0,60}[ \\t]authentication${B}(?:text${B})?(?!(?:password|type|md5|key-string|key-chain)\\b)${V}`,
  ),
  rule(
    "wpa",
    `\\b(?:wpa-psk|wpa2-psk|wpa-passphrase|sae-password|wep-key)${B}(?:(?:set-key|${KIND})${B}){0,2}${V}`,
  ),
  // Command lines.
  rule(
    "option",
    `(?:^|[ \\t])--?(?:password|passwd|passphrase|secret|token|api-key|auth-token|db-password|root-password|admin-password|client-secret)(?:[ \\t]+|=)(?=[^-\\s])${V}`,
  ),
  rule("sshpass", `\\bsshpass${B}-p[ \\t]{0,8}${V}`),
  rule("mysql", `\\b(?:mysql\\w{0,12}|mariadb[\\w-]{0,12})\\b[^\\n|;&]{0,200}?[ \\t]-p(?=\\S)${V}`),
  rule(
    "curl",
    `\\b(?:curl|wget|http|https)\\b[^\\n|;&]{0,200}?[ \\t](?:-u|--user)[ \\t=]{1,4}["']?[^\\s:"']{1,64}:(?<s>[^\\s"']{1,256})`,
  ),
  rule(
    "snmpwalk-c",
    `\\bsnmp(?:walk|get|set|bulkwalk|bulkget|getnext|table|trap)\\b[^\\n|;&]{0,160}?[ \\t]-c[ \\t]{0,4}${V}`,
  ),
  rule(
    "snmpwalk-auth",
    `\\bsnmp(?:walk|get|set|bulkwalk|bulkget|getnext|table|trap)\\b[^\\n|;&]{0,160}?[ \\t]-A[ \\t]{0,4}${V}`,
    "gm",
  ),
  rule(
    "snmpwalk-priv",
    `\\bsnmp(?:walk|get|set|bulkwalk|bulkget|getnext|table|trap)\\b[^\\n|;&]{0,160}?[ \\t]-X[ \\t]{0,4}${V}`,
    "gm",
  ),
  rule(
    "chpasswd",
    `\\b[\\w.-]{1,32}:(?<s>[^\\s"'|]{1,256})["']?[ \\t]{0,8}\\|[ \\t]{0,8}(?:sudo${B})?chpasswd`,
  ),
  rule(
    "sudo-stdin",
    `\\b(?:echo|printf)${B}(?:-[ne]{1,2}${B})?${V}[ \\t]{0,8}\\|[ \\t]{0,8}sudo${B}(?:-\\S{1,8}${B}){0,3}-S`,
    "gm",
  ),
  rule("openssl", "\\bpass:(?<s>[^\\s\"']{1,256})", "gm"),
  rule("redis", `\\bredis-cli\\b[^\\n|;&]{0,160}?[ \\t]-a${B}${V}`),
  rule("sql", `\\bidentified${B}(?:with${B}\\S{1,40}${B})?(?:by|as)${B}(?:password${B})?(?=["'])${V}`),
  rule("sql-role", `\\bpassword${B}(?<s>'[^'\\n]{1,256}')`),
];

/** Words of the languages that stand where a value could, and values that say that there is none. */
const NO_VALUE = new Set(
  `yes no none null nil true false on off enable enabled disable disabled default unset required optional auto never always
  is was has are be been must will should can cannot may for of the a an to in on at by and or not from with as if it its your this
  that expired expires expiry expire expiration expiring changed change reset wrong incorrect invalid missing empty unknown again twice
  authentication authenticated authorization encryption policy policies min-length max-length minimum maximum length complexity aging
  history lifetime recovery strength strength-check strength-meter prompt prompts file manager protection protected restriction
  configuration config settings setting login database field fields hash algorithm type size ring chain chains generate rsa dsa ecdsa
  ed25519 pubkey-chain config-key zeroize import export prefer version source burst iburst key-string key-chain md5 text sha priv auth
  community-name read write add count vrf use-vrf traps trap informs inform udp-port community community-map mapping context user group host server mode local remote
  address hostname ENC encrypted cipher ciphertext plaintext cleartext plaintext-password encrypted-password level privilege role view access
  authorization read-only read-write ro rw ipv4 ipv6 masked redacted removed hidden secret-data alias attempts retries timeout warning
  exec-timeout management-address prompting retry entered set configured supplied accepted`
    .split(/\s+/)
    .map((word) => word.toLowerCase()),
);

/** A reference to a value that is elsewhere, or what others show in place of one. */
const REFERENCE =
  /^(?:[a-z][a-z0-9+.-]{1,20}:\/\/|\$[A-Za-z_]\w*(?:$|[/*])|`|\$[{(]|\$\d$|\{\{|%\(|<[\w -]{1,40}>?$|[x*!]{1,2}:\d|(?:\/|~\/|\.\.?\/)[\w./~-]*$|\*+$|x{3,}$|\.{3,}$|\[secret\]|\[masked:|<U\+|\(|\d{1,10}:\d{1,10}$|[=!]=|env\[|process\.env|os\.environ)/i;

/** The secret itself, without quotes and what ends the statement; undefined: it is none. */
export function valueIn(text: string): { readonly from: number; readonly to: number } | undefined {
  const quoted = text.length > 1 && (text[0] === '"' || text[0] === "'") && text.at(-1) === text[0];
  const inner = quoted ? text.slice(1, -1) : text.replace(/[;,]+$/, "");
  if (inner === "" || NO_VALUE.has(inner.toLowerCase()) || REFERENCE.test(inner)) return undefined;
  if (!/[\p{L}\p{N}]/u.test(inner)) return undefined;
  const from = quoted ? 1 : 0;
  return { from, to: from + inner.length };
}
