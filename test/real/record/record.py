#!/usr/bin/env python3
"""Records what terminal programs write to an 80x24 PTY: test/real/recordings/NAME.bin, and in index.json the places where
they had gone quiet. Run as root, after scripts/setup-debian.sh: python3 test/real/record/record.py [NAME...]

The programs run in namespaces of their own (host name `demo`, home /mnt/home, no other processes to be seen), so that a
recording holds nothing of the machine it was made on.
"""
import errno, fcntl, json, os, pty, select, signal, struct, subprocess, sys, termios, textwrap, time

HERE = os.path.dirname(os.path.abspath(__file__))
RECORDINGS = os.path.join(HERE, "..", "recordings")
COLS, ROWS = 80, 24
QUIET_S = 0.35  # no output for so long: the program has drawn what it wanted to draw
STEP_S = 4.0    # a program that never goes quiet is taken as it stands

sys.dont_write_bytecode = True
sys.path.insert(0, HERE)
from programs import PROGRAMS, FILES  # noqa: E402


def enter_namespaces():
    """Runs this script again where it sees only itself."""
    os.chdir(HERE)  # top and htop show how this script was called: without a path of this machine
    os.execvp("unshare", ["unshare", "--fork", "--pid", "--mount-proc", "--uts", "--mount", "--kill-child",
                          "/usr/bin/python3", "record.py", *sys.argv[1:], "--inside"])


def prepare():
    subprocess.run(["hostname", "demo"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=True)
    for path, text in FILES.items():
        full = os.path.join("/mnt/home", path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
        os.utime(full, (1700000000, 1700000000))
        if full.endswith(".sh"):
            os.chmod(full, 0o755)
    commit = ["git", "-C", "/mnt/home/repo", "-c", "user.name=Demo", "-c", "user.email=demo@example.com"]
    dates = {"GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_DATE": "1700000000 +0000"}
    subprocess.run(["git", "init", "-q", "/mnt/home/repo"], check=True)
    for text in ("one\ntwo\n", "one\n2\nthree\n"):
        with open("/mnt/home/repo/numbers", "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run([*commit, "add", "numbers"], check=True)
        subprocess.run([*commit, "commit", "-q", "-m", "Numbers, changed"], check=True, env={**os.environ, **dates})


def populate():
    """Something for top and htop to list; it ends with the namespace."""
    for seconds in range(1000, 1030):
        subprocess.Popen(["sleep", str(seconds)])


def record(argv, steps):
    env = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": "/mnt/home", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
           "USER": "demo", "LOGNAME": "demo", "SHELL": "/bin/bash", "TZ": "UTC", "LESSHISTFILE": "-", "PS1": r"demo:\w\$ "}
    pid, master = pty.fork()
    if pid == 0:
        os.chdir("/mnt/home")
        time.sleep(0.1)  # until the size is set
        os.execvpe(argv[0], argv, env)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, 0, 0))
    stream = bytearray()
    cuts = []
    open_ = read_until_quiet(master, stream)
    cut(cuts, stream)
    for keys in steps:
        if not open_:
            break
        os.write(master, keys.encode("utf-8"))
        open_ = read_until_quiet(master, stream)
        cut(cuts, stream)
    os.close(master)
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    os.waitpid(pid, 0)
    return bytes(stream), cuts


def cut(cuts, stream):
    if len(stream) > (cuts[-1] if cuts else 0):
        cuts.append(len(stream))


def read_until_quiet(master, stream):
    """False once the program has ended."""
    began = time.monotonic()
    seen = False
    while time.monotonic() - began < STEP_S:
        ready, _, _ = select.select([master], [], [], QUIET_S if seen else 1.5)
        if not ready:
            return True
        try:
            chunk = os.read(master, 65536)
        except OSError as error:
            if error.errno == errno.EIO:
                return False
            raise
        if not chunk:
            return False
        seen = True
        answer(master, chunk)
        stream += chunk
    return True


def answer(master, chunk):
    """As a terminal would: some programs wait for these."""
    if b"\x1b[c" in chunk or b"\x1b[0c" in chunk:
        os.write(master, b"\x1b[?1;2c")
    if b"\x1b[5n" in chunk:
        os.write(master, b"\x1b[0n")


def index_line(name, cuts):
    """As the project's formatter has it: at most 110 columns."""
    line = f"  {json.dumps(name)}: {json.dumps(cuts)}"
    if len(line) + 1 <= 110:
        return line
    numbers = textwrap.fill(json.dumps(cuts)[1:-1], 110, initial_indent="    ", subsequent_indent="    ")
    return f"  {json.dumps(name)}: [\n{numbers}\n  ]"


def main():
    if "--inside" not in sys.argv:
        enter_namespaces()
    wanted = [name for name in sys.argv[1:] if name != "--inside"]
    prepare()
    populate()
    os.makedirs(RECORDINGS, exist_ok=True)
    index_path = os.path.join(RECORDINGS, "index.json")
    index = {}
    if wanted and os.path.exists(index_path):
        with open(index_path, encoding="utf-8") as file:
            index = json.load(file)
    for name, (argv, steps) in PROGRAMS.items():
        if wanted and name not in wanted:
            continue
        stream, cuts = record(argv, steps)
        with open(os.path.join(RECORDINGS, name + ".bin"), "wb") as file:
            file.write(stream)
        index[name] = cuts
        print(f"{name}: {len(stream)} bytes, {len(cuts)} screens")
    lines = ",\n".join(index_line(name, index[name]) for name in sorted(index))
    with open(index_path, "w", encoding="utf-8") as file:
        file.write("{\n" + lines + "\n}\n")


main()
