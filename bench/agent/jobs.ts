/** One call as an agent would make it. */
export interface Call {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A piece of work, as a given sequence of calls. */
export interface Job {
  readonly name: string;
  readonly calls: readonly Call[];
  /** What the results have to hold, in this order, for the work to be done. */
  readonly proof: RegExp;
}

const tool =
  (name: string, session: string) =>
  (args: Record<string, unknown>): Call => ({ tool: name, args: { session, ...args } });

function on(session: string) {
  const shell = tool("ssh_shell", session);
  return {
    open: { tool: "ssh_connect", args: { host: session } },
    run: (command: string, more: Record<string, unknown> = {}) => shell({ command, ...more }),
    send: tool("ssh_send", session),
    read: tool("ssh_read", session),
  };
}

const box = on("box");
const ios = on("lab-ios");
const routeros = on("lab-routeros");

/** An account with bash behind a real sshd, and the devices of the lab. */
export const JOBS: readonly Job[] = [
  {
    name: "look round a server",
    calls: [
      { tool: "ssh_hosts", args: {} },
      box.open,
      ...["uname -a", "id", "uptime", "cat /etc/os-release", "df -h", "free -m"].map((one) => box.run(one)),
      ...["ps aux --sort=-%mem | head -15", "ss -ltn", "ls -la /etc"].map((one) => box.run(one)),
      { tool: "ssh_sessions", args: {} },
    ],
    proof: /Linux[\s\S]*uid=[\s\S]*Filesystem[\s\S]*passwd[\s\S]*box {2}ready/,
  },
  {
    name: "find the error in a log of 200,000 rows",
    calls: [
      box.run(
        `seq 1 200000 | awk '{print "2026-01-01 row " $1 " is well"} NR==104999{print "ERROR: disk sdb1 is full"}' > app.log`,
      ),
      box.run("wc -l app.log"),
      box.run("cat app.log"),
      box.read({ command: 3, grep: "ERROR", context: 2 }),
      box.read({ command: 3, offset: -5 }),
      box.run("rm app.log"),
    ],
    proof: /200001 app\.log[\s\S]*105000: ERROR: disk sdb1 is full[\s\S]*row 200000 is well/,
  },
  {
    name: "mend a file in vim",
    calls: [
      box.run("printf 'port = 80\\nname = web\\n' > app.conf"),
      box.run("vim -u NONE -n app.conf"),
      box.send({ keys: "$xa8080<Esc>" }),
      box.send({ keys: ":q<Enter>" }),
      box.send({ keys: "Gonew = yes<Esc>" }),
      box.send({ keys: ":wq<Enter>" }),
      box.run("cat app.conf; rm app.conf"),
    ],
    proof: /E37[\s\S]*port = 88080\nname = web\nnew = yes/,
  },
  {
    name: "watch a long job and stop it",
    calls: [
      box.run("i=0; while :; do i=$((i+1)); echo tick $i; sleep 0.2; done", { timeout_s: 1 }),
      box.read({ wait_for: "tick 10$", timeout_s: 20 }),
      box.read({ wait_for: "tick 20$", timeout_s: 20 }),
      box.send({ keys: "<C-c>" }),
      box.run("echo $?"),
    ],
    proof: /tick 10[\s\S]*tick 20[\s\S]*done exit=130[\s\S]*130\n/,
  },
  {
    name: "answer what a program asks",
    calls: [
      box.run(
        `read -p 'Name? ' n; read -s -p 'Password: ' p; echo; read -p 'Go on? [y/N] ' a; echo "$n \${#p} $a"`,
      ),
      box.send({ text: "Ada", enter: true }),
      box.send({ text: "hunter2", enter: true }),
      box.send({ text: "y", enter: true }),
    ],
    proof: /Name\?[\s\S]*Password:[\s\S]*Go on\?[\s\S]*Ada 7 y/,
  },
  {
    name: "work in Python",
    calls: [
      box.run("python3 -q"),
      box.send({ text: "def square(n):\n    return n * n\n\nprint(square(12))", enter: true }),
      box.send({ text: "sum(range(101))", enter: true }),
      box.send({ text: "1 / 0", enter: true }),
      box.send({ text: "exit(3)", enter: true }),
    ],
    proof: /144[\s\S]*5050[\s\S]*ZeroDivisionError[\s\S]*done exit=3/,
  },
  {
    name: "page through a file and watch top",
    calls: [
      box.run("seq -f 'row %g of a file that is read page by page' 3000 | less"),
      ...["<Space>", "<Space>", "/row 1500<Enter>", "G", "q"].map((keys) => box.send({ keys })),
      box.run("top"),
      ...[1, 2, 3].map(() => box.read({ screen: true, timeout_s: 4 })),
      box.send({ keys: "q" }),
    ],
    proof: /row 1500[\s\S]*row 3000[\s\S]*load average[\s\S]*done exit=0/,
  },
  {
    name: "look at a switch and change it",
    calls: [
      ios.open,
      ios.run("show version"),
      ios.run("show ip interface brief"),
      ios.run("show interfaces status"),
      ios.run("show running-config", { mode: "enable" }),
      ios.run("interface Gi1/0/5\ndescription to the roof\nno shutdown", { mode: "config" }),
      ios.run("show running-config interface Gi1/0/5", { mode: "enable" }),
      ios.run("sho versoin"),
      ios.run("reload"),
      ios.send({ keys: "<C-c>" }),
    ],
    proof: /description to the roof[\s\S]*error=syntax[\s\S]*asking yesno/,
  },
  {
    name: "look at a router",
    calls: [
      routeros.open,
      routeros.run("/system/resource/print"),
      routeros.run("/ip/address/print"),
      routeros.run("/interface/print"),
      routeros.run("/export"),
      routeros.run("/interface/monitor-traffic ether1", { timeout_s: 3 }),
      routeros.read({ timeout_s: 2 }),
      routeros.send({ keys: "q" }),
    ],
    proof: /192\.168\.88\.1\/24[\s\S]*running timeout[\s\S]*#5 done/,
  },
  {
    name: "twenty small commands",
    calls: [
      "cd /tmp",
      "pwd",
      "mkdir -p work/$USER && cd work/$USER",
      "git --version",
      "echo 'key = 1' > a.ini",
      "cat a.ini",
      "sed -i 's/1/2/' a.ini",
      "grep key a.ini",
      "cp a.ini b.ini",
      "diff a.ini b.ini",
      "ls",
      "wc -l a.ini",
      "test -f c.ini",
      "stat -c %s a.ini",
      "date +%Y > year; cat year",
      "env | grep -c =",
      "which bash",
      "hostname",
      "cd ..",
      "rm -r ./$USER && echo removed",
    ].map((one) => box.run(one)),
    proof: /key = 2[\s\S]*done exit=1[\s\S]*removed/,
  },
];
