/**
 * The question to a host's kernel who reads a terminal: one plain command line for any login shell (Bourne family, csh, fish),
 * one round trip. On Linux it needs a shell and /proc alone; `stty` is used where it is. docs/framing.md names the fields.
 */

/** Where to look: below the login shell once it is known, before that below the server's process of this connection. */
export interface Whereabouts {
  /** The login shell and its terminal. */
  readonly login?: { readonly pid: number; readonly tty: string | undefined } | undefined;
  /** Login shells of other sessions on this connection: neither they nor what runs in them is ours. */
  readonly others?: readonly number[];
  /** A program that waits for a secret, by its name or its absolute path: whether what is in front is that one's file. */
  readonly program?: string | undefined;
}

/** Where a system keeps its own programs, and nobody else may put one. */
const SYSTEM = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];

/** Version of the answer's form; the first word of its first line, behind whatever start-up files print. */
export const ANSWER = "ssh-mcp-kernel-1";

/** Processes looked at; far more than stand below a terminal. */
const MOST = 400;

/**
 * One line without backslash-quoting, `!`, or a single quote within, so that csh and fish take it too. `exec`: the process
 * that asks is then the server's own child. A restricted shell forbids it, and has to look for `sh` itself.
 */
export function kernelQuery(where: Whereabouts, restricted = false): string {
  const { login, others = [], program } = where;
  const linux = program === undefined ? LINUX : LINUX.replace(FRONT, `${FRONT}${fileOf(program)}`);
  const script = `${head(login?.pid, others)} if [ -r /proc/self/stat ];then ${linux} else ${elsewhere(login?.tty)} fi`;
  return restricted ? `sh -c '${script}'` : `exec /bin/sh -c '${script}'`;
}

/** `q`: known already; `w`: where to begin; the login shell, or the process that started this one and its children. */
function head(login: number | undefined, others: readonly number[]): string {
  return (
    `exec 2>/dev/null;PATH=$PATH:/bin:/usr/bin;h=;read -r h </proc/sys/kernel/hostname;` +
    `printf "%s\\n" "${ANSWER} $$ $PPID" "u $LOGNAME" "h $h";q=" $$ ${others.join(" ")} ";w=${login ?? "$PPID"};`
  );
}

const FRONT = "if [ $3 = $6 ];then ";

/**
 * `x pid path`: the process in front runs that very file; `x pid other`: another one; neither: it may not be looked at. By a
 * name only files count which nobody but root may change: of a root's own session those that root owns. A file that is the
 * shell as well (BusyBox) proves nothing: scripts have their own names.
 */
function fileOf(program: string): string {
  const named = program.startsWith("/");
  const files = named ? [program] : SYSTEM.map((folder) => `${folder}/${program}`);
  const guard = "if [ -w ${f%/*} ]||[ -w $f ];then [ -O / ]&&[ -O ${f%/*} ]&&[ -O $f ]||continue;fi;";
  return (
    "if [ -e /proc/$p/exe ];then o=other;" +
    `for f in ${files.join(" ")};do [ /proc/$p/exe -ef $f ]||continue;[ $f -ef /bin/sh ]&&continue;${named ? "" : guard}o=$f;done;` +
    'printf "x $p %s\\n" $o;fi;'
  );
}

/**
 * For each process found: `p flag|wchan|syscall fd@stack, or `r`: it runs|regular files|arguments|stat`. Details only of those in front. Without a
 * list of children in /proc (a kernel option) all processes are gone through. The line of arguments has its NULs left out.
 */
const LINUX = [
  'a=;[ -r /proc/self/task/$$/children ]||for f in /proc/[0-9]*/stat;do f=${f%/stat};a="$a ${f##*/}";done;[ "$a" ]&&w=$a;',
  'n=0;T=" ";while [ "$w" ];do l=$w;w=;for p in $l;do ',
  `case "$q" in *" $p "*)continue;;esac;q="$q$p ";n=$((n+1));[ $n -gt ${MOST} ]&&echo more&&break 2;`,
  's=;IFS= read -r s </proc/$p/stat;[ "$s" ]||continue;',
  '[ "$a" ]||for f in /proc/$p/task/*/children;do c=;read -r c <$f;w="$w $c";done;',
  "set -- ${s##*) };t=$5;k=;x=;g=;r=;d=-;",
  "M=$((t>>8&4095));m=$((t&255|t>>12&1048320));",
  "case $M in 13[6-9]|14[0-3])d=/dev/pts/$((M*256-34816+m));;4)if [ $m -lt 64 ];then d=/dev/tty$m;else d=/dev/ttyS$((m-64));fi;;0);;*)d=other;;esac;",
  '[ "$a" ]&&[ $d = - ]&&continue;',
  FRONT,
  'while read -r y z b v;do case $y in Uid:)printf "e $p $b\\n";break;;esac;done </proc/$p/status;',
  'case "$T" in *" $d "*);;*)T="$T$d ";;esac;',
  "read -r k </proc/$p/wchan;y=;z=;b=;read -r y z b </proc/$p/syscall;",
  "case $z in 0x?|0x??|0x???)x=$y,$((z));f=/proc/$p/fd/$((z));if [ -e $f ];then if [ $f -ef $d ]||[ $f -ef /dev/tty ];then x=$x,t;else x=$x,o;fi;fi;;esac;",
  "case $b in *0x*0x*)b=${b% *};x=$x@${b##* };;esac;case $y in running)x=r;;esac;",
  "IFS= read -r g </proc/$p/cmdline;",
  "if [ -r /proc/$p/fd ];then r=n;for f in /proc/$p/fd/*;do [ -f $f ]||continue;o=;while read -r b c;do case $b in pos:|flags:)o=$o,$c;;esac;done </proc/$p/fdinfo/${f##*/};case $o in ,0,*);;*[04])r=y;;esac;done;[ /proc/$p/exe -ef /bin/bash ]&&r=${r}b;fi;fi;",
  'printf "p %s|%s|%s|%s|%.80s|%s\\n" $d "$k" "$x" "$r" "$g" "$s";done;done;',
  'if command -v stty >/dev/null;then for d in $T;do case $d in /dev/*)printf "t %s " $d;stty -a -F $d||echo;;esac;done;else echo nostty;fi;echo end;',
].join("");

/**
 * FreeBSD, NetBSD, OpenBSD, macOS by their own forms, written from their manual pages and not tried: processes as
 * `pid ppid pgid tpgid tty stat wchan name`.
 */
function elsewhere(tty: string | undefined): string {
  const modes = tty === undefined ? "" : `printf "t %s " ${tty};stty -a -f ${tty}||echo;`;
  return (
    "case $(uname) in *BSD|Darwin|DragonFly)echo bsd;" +
    "ps -ax -o pid= -o ppid= -o pgid= -o tpgid= -o tty= -o stat= -o wchan= -o ucomm=;" +
    `${modes}echo end;;*)echo none;;esac;`
  );
}

/** True for a program's name or absolute path that is safe in a command line of ours. */
export function isPlainProgram(program: string): boolean {
  return /^(?:[\w.+-]{1,64}|(?=.{1,200}$)(?:\/[\w.+-]+)+)$/.test(program);
}

/** True for a terminal path that is safe in a command line of ours. */
export function isPlainTty(tty: string): boolean {
  return /^\/dev\/(?:pts\/\d{1,6}|tty[\w/]{1,16})$/.test(tty);
}
