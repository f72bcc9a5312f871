import type { Risk } from "../risk.ts";

/** The verbs that command lines use for what they do, whoever made them. */
const VERBS: Readonly<Record<Risk, string>> = {
  irreversible:
    "delete del destroy remove rm purge wipe erase drop truncate terminate format zap nuke shred overwrite prune obliterate expunge unlink clobber",
  disruptive:
    "stop kill shutdown reboot restart reset poweroff halt disable revoke uninstall unregister deregister detach drain evict rollback restore " +
    "failover switchover promote demote abort suspend deactivate unmount umount leave evacuate rotate cancel modify update put replace resize " +
    "scale set unset block ban lock deny disconnect quit down off flush clear detonate rebuild reinstall reimage reload-all downgrade cordon release",
  opaque: "exec run invoke eval execute ssh shell console script apply",
  write:
    "create add new init install start enable attach tag label import copy cp sync upload push register subscribe",
  read: "list ls get describe show status info view logs log tail cat inspect search find version help whoami print head lookup check test validate verify diff plan read query scan top events history explain doctor env config-list",
};

const RISK_OF: ReadonlyMap<string, Risk> = new Map(
  (["read", "write", "opaque", "disruptive", "irreversible"] as const).flatMap((risk) =>
    VERBS[risk].split(" ").map((verb): [string, Risk] => [verb, risk]),
  ),
);

const ORDER: readonly Risk[] = ["irreversible", "disruptive", "opaque", "write", "read"];

/** The verb of a subcommand such as `delete-stack`, `stacks:destroy`, `force-delete`: its first or last part. */
function riskOfWord(word: string): Risk | undefined {
  const parts = word
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((part) => part !== "");
  const risks = [parts[0], parts.at(-1)].map((part = "") => RISK_OF.get(part) ?? RISK_OF.get(verbIn(part)));
  return ORDER.find((risk) => risks.includes(risk));
}

/** `clearconfig`, `deleteall`, `resetdb`: a verb with what it is done to behind it. */
const VERB_AND_OBJECT =
  /^(delete|destroy|remove|purge|wipe|erase|drop|truncate|clear|reset|kill|stop|shutdown|terminate|uninstall|disable|detach|flush)(?:all|config|conf|db|data|base|database|cache|index|table|user|node|vm|host|session|queue|disk|drive|volume|everything|force)s?$/;

function verbIn(part: string): string {
  return VERB_AND_OBJECT.exec(part)?.[1] ?? "";
}

/** What the subcommands of a program whose grammar is not known say of it; undefined: they say nothing. */
export function riskOfVerbs(words: readonly string[]): Risk | undefined {
  const risks = words.map(riskOfWord);
  return ORDER.find((risk) => risks.includes(risk));
}

/** Does one of the words of an unknown program, options as well, say that it takes something away? */
export function soundsHarmful(name: string, words: readonly string[]): boolean {
  return [name, ...words.slice(0, MOST_WORDS)].some((word) => {
    if (word.length > 40 || /^--?no-/.test(word)) return false;
    // Of `vmsvc/power.off` the last part is the verb; what else has a slash or a dot in it is a name.
    if (/[\s/.]/.test(word) && !PATH_OF_WORDS.test(word)) return false;
    const verb = PATH_OF_WORDS.test(word) ? (/[a-z]+$/i.exec(word)?.[0] ?? "") : word;
    const risk = riskOfWord(verb.replace(/=.*$/, ""));
    return (
      (risk === "irreversible" || risk === "disruptive") &&
      !/^(?:update|set|put|lock|clear|release|restart)$/.test(word)
    );
  });
}

const PATH_OF_WORDS = /^[a-z]\w*(?:[/.][a-z]\w*){1,3}$/i;

/** Words of an unknown command that are looked at. */
const MOST_WORDS = 12;
