import { pick } from "../random.ts";

/** A write at random, with a word in it that is nowhere else. */
export interface RandomWrite {
  readonly text: string;
  readonly mark: string;
}

const COMMANDS = [
  (path: string) => `touch ${path}`,
  (path: string) => `: > ${path}`,
  (path: string) => `echo x >> ${path}`,
  (path: string) => `mkdir ${path}`,
  (path: string) => `ln -s /etc/hosts ${path}`,
  (path: string) => `cp /etc/hosts ${path}`,
  (path: string) => `tee ${path} < /etc/hosts`,
  (path: string) => `sh -c 'touch ${path}'`,
  (path: string) => `echo 'touch ${path}' | sh`,
  (path: string) => `awk 'BEGIN { print 1 > "${path}" }'`,
  (path: string) => `sed -n 'w ${path}' /etc/hosts`,
  (path: string) => `find / -maxdepth 0 -exec touch ${path} ';'`,
  (path: string) => `xargs touch <<< ${path}`,
  (path: string) => `x=touch; $x ${path}`,
  (path: string) => `eval "tou""ch ${path}"`,
  (path: string) => `to'uc'h ${path}`,
  (path: string) => `dd if=/dev/null of=${path}`,
  (path: string) => `install /dev/null ${path}`,
  (path: string) => `cat <<X > ${path}\nx\nX`,
  (path: string) => `w() { touch ${path}; }; w`,
  (path: string) => `python3 -c 'open("${path}", "w")'`,
  (path: string) => `perl -e 'open(F, ">${path}")'`,
  (path: string) => `tar -cf ${path} /etc/hosts`,
  (path: string) => `split -b 1 /etc/hosts ${path}`,
  (path: string) => `sort -o ${path} /etc/hosts`,
  (path: string) => `trap 'touch ${path}' EXIT`,
  (path: string) => `alias ls='touch ${path}'`,
  (path: string) => `bash -c "$(echo touch ${path})"`,
  (path: string) => `env touch ${path}`,
  (path: string) => `git init ${path}`,
  (path: string) => `curl -so ${path} file:///etc/hosts`,
  (path: string) => `mkfifo ${path}`,
  (path: string) => `printf x | dd of=${path}`,
  (path: string) => `exec 3> ${path}`,
  (path: string) => `(cd / && touch ${path})`,
  (path: string) => `ls $(touch ${path})`,
  (path: string) => `echo "\`touch ${path}\`"`,
  (path: string) => `cat < <(touch ${path})`,
  (path: string) => `if true; then touch ${path}; fi`,
  (path: string) => `true && touch ${path} || ls`,
] as const;

const AROUND = [
  (text: string) => text,
  (text: string) => `ls; ${text}`,
  (text: string) => `pwd && ${text}`,
  (text: string) => `{ ${text}\n}`,
  (text: string) => `  ${text}`,
  (text: string) => `uptime | cat; ${text}`,
  (text: string) => `for i in 1; do ${text}\ndone`,
] as const;

export function randomWrite(random: () => number, folder: string): RandomWrite {
  const mark = `w${Math.floor(random() * 1e9).toString(36)}q`;
  return { text: pick(random, AROUND)(pick(random, COMMANDS)(`${folder}/${mark}`)), mark };
}

const LINES = [
  (mark: string) => ["configure terminal", `hostname ${mark}`],
  (mark: string) => ["conf t", "interface GigabitEthernet0/1", `description ${mark}`],
  (mark: string) => ["conf t", `no username ${mark}`],
  (mark: string) => [`copy running-config flash:${mark}`],
  (mark: string) => [`delete /force flash:${mark}`],
  (mark: string) => [`erase startup-config ! ${mark}`],
  (mark: string) => [`reload in 1 reason ${mark}`],
  (mark: string) => [`show running-config | redirect flash:${mark}`],
  (mark: string) => [`show version | append flash:${mark}`],
  (mark: string) => [`clear ip bgp * ! ${mark}`],
  (mark: string) => [`wr me ! ${mark}`],
  (mark: string) => [`debug ip packet ! ${mark}`],
  (mark: string) => [`tclsh ${mark}`],
  (mark: string) => [`mkdir flash:${mark}`],
  (mark: string) => [`conf t\n do reload ! ${mark}`],
] as const;

export function randomDeviceWrite(random: () => number): RandomWrite {
  const mark = `w${Math.floor(random() * 1e9).toString(36)}q`;
  return { text: pick(random, LINES)(mark).join("\n"), mark };
}
