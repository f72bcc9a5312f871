import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DROPBEAR } from "./dropbear.ts";
import { mustRun } from "./process.ts";
import { startServer, type TestServer } from "./server.ts";
import { testUsers } from "./users.ts";

const PROGRAM = "/usr/sbin/dropbear";
const BUSYBOX = "/bin/busybox";
/** Applets of a small router; `stty`, `ps` and all else of procps are not among them. */
const APPLETS =
  "ash sh cat echo ls printf head tail grep sed sleep seq true false uname tty id wc tr test [ kill mkdir rm touch pwd env";

/**
 * BusyBox ash behind dropbear in a root of its own that has neither stty nor ps, as on a small OpenWrt router; one logs in as
 * root. The busybox of Debian runs its applets by name without a file of that name, so the name is taken out of its table.
 */
export function startWithoutStty(): Promise<TestServer> {
  return startServer({
    name: "dropbear-bare",
    ...DROPBEAR,
    async command({ port, dir, key }) {
      const root = join(dir, "root");
      await makeRoot(root, key);
      const mounts = [
        `mount -t proc proc ${root}/proc`,
        `mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts ${root}/dev/pts`,
        `ln -s pts/ptmx ${root}/dev/ptmx`,
        `for f in null zero tty urandom; do : >${root}/dev/$f; mount --bind /dev/$f ${root}/dev/$f; done`,
      ];
      const serve = `exec chroot ${root} ${PROGRAM} -F -E -r /key -p 127.0.0.1:${port} -P /pid`;
      const script = `set -e; ${mounts.join("; ")}; ${serve}`;
      return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script];
    },
  });
}

async function makeRoot(root: string, key: string): Promise<void> {
  for (const path of ["bin", "etc", "dev/pts", "proc", "root/.ssh", "tmp", "usr/sbin"])
    await mkdir(join(root, path), { recursive: true, mode: 0o755 });
  const program = await readFile(BUSYBOX);
  let at = program.indexOf("\0stty\0");
  if (at < 0) throw new Error(`${BUSYBOX} has no applet stty`);
  // The table is in order: a name that stands in the same place.
  for (; at >= 0; at = program.indexOf("\0stty\0", at + 1)) program.write("\0stt0\0", at, "latin1");
  await writeFile(join(root, "bin/busybox"), program, { mode: 0o755 });
  for (const applet of APPLETS.split(" ")) await symlink("busybox", join(root, "bin", applet));
  await copyFile(PROGRAM, join(root, PROGRAM));
  for (const file of [BUSYBOX, PROGRAM]) await copyLibraries(file, root);
  await copyFile(key, join(root, "key"));
  await writeFile(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/ash\n");
  await writeFile(join(root, "etc/group"), "root:x:0:\n");
  await writeFile(join(root, "etc/shells"), "/bin/ash\n");
  await writeFile(join(root, "etc/profile"), "export PATH=/bin\nexport PS1='\\u@\\h:\\w\\$ '\n");
  await copyFile(`${testUsers().keyPath}.pub`, join(root, "root/.ssh/authorized_keys"));
  await mustRun("chmod", ["-R", "go-rwx", join(root, "root")]);
}

async function copyLibraries(program: string, root: string): Promise<void> {
  const needed = await mustRun("ldd", [program]);
  for (const [path] of needed.matchAll(/\/\S+\.so\S*/g)) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await copyFile(path, join(root, path));
  }
}
