import type { Socket } from "node:net";
import type { Surroundings } from "../app/surroundings.ts";
import { Board } from "../approval/board.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { stateFolder } from "../base/state-folder.ts";
import { visibleLine } from "../base/text.ts";
import type { Workspace } from "../desk/contract.ts";
import type { Viewers } from "../desk/viewers.ts";
import { galleryOf } from "../web/gallery.ts";
import type { Guest, Place } from "../web/guest.ts";
import { listenForPages } from "../web/listen.ts";
import { readFrames, wordIn, writeWord } from "./frames.ts";
import type { Hello } from "./handshake.ts";

export interface WebRoleParts {
  readonly socket: Socket;
  readonly hello: Hello;
  readonly around: Surroundings;
  readonly version: string;
  readonly viewers: Viewers;
  /** Undefined: no call has been served yet. */
  readonly workspace: () => Workspace | undefined;
  readonly log: (event: string, fields: Record<string, string | number>) => void;
  readonly report: (error: unknown) => void;
}

/** Serves pages for as long as the person's own program is connected; it is told links to them, each good once. */
export async function serveWeb(parts: WebRoleParts): Promise<void> {
  const { socket, hello, around, version, viewers, workspace, log, report } = parts;
  const name = `${typeof hello.who === "string" ? visibleLine(hello.who, 60) : "somebody"} over the web`;
  const rights = { type: hello.type === true, approve: hello.approve === true };
  let place: Place | undefined;
  const guest: Guest = {
    name,
    rights: () => (socket.destroyed ? undefined : rights),
    sees: () => true,
    places() {
      const opened = workspace();
      if (opened !== undefined) place ??= { id: "all", workspace: opened, viewers };
      return place === undefined ? [] : [place];
    },
  };
  const gallery = galleryOf({
    version,
    board: new Board(stateFolder(around), () => Date.now()),
    auditPath: async () => workspace()?.auditFile,
    now: () => Date.now(),
  });
  const gone = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  // It may have gone before anybody listened.
  if (socket.destroyed) return;
  try {
    const page = await listenForPages(gallery, guest, Number(hello.port) || 0, report);
    readFrames(socket, (kind, content) => {
      if (kind === "word" && wordIn(content)?.link === true) writeWord(socket, { link: page.link() });
    });
    socket.once("end", () => socket.end());
    socket.resume();
    writeWord(socket, { link: page.link() });
    log("web", { port: page.port, who: name });
    await gone;
    await page.close();
    log("web_ended", { port: page.port, who: name });
  } catch (error) {
    writeWord(socket, { end: error instanceof SshMcpError ? error.toText() : messageOf(error) });
    socket.end();
  }
}
