/** Answers of a Linux kernel to `kernelQuery`, recorded: `stty -a` of coreutils and BusyBox, `ps` of procps. */
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

/** The login shell that waits for its foreground job. */
export const SHELL = 13748;
export const WAITING_SHELL = "13748 13748 13928 Ss   do_wait                          bash\n";
