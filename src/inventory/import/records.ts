import { type Draft, DraftMaker, isMapping, textOf } from "./draft.ts";

/** What other programs call the fields of a host, without case and separators. */
const FIELDS = {
  name: "name alias device devicename id session sessionname title",
  host: "host ip ipaddress address addr hostname fqdn mgmtip managementip server",
  port: "port sshport",
  user: "user username login account",
  platform: "platform devicetype os networkos driver nos kind",
  key: "keypath keyfile privatekeypath privatekey identityfile sshkey sshkeyfile keyfilename",
  password: "password passwd pass secretpassword",
  passphrase: "passphrase keypassphrase",
  enable: "secret enable enablesecret enablepassword",
  jump: "jump jumphost proxyjump bastion via proxy",
  tags: "tags tag labels groups group role site",
  description: "description desc comment comments notes note",
} as const;

type Field = keyof typeof FIELDS;

const FIELD_OF = new Map(
  Object.entries(FIELDS).flatMap(([field, words]) => words.split(" ").map((word) => [word, field] as const)),
);

/** Fields that say nothing of how to reach a host. */
const HARMLESS =
  /^(?:connected|created|createdat|lastused|lastactivity|updated|updatedat|state|status|usekeys|sshstrict|fastcli|globaldelayfactor|verbose|sessionlog|timeout|conntimeout|cwd|default|type|data|connectionoptions)$/;

/** How strictly a record is read: what it says beyond the known fields stops it, or is only named. */
export interface RecordRules {
  readonly unknown: "stop" | "note";
}

/** One host of a flat record: a row of a table, a session, a device of netmiko. */
export function fromRecord(
  record: Readonly<Record<string, unknown>>,
  named: string | undefined,
  rules: RecordRules,
): Draft {
  const found = new Map<Field, [key: string, value: unknown][]>();
  const unknown: string[] = [];
  for (const [key, value] of Object.entries(record)) {
    if (value === undefined || value === null || value === "") continue;
    const word = key.toLowerCase().replace(/[^a-z0-9]/g, "");
    const field = FIELD_OF.get(word);
    if (field !== undefined) found.set(known(field), [...(found.get(known(field)) ?? []), [word, value]]);
    else if (!HARMLESS.test(word)) unknown.push(key);
  }
  const first = (field: Field) => textOf(preferred(field, found.get(field) ?? []));
  const address = addressOf(found.get("host") ?? []);
  const name = named ?? first("name") ?? nameOf(found.get("host") ?? []) ?? "";
  const draft = new DraftMaker(name);
  if (name === "") draft.stop("it has no name and no address");
  if (address !== name) draft.set("host", address);
  draft.port(first("port")).set("user", first("user")).platform(first("platform")).key(first("key"));
  draft.set("jump", first("jump")).set("tags", tagsOf(found.get("tags") ?? []));
  draft.set("description", first("description")?.slice(0, 500));
  if (found.has("password")) draft.password();
  if (found.has("passphrase")) draft.passphrase();
  if (found.has("enable")) draft.enable();
  for (const key of unknown) if (rules.unknown === "stop") draft.stop(`its key ${key} has no counterpart`);
  return draft.done();
}

/** Columns that no field is for. */
export function unknownFields(keys: readonly string[]): string[] {
  return keys.filter((key) => {
    const word = key.toLowerCase().replace(/[^a-z0-9]/g, "");
    return word !== "" && !FIELD_OF.has(word) && !HARMLESS.test(word);
  });
}

function known(field: string): Field {
  return Object.keys(FIELDS).find((one): one is Field => one === field) ?? "name";
}

/** The usual word for a field goes before the others. */
function preferred(field: Field, values: readonly (readonly [string, unknown])[]): unknown {
  const words = FIELDS[field].split(" ");
  return [...values].sort(([one], [other]) => words.indexOf(one) - words.indexOf(other))[0]?.[1];
}

/** An address goes before a name where a record has both. */
function addressOf(hosts: readonly (readonly [string, unknown])[]): string | undefined {
  const texts = hosts.map(([, value]) => textOf(value)).filter((text) => text !== undefined);
  return texts.find((text) => /^[\d.]+$|:/.test(text)) ?? texts[0];
}

function nameOf(hosts: readonly (readonly [string, unknown])[]): string | undefined {
  return textOf((hosts.find(([word]) => word === "hostname") ?? hosts[0])?.[1]);
}

function tagsOf(values: readonly (readonly [string, unknown])[]): string[] {
  return values.flatMap(([, value]) =>
    (Array.isArray(value) ? value : String(value).split(/[,;\s]+/))
      .map((one) => textOf(isMapping(one) ? (one.slug ?? one.name) : one) ?? "")
      .filter((tag) => /^[^\s,'"`\\;&<>|(){}$]+$/.test(tag)),
  );
}
