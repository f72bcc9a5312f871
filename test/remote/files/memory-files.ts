import { SshMcpError } from "../../../src/base/errors.ts";
import type {
  DirEntry,
  FileFacts,
  NewFacts,
  OpenFor,
  RemoteFile,
  RemoteFiles,
} from "../../../src/remote/files/contract.ts";

interface Inode {
  content: Buffer;
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
  links: number;
}

type Node = { is: "file"; inode: Inode } | { is: "link"; target: string } | { is: "dir"; mode: number };

/** How one request goes wrong: refused, or the link cut before or behind its effect. */
export type Fault = "refused" | "denied" | "no_room" | "cut_before" | "cut_after";

export interface MemoryOptions {
  readonly replaces?: boolean;
  readonly hardlinks?: boolean;
  readonly uid?: number;
}

/** Files of a host that are kept here, with the habits of OpenSSH's server; a request of choice goes wrong. */
export class MemoryFiles implements RemoteFiles {
  readonly window = { read: 4, write: 4, requests: 2 };
  readonly replaces: boolean;
  readonly hardlink?: (from: string, to: string) => Promise<void>;
  readonly nodes = new Map<string, Node>([["/", { is: "dir", mode: 0o755 }]]);
  /** Every request, in order: `open /etc/x`. */
  readonly asked: string[] = [];
  readonly uid: number;
  now = 1_000;
  /** Called with each request before it is carried out; what it gives goes wrong. */
  fault: (request: string, index: number) => Fault | undefined = () => undefined;
  /** Somebody else's work, done behind the request of that beginning. */
  meanwhile: { readonly behind: string; readonly act: () => void } | undefined;
  #cut = false;

  constructor({ replaces = true, hardlinks = true, uid = 1000 }: MemoryOptions = {}) {
    this.replaces = replaces;
    this.uid = uid;
    if (hardlinks)
      this.hardlink = (from, to) =>
        this.#do(`hardlink ${to}`, () => {
          if (this.nodes.has(to)) throw refused("file_failed", "exists");
          const inode = this.#inode(from);
          inode.links++;
          this.nodes.set(to, { is: "file", inode });
        });
    this.folder("/d");
  }

  folder(path: string): void {
    this.nodes.set(path, { is: "dir", mode: 0o755 });
  }

  put(path: string, content: string | Buffer, facts: Partial<Omit<Inode, "content">> = {}): void {
    const inode = { mode: 0o644, uid: this.uid, gid: this.uid, mtime: 500, links: 1, ...facts };
    this.nodes.set(path, { is: "file", inode: { ...inode, content: Buffer.from(content) } });
  }

  link(path: string, target: string): void {
    this.nodes.set(path, { is: "link", target });
  }

  text(path: string): string | undefined {
    const node = this.nodes.get(path);
    return node?.is === "file" ? node.inode.content.toString() : undefined;
  }

  facts(path: string): Inode {
    return this.#inode(path);
  }

  /** The link is there again, for whoever looks afterwards. */
  mend(): void {
    this.#cut = false;
    this.fault = () => undefined;
  }

  names(): string[] {
    return [...this.nodes.keys()].filter((path) => this.nodes.get(path)?.is !== "dir").sort();
  }

  stat(path: string): Promise<FileFacts> {
    return this.#do(`stat ${path}`, () => this.#factsOf(this.#resolved(path)));
  }

  lstat(path: string): Promise<FileFacts> {
    return this.#do(`lstat ${path}`, () => this.#factsOf(path));
  }

  realpath(path: string): Promise<string> {
    return this.#do(`realpath ${path}`, () => this.#resolved(path));
  }

  readlink(path: string): Promise<string> {
    return this.#do(`readlink ${path}`, () => {
      const node = this.nodes.get(path);
      if (node?.is !== "link") throw refused("file_failed", "no link");
      return node.target;
    });
  }

  async *list(folder: string): AsyncGenerator<readonly DirEntry[]> {
    const entries = await this.#do(`list ${folder}`, () =>
      [...this.nodes.entries()]
        .filter(([path]) => path !== "/" && parent(path) === folder)
        .map(([path, node]) => ({
          name: path.slice(path.lastIndexOf("/") + 1),
          facts: this.#factsOf(path),
          ...(node.is === "file" ? { links: node.inode.links } : {}),
        })),
    );
    for (const entry of entries) yield [entry];
  }

  open(path: string, what: OpenFor, mode = 0o666): Promise<RemoteFile> {
    return this.#do(`open ${what} ${path}`, () => {
      const real = this.#resolved(path);
      const there = this.nodes.get(real);
      if (what === "create") {
        if (there !== undefined) throw refused("file_exists", path);
        if (this.nodes.get(parent(path))?.is !== "dir") throw refused("no_such_file", path);
        const { uid, now: mtime } = this;
        const inode = { content: Buffer.alloc(0), mode: mode & ~0o022, uid, gid: uid, mtime, links: 1 };
        this.nodes.set(path, { is: "file", inode });
        return this.#file(path, inode);
      }
      if (there === undefined) throw refused("no_such_file", path);
      if (there.is !== "file") throw refused("file_failed", path);
      if (what === "truncate") there.inode.content = Buffer.alloc(0);
      return this.#file(path, there.inode);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#do(`rename ${to}`, () => {
      const node = this.nodes.get(from);
      if (node === undefined) throw refused("no_such_file", from);
      if (!this.replaces && this.nodes.has(to)) throw refused("file_exists", to);
      this.nodes.set(to, node);
      this.nodes.delete(from);
    });
  }

  symlink(target: string, path: string): Promise<void> {
    return this.#do(`symlink ${path}`, () => this.link(path, target));
  }

  set(path: string, facts: NewFacts): Promise<void> {
    return this.#do(`set ${path}`, () => this.#set(this.#inode(path), facts));
  }

  remove(path: string): Promise<void> {
    return this.#do(`remove ${path}`, () => {
      const node = this.nodes.get(path);
      if (node === undefined) throw refused("no_such_file", path);
      if (node.is === "file") node.inode.links--;
      this.nodes.delete(path);
    });
  }

  mkdir(path: string): Promise<void> {
    return this.#do(`mkdir ${path}`, () => {
      if (this.nodes.get(parent(path))?.is !== "dir") throw refused("no_such_file", path);
      this.folder(path);
    });
  }

  rmdir(path: string): Promise<void> {
    return this.#do(`rmdir ${path}`, () => {
      this.nodes.delete(path);
    });
  }

  #file(path: string, inode: Inode): RemoteFile {
    return {
      stat: () =>
        this.#do(`fstat ${path}`, () => ({ type: "file", size: inode.content.length, ...bare(inode) })),
      set: (facts) => this.#do(`fset ${path}`, () => this.#set(inode, facts)),
      read: (position, length) =>
        this.#do(`read ${path}`, () =>
          Buffer.from(inode.content.subarray(position, position + Math.min(length, 4))),
        ),
      write: async (position, bytes) => {
        for (let at = 0; at < bytes.length; at += 4)
          await this.#do(`write ${path}`, () => {
            const part = bytes.subarray(at, at + 4);
            const size = Math.max(inode.content.length, position + at + part.length);
            const content = Buffer.alloc(size);
            inode.content.copy(content);
            part.copy(content, position + at);
            inode.content = content;
            inode.mtime = this.now;
          });
      },
      sync: () => this.#do(`sync ${path}`, () => true),
      close: () => this.#do(`close ${path}`, () => {}),
    };
  }

  #set(inode: Inode, { mode, uid, gid, size }: NewFacts): void {
    if (uid !== undefined && uid !== inode.uid && this.uid !== 0) throw refused("permission_denied", "chown");
    if (uid !== undefined) inode.uid = uid;
    if (gid !== undefined) inode.gid = gid;
    if (mode !== undefined) inode.mode = mode;
    if (size !== undefined) inode.content = Buffer.concat([inode.content, Buffer.alloc(size)], size);
  }

  #inode(path: string): Inode {
    const node = this.nodes.get(path);
    if (node?.is !== "file") throw refused("no_such_file", path);
    return node.inode;
  }

  #resolved(path: string): string {
    const node = this.nodes.get(path);
    return node?.is === "link" ? this.#resolved(node.target) : path;
  }

  #factsOf(path: string): FileFacts {
    const node = this.nodes.get(path);
    if (node === undefined) throw refused("no_such_file", path);
    if (node.is !== "file") return { type: node.is, mode: 0o755 };
    return { type: "file", size: node.inode.content.length, ...bare(node.inode) };
  }

  async #do<T>(request: string, act: () => T): Promise<T> {
    await Promise.resolve();
    if (this.#cut) throw cut();
    const fault = this.fault(request, this.asked.length);
    this.asked.push(request);
    switch (fault) {
      case "refused":
        throw refused("file_failed", "Failure");
      case "denied":
        throw refused("permission_denied", "the login may not do this");
      case "no_room":
        throw refused("file_failed", "no space left on device");
      case "cut_before":
        this.#cut = true;
        throw cut();
      case "cut_after":
        this.#cut = true;
        act();
        throw cut();
    }
    const done = act();
    if (this.meanwhile !== undefined && request.startsWith(this.meanwhile.behind)) {
      const { act: others } = this.meanwhile;
      this.meanwhile = undefined;
      others();
    }
    return done;
  }
}

function bare({ mode, uid, gid, mtime }: Inode) {
  return { mode, uid, gid, mtime };
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

function refused(code: "no_such_file" | "file_exists" | "file_failed" | "permission_denied", why: string) {
  return new SshMcpError(code, why);
}

function cut() {
  return new SshMcpError("connect_failed", "the link went");
}
