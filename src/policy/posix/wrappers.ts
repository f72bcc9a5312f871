import { type Outcome, outcome } from "./match.ts";
import { type Option, parseOptions } from "./options.ts";
import { UNKNOWN } from "./paths.ts";
import { type Handler, type Running, spanOf } from "./running.ts";
import type { Arg } from "./words.ts";

/** How a program that only runs another one is written. */
interface Wrapper {
  /** Options that take a value. */
  readonly valued?: string;
  /** Options with which it only reads, and runs nothing. */
  readonly reads?: string;
  /** Options with which it starts a shell that reads what is typed. */
  readonly shells?: string;
  /** Options of which the value is a text for a shell. */
  readonly texts?: string;
  /** Words of its own before the command: a time, a folder, a container. */
  readonly skip?: number;
  /** `NAME=value` may come before the command. */
  readonly assigns?: boolean;
  /** The command is a text that a shell reads, however many words it has. */
  readonly joined?: boolean;
  /** More arguments come while it runs: from its input, from files. */
  readonly appends?: boolean;
  /** What it does without a command. */
  readonly alone?: "read" | "shell" | "write" | "opaque" | "disruptive";
  /** What it does of its own, beside the command. */
  readonly adds?: Outcome;
}

const SUDO: Wrapper = {
  valued:
    "-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --close-from --role --type --command-timeout --other-user --chdir --chroot",
  reads: "-l --list -v --validate -k -K --reset-timestamp --remove-timestamp -V --version",
  shells: "-i -s --login --shell",
  assigns: true,
  alone: "read",
};
const CONTAINER_EXEC: Wrapper = {
  valued: "-e -u -w --env --env-file --user --workdir --index --detach-keys",
  skip: 1,
  alone: "read",
};
const CONTAINER_RUN: Wrapper = {
  valued:
    "-v -e -p -u -w -m -c -h -l -a --volume --env --publish --name --user --workdir --network --net --entrypoint --memory --cpus --label --mount --env-file --hostname --add-host --restart --link --log-driver --log-opt --ip --dns --device --cap-add --cap-drop --security-opt --tmpfs --ulimit --volumes-from --platform --pull --gpus --shm-size --pid --ipc --userns --expose --cidfile --runtime",
  skip: 1,
  alone: "write",
};
const KUBE_EXEC: Wrapper = {
  valued: "-c -n --container --namespace --context --kubeconfig --cluster --user",
  skip: 1,
  alone: "opaque",
};

/** By name, and for subcommands by name and subcommand. Sources: the man page or the help of each. */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  sudo: SUDO,
  doas: { valued: "-u -C", shells: "-s", reads: "-L", assigns: true, alone: "read" },
  pkexec: { valued: "--user", alone: "shell" },
  env: { valued: "-u --unset -C --chdir", texts: "-S --split-string", assigns: true, alone: "read" },
  nice: { valued: "-n --adjustment", alone: "read" },
  ionice: { valued: "-c -n -p -P -u --class --classdata --pid", reads: "-p -P -u --pid", alone: "read" },
  chrt: { valued: "-p --pid -T -P -D", skip: 1, reads: "-p --pid -m --max", alone: "read" },
  taskset: { valued: "-p", skip: 1, reads: "-p --pid", alone: "read" },
  numactl: {
    valued: "-m -N -C -i -p --membind --cpunodebind --physcpubind --interleave --preferred",
    reads: "-H -s --hardware --show",
    alone: "read",
  },
  nohup: {},
  setsid: {},
  stdbuf: { valued: "-i -o -e --input --output --error" },
  unbuffer: {},
  time: { valued: "-f -o --format --output", alone: "read" },
  timeout: { valued: "-k -s --kill-after --signal", skip: 1 },
  command: { reads: "-v -V", alone: "read" },
  builtin: { alone: "read" },
  exec: { valued: "-a", alone: "read" },
  nocorrect: {},
  noglob: {},
  chronic: {},
  ts: { alone: "read" },
  caffeinate: { valued: "-t -w", alone: "read" },
  strace: {
    valued: "-e -o -p -s -u -E -P -a -O -I -b -X --trace --output --attach --string-limit",
    reads: "-p --attach",
    alone: "read",
  },
  ltrace: { valued: "-e -o -p -s -u -n -l -a", reads: "-p", alone: "read" },
  perf: { valued: "-e -p -o -F -C", skip: 1, alone: "read" },
  catchsegv: {},
  valgrind: {},
  proot: { valued: "-r -b -w -R -S", alone: "shell" },
  fakeroot: { valued: "-s -i -l", alone: "shell" },
  faketime: { skip: 1 },
  cgexec: { valued: "-g" },
  prlimit: { valued: "-p --pid -o", alone: "read" },
  setpriv: {
    valued: "--reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits --selinux-label",
    reads: "-d --dump",
  },
  capsh: { texts: "-c", alone: "write" },
  firejail: { valued: "--join", alone: "shell" },
  bwrap: { alone: "opaque" },
  unshare: { valued: "-R -w -S -G --root --wd --setuid --setgid", alone: "shell" },
  nsenter: { valued: "-t -S -G -N -p --target --setuid --setgid --wd --root", alone: "shell" },
  chroot: { valued: "--userspec --groups", skip: 1, alone: "shell" },
  "arch-chroot": { valued: "-u", skip: 1, alone: "shell" },
  setarch: { skip: 1, alone: "shell" },
  linux32: { alone: "shell" },
  linux64: { alone: "shell" },
  "systemd-run": {
    valued:
      "-p -u -M -H -E --unit --property --slice --uid --gid --description --on-active --on-calendar --on-boot --on-unit-active --working-directory --setenv --service-type --nice --machine --host --path-property --timer-property",
    shells: "-S --shell",
    alone: "write",
  },
  "systemd-inhibit": { valued: "--what --who --why --mode", reads: "--list", alone: "read" },
  "systemd-cat": { valued: "-t -p --identifier --priority", alone: "write" },
  "systemd-nspawn": { valued: "-D -M -i -u --directory --machine --image --bind --user", alone: "opaque" },
  busybox: { alone: "read" },
  toybox: { alone: "read" },
  flock: {
    valued: "-w -E --timeout --wait --conflict-exit-code",
    texts: "-c --command",
    skip: 1,
    alone: "read",
  },
  watch: { valued: "-n -q --interval --equexit", joined: true, alone: "read" },
  entr: { alone: "read" },
  gosu: { skip: 1 },
  "su-exec": { skip: 1 },
  runcon: { valued: "-t -u -r -l --type --user --role --range", skip: 0, alone: "read" },
  sg: { texts: "-c", skip: 1, joined: true, alone: "shell" },
  "start-stop-daemon": {
    valued: "-x -p -n -u -c -d -a -s --exec --pidfile --name --user --chuid --chdir --startas --signal",
    alone: "disruptive",
  },
  daemonize: { valued: "-c -e -o -p -l -u -E -a", alone: "opaque" },
  torsocks: {},
  proxychains: { valued: "-f" },
  "dbus-run-session": {},
  "xvfb-run": { valued: "-n -e -f -s -p -w" },
  rlwrap: {},
  sshpass: { valued: "-p -f -d -P" },
  "docker exec": CONTAINER_EXEC,
  "docker run": CONTAINER_RUN,
  "docker create": CONTAINER_RUN,
  "docker container exec": CONTAINER_EXEC,
  "docker container run": CONTAINER_RUN,
  "docker compose exec": CONTAINER_EXEC,
  "docker compose run": CONTAINER_RUN,
  "docker-compose exec": CONTAINER_EXEC,
  "docker-compose run": CONTAINER_RUN,
  "podman exec": CONTAINER_EXEC,
  "podman run": CONTAINER_RUN,
  "nerdctl exec": CONTAINER_EXEC,
  "nerdctl run": CONTAINER_RUN,
  "crictl exec": CONTAINER_EXEC,
  "lxc exec": { valued: "--env --cwd --user --group --mode", skip: 1 },
  "incus exec": { valued: "--env --cwd --user --group --mode", skip: 1 },
  "lxc-attach": { valued: "-n --name", alone: "shell" },
  "pct exec": { skip: 1 },
  "machinectl shell": { skip: 1, alone: "shell" },
  "kubectl exec": KUBE_EXEC,
  "oc exec": KUBE_EXEC,
  "oc rsh": KUBE_EXEC,
  "kubectl debug": KUBE_EXEC,
  "ip netns exec": { skip: 1 },
  "ip vrf exec": { skip: 1 },
  npx: { valued: "-p --package", texts: "-c --call", alone: "write" },
  pnpx: { alone: "write" },
  bunx: { alone: "write" },
  uvx: { valued: "--from --with -p --python", alone: "write" },
  "npm exec": { valued: "-p --package", texts: "-c --call" },
  "pnpm dlx": {},
  "pnpm exec": {},
  "yarn exec": {},
  "ssh-agent": { valued: "-a -t -E -P -O", alone: "read" },
  logsave: { skip: 1 },
  pdsh: { valued: "-w -x -l -f -t -u -g -G -X -R -N", reads: "-V -L -q", joined: true, alone: "opaque" },
  clush: {
    valued: "-w -x -g -X -l -f -t -u -o --hostfile --fanout --user",
    reads: "--version",
    joined: true,
    alone: "opaque",
  },
  dsh: { valued: "-m -g -f -r -o -F", joined: true, alone: "opaque" },
  pssh: { valued: "-h -H -l -p -o -e -t -O -x -X", joined: true, alone: "opaque" },
  "parallel-ssh": { valued: "-h -H -l -p -o -e -t -O -x -X", joined: true, alone: "opaque" },
  multitime: { valued: "-n -i -o -s -r" },
  cpulimit: { valued: "-l -p -e -P -i", alone: "disruptive" },
  choom: { valued: "-n -p", alone: "read" },
  "aa-exec": { valued: "-p -n" },
  grc: { valued: "-c" },
  torify: {},
  "perf stat": { valued: "-e -o -r -p -C -x", alone: "read" },
  "perf record": { valued: "-e -o -F -p -C -c -g", alone: "write" },
  "perf trace": { valued: "-e -o -p", alone: "read" },
  "yarn dlx": {},
  "pipx run": { valued: "--spec" },
  "poetry run": {},
  "pipenv run": {},
  "uv run": { valued: "--with --python -p", alone: "read" },
  "pdm run": {},
  "bundle exec": {},
  "conda run": { valued: "-n --name -p" },
  "direnv exec": { skip: 1 },
  "git bisect run": {},
  "git rebase --exec": { joined: true },
  "op run": {},
  "aws-vault exec": { skip: 1 },
  "chef-client exec": {},
};

/** Which wrapper these words begin with, and how many words name it. `valued`: options of the program with a value. */
export function wrapperOf(
  name: string,
  args: readonly Arg[],
  valued: ReadonlySet<string>,
): { readonly key: string; readonly words: number } | undefined {
  const { operands } = parseOptions(args, { valued });
  for (const many of [2, 1]) {
    const words = operands.slice(0, many);
    if (words.length < many || words.some(({ constant }) => !constant)) continue;
    const key = [name, ...words.map(({ text }) => text)].join(" ");
    const last = words.at(-1);
    if (Object.hasOwn(WRAPPERS, key) && last !== undefined) return { key, words: args.indexOf(last) + 1 };
  }
  return Object.hasOwn(WRAPPERS, name) ? { key: name, words: 0 } : undefined;
}

/** Takes a wrapper off and judges what it runs. `assigned`: called for each `NAME=value` before the command. */
export function peel(
  key: string,
  args: readonly Arg[],
  running: Running,
  assigned: (arg: Arg) => void,
): Outcome {
  const wrapper = WRAPPERS[key] ?? {};
  const valued = new Set(split(wrapper.valued).concat(split(wrapper.texts)));
  const { options, operands } = parseOptions(args, { valued, stopsAtOperand: true });
  const has = (list: string | undefined) => options.some(({ name }) => split(list).includes(name));
  if (has(wrapper.reads) || (args.length === 1 && has("--help --version"))) return outcome("read");
  if (key === "sudo" && has("-e --edit")) {
    running.nest("an editor");
    return outcome("write", "edits files in an editor");
  }
  const [given] = valuesOf(options, wrapper.texts);
  if (given !== undefined) {
    // `env -S` puts further words behind.
    running.shellText([given, ...operands.map(({ raw }) => raw)].join(" "), spanOf(args), running.stdin);
    return outcome("read");
  }
  let rest = operands.slice(wrapper.skip ?? 0);
  const [flag, text] = rest;
  if (flag !== undefined && text !== undefined && split(wrapper.texts).includes(flag.text)) {
    running.shellText(text.text, spanOf(args), running.stdin);
    return outcome("read");
  }
  // Some have a -- between their own words and the command.
  if (rest[0]?.text.startsWith("-")) rest = rest.slice(rest.findIndex(({ text }) => text === "--") + 1);
  if (wrapper.assigns)
    while (rest[0] !== undefined && /^[A-Za-z_]\w*=/.test(rest[0].text)) {
      assigned(rest[0]);
      rest = rest.slice(1);
    }
  const own = ownRisk(key, options);
  if (rest.length > 0) {
    if (startsShell(rest) && OTHER_RIGHTS.test(key) && running.stdin.kind === "terminal")
      return nested(key, running);
    const through = (work: () => void) =>
      ELSEWHERE.test(key) ? running.through(wayTo(key, args, rest[0]), work) : work();
    through(() => {
      if (wrapper.joined) running.shellText(joined(rest), spanOf(rest), running.stdin);
      else if (key === "sudo" || key === "doas") running.command(rest);
      else running.command(rest, running.stdin);
    });
    return own ?? wrapper.adds ?? outcome("read");
  }
  if (has(wrapper.shells) || wrapper.alone === "shell") return nested(key, running);
  // Its own command may be a shell.
  if (/^(?:docker|podman|nerdctl)\b.* run$/.test(key)) running.nest(`a container of ${key}`);
  return own ?? outcome(wrapper.alone ?? "write");
}

/** Behind these a command is somewhere else. */
const ELSEWHERE =
  /^(?:systemd-nspawn|(?:arch-)?chroot|proot|bwrap|nsenter|unshare|ip (?:netns|vrf)|docker|docker-compose|podman|nerdctl|crictl|lxc|lxc-attach|incus|pct|kubectl|oc|machinectl|pdsh|clush|dsh|pssh|parallel-ssh)(?: |$)/;

/** The words before a command that say where it is done. */
export function wayTo(key: string, args: readonly Arg[], first: Arg | undefined): string {
  const before = first === undefined ? args : args.slice(0, args.indexOf(first));
  return [key, joined(before)].join(" ").trim().replaceAll(UNKNOWN, "…");
}

/** Behind these a shell has other rights, or is somewhere else. */
const OTHER_RIGHTS =
  /^(?:sudo|doas|pkexec|chroot|arch-chroot|nsenter|unshare|gosu|su-exec|sg|setpriv|docker|podman|nerdctl|crictl|lxc|incus|pct|kubectl|oc|machinectl)/;

function startsShell(args: readonly Arg[]): boolean {
  const [name, ...rest] = args;
  return (
    /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|k|a|mk)?sh$|^fish$/.test(name?.text ?? "") &&
    rest.every(({ text }) => /^-[il]*$|^--login$/.test(text))
  );
}

function nested(key: string, running: Running): Outcome {
  running.nest(`a shell of ${key}`);
  return outcome("opaque", "starts a shell with other rights, which reads what comes next");
}

/** What the options of a wrapper themselves come to. */
function ownRisk(key: string, options: readonly Option[]): Outcome | undefined {
  const values = options.flatMap(({ name, value }) => [name, value ?? ""]);
  if (/ (?:run|create)$/.test(key)) {
    const host = values.some(
      (value) =>
        /^(?:--privileged|\/(?:etc|root|boot|dev|usr|var|proc|sys|home)?\/?:.*|host|\/var\/run\/docker\.sock.*)$/.test(
          value,
        ) || /source=\/(?:,|$)/.test(value),
    );
    if (host) return outcome("opaque", "a container that may change the host itself");
    return outcome("write", "starts a container");
  }
  if (key === "systemd-run") return outcome("write", "runs it apart from this session");
  return undefined;
}

/** The text that a program makes of its words for a shell. */
export function joined(args: readonly Arg[]): string {
  return args.map(({ text }) => text).join(" ");
}

function split(list: string | undefined): string[] {
  return list === undefined ? [] : list.split(" ");
}

function valuesOf(options: readonly Option[], names: string | undefined): readonly string[] {
  const wanted = split(names);
  return options.flatMap(({ name, value }) => (wanted.includes(name) ? [value ?? UNKNOWN] : []));
}

/** An argument that comes only while it runs. */
export function unknownArg(like: Arg): Arg {
  return { ...like, text: UNKNOWN, raw: "…", constant: false };
}

const XARGS_VALUED = new Set(
  "-I -n -P -L -s -d -a -E -J -R -S --max-args --max-procs --max-lines --replace --delimiter --arg-file --max-chars".split(
    " ",
  ),
);

/** xargs(1) and parallel(1): the command, and arguments behind it or in the place of a mark. */
export const xargs: Handler = (args, running) => {
  const { options, operands } = parseOptions(args, { valued: XARGS_VALUED, stopsAtOperand: true });
  const [first] = operands;
  if (first === undefined) return outcome("read");
  const mark = options.find(({ name }) => ["-I", "-i", "-J", "--replace"].includes(name));
  withInput(operands, mark === undefined ? undefined : (mark.value ?? "{}"), running);
  return outcome("read");
};

const PARALLEL_VALUED = new Set(
  "-j -P -I -a -S -n -N -L --jobs --max-procs --joblog --results --sshlogin --colsep --delay --timeout --retries --arg-file --workdir --tmpdir --load --memfree --nice --halt --tagstring --delimiter -d -X".split(
    " ",
  ),
);

export const parallel: Handler = (args, running) => {
  const { operands } = parseOptions(args, { valued: PARALLEL_VALUED, stopsAtOperand: true });
  const end = operands.findIndex(({ text }) => /^:::/.test(text));
  const command = end < 0 ? operands : operands.slice(0, end);
  const [first] = command;
  if (first === undefined) return outcome("opaque", "each line of its input is a command");
  const text = joined(command);
  const marked = /\{[\w./#:]*\}/.test(text) ? text.replace(/\{[\w./#:]*\}/g, UNKNOWN) : `${text} ${UNKNOWN}`;
  running.shellText(marked, spanOf(command), { kind: "file" });
  return outcome("read");
};

/** A command to which something unknown is added: at the end, or wherever the mark is. */
export function withInput(command: readonly Arg[], mark: string | undefined, running: Running): void {
  const [first] = command;
  if (first === undefined) return;
  const filled =
    mark === undefined || mark === ""
      ? [...command, unknownArg(first)]
      : command.map((arg) =>
          arg.text.includes(mark)
            ? { ...arg, text: arg.text.replaceAll(mark, UNKNOWN), constant: false }
            : arg,
        );
  running.command(filled, { kind: "file" });
}
