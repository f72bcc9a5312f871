import { ANSWER } from "../../../src/shell/evidence/kernel-query.ts";

/** Parts of answers of a Linux kernel to `kernelQuery`, recorded: `stty -a` of coreutils and BusyBox. */
const COREUTILS = (modes: string) => `speed 38400 baud; rows 50; columns 200; line = 0;
intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>;
eol2 = <undef>; swtch = <undef>; start = ^Q; stop = ^S; susp = ^Z; rprnt = ^R;
werase = ^W; lnext = ^V; discard = ^O; min = 1; time = 0;
-parenb -parodd -cmspar cs8 -hupcl -cstopb cread -clocal -crtscts
-ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr icrnl ixon -ixoff
-iuclc -ixany -imaxbel -iutf8
opost -olcuc -ocrnl onlcr -onocr -onlret -ofill -ofdel nl0 cr0 tab0 bs0 vt0 ff0
${modes} echok -echonl -noflsh -xcase -tostop -echoprt
echoctl echoke -flusho -extproc
`;

const BUSYBOX = (modes: string) => `speed 38400 baud; line = 0;
intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>;
eol2 = <undef>; swtch = <undef>; start = ^Q; stop = ^S; susp = ^Z; rprnt = ^R;
werase = ^W; lnext = ^V; flush = ^O; min = 1; time = 0;
-parenb -parodd -cmspar cs8 -hupcl -cstopb cread -clocal -crtscts
-ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr icrnl ixon -ixoff
-iuclc -ixany -imaxbel -iutf8
opost -olcuc -ocrnl onlcr -onocr -onlret -ofill -ofdel nl0 cr0 tab0 bs0 vt0 ff0
${modes} echok -echonl -noflsh -xcase -tostop -echoprt
echoctl echoke -flusho -extproc
`;

/** Line mode with echo: `cat`, `read`, anything busy. */
export const LINE = COREUTILS("isig icanon iexten echo echoe");
/** Line mode without echo: a secret. */
export const SECRET = COREUTILS("isig icanon iexten -echo echoe");
/** What line editors set. */
export const EDITOR = COREUTILS("isig -icanon iexten -echo echoe");
/** What full-screen programs and relays set. */
export const RAW = COREUTILS("-isig -icanon -iexten -echo -echoe");
export const BUSYBOX_LINE = BUSYBOX("isig icanon iexten echo echoe");
export const BUSYBOX_SECRET = BUSYBOX("isig icanon iexten -echo echoe");

export const TTY = "/dev/pts/3";
/** The login shell. */
export const SHELL = 13748;

/** One process of an answer; by default it is the foreground job, below the login shell, on its terminal. */
export interface Told {
  readonly pid?: number;
  readonly ppid?: number;
  readonly pgrp?: number;
  readonly tpgid?: number;
  readonly state?: string;
  readonly wchan?: string;
  /** `0,0,t`: call, descriptor, whether that is its terminal. */
  readonly call?: string;
  readonly files?: "y" | "n";
  readonly args?: string;
  /** Where its stack began. */
  readonly stack?: string;
  /** Number below /dev/pts; undefined: no terminal. */
  readonly pts?: number | undefined;
}

export function told(
  name: string,
  { pid = 13928, ppid = SHELL, pgrp = pid, tpgid = pgrp, ...is }: Told = {},
): string {
  const { state = "S", wchan = "", call = "", files = "", args = "", stack = "0" } = is;
  const pts = "pts" in is ? is.pts : 3;
  const tty = pts === undefined ? "-" : `/dev/pts/${pts}`;
  const number = pts === undefined ? 0 : 0x8800 + pts;
  return `p ${tty}|${wchan}|${call}|${files}|${args}|${pid} (${name}) ${state} ${ppid} ${pgrp} ${pgrp} ${number} ${tpgid} ${"0 ".repeat(19)}${stack} 0\n`;
}

/** The file that the foreground job runs, of those that were asked for. */
export const runs = (file: string, pid = 13928) => `x ${pid} ${file}\n`;

/** The login shell that waits for its foreground job `job`. */
export const waitingShell = (job = 13928) =>
  told("bash", { pid: SHELL, ppid: 1, tpgid: job, wchan: "do_wait" });

/** A whole answer. `modes`: of the terminal, undefined without stty. */
export function answerOf(modes: string | undefined, ...processes: readonly string[]): string {
  const terminal = modes === undefined ? "nostty\n" : `t ${TTY} ${modes}`;
  return `${ANSWER} 99 1\nu jo\nh web1\n${processes.join("")}${terminal}end\n`;
}
