import { describe, expect, it } from "vitest";
import { SshMcpError } from "../../src/base/errors.ts";
import { encodeKeys, encodeText, PLAIN_MODES, parseKeys } from "../../src/terminal/keys.ts";

const APPLICATION = { ...PLAIN_MODES, applicationCursorKeys: true };
const PASTE = { ...PLAIN_MODES, bracketedPaste: true };
const sent = (text: string, modes = PLAIN_MODES) => encodeKeys(parseKeys(text), modes).toString("latin1");

describe("keys", () => {
  it.each([
    ["ls<Enter>", "ls\r"],
    ["ihello<Esc>:wq<Enter>", "ihello\x1b:wq\r"],
    ["<C-c>", "\x03"],
    ["<c-C>", "\x03"],
    ["<C-Space>", "\x00"],
    ["<C-@>", "\x00"],
    ["<C-[>", "\x1b"],
    ["<C-]>", "\x1d"],
    ["<C-\\>", "\x1c"],
    ["<C-^>", "\x1e"],
    ["<C-_>", "\x1f"],
    ["<C-?>", "\x7f"],
    ["<M-x>", "\x1bx"],
    ["<A-x>", "\x1bx"],
    ["<M-<>", "\x1b<"],
    ["<C-M-a>", "\x1b\x01"],
    ["<S-a>", "A"],
    ["<Tab><S-Tab><BTab>", "\t\x1b[Z\x1b[Z"],
    ["<BSpace><Backspace><BS><C-h>", "\x7f\x7f\x7f\b"],
    ["<Del><Ins><Home><End><PgUp><PageDown>", "\x1b[3~\x1b[2~\x1b[H\x1b[F\x1b[5~\x1b[6~"],
    ["<F1><F4><F5><F12>", "\x1bOP\x1bOS\x1b[15~\x1b[24~"],
    ["<S-F5><C-F1>", "\x1b[15;2~\x1b[1;5P"],
    ["<C-Left><S-Up><M-Right><C-S-Down>", "\x1b[1;5D\x1b[1;2A\x1b[1;3C\x1b[1;6B"],
    ["<lt>Enter>", "<Enter>"],
    ["<CR><LF><Space><Return>", "\r\n \r"],
  ])("sends %s as %j", (text, bytes) => {
    expect(sent(text)).toBe(bytes);
  });

  it("sends cursor keys as SS3 when the program switched application cursor mode on, but not with a modifier", () => {
    expect(sent("<Up><End><C-Up>", APPLICATION)).toBe("\x1bOA\x1bOF\x1b[1;5A");
    expect(sent("<Up>")).toBe("\x1b[A");
  });

  it.each(["a < b", "cat <<EOF", "<b>", "x <1> y", "</div>", "2>&1 <", "<", "<>", "<C->", "if (a<b && c>d)"])(
    "leaves %j as it is",
    (text) => {
      expect(sent(text)).toBe(text);
    },
  );

  it.each([
    ["<Entr>", "<Enter>"],
    ["<Escap>", "<Esc>"],
    ["<PgUpp>", "<PgUp>"],
    ["<F13>", "<F1>"],
    ["<C-Foo>", "not a known key"],
  ])("refuses %s whole and names %s", (token, near) => {
    const parse = () => parseKeys(`rm -rf /tmp/x${token}`);
    expect(parse).toThrow(SshMcpError);
    expect(parse).toThrow(near);
    expect(parse).toThrow(token);
  });

  it("refuses Ctrl with a character no terminal can send it with", () => {
    expect(() => parseKeys("<C-é>")).toThrow(SshMcpError);
    expect(() => parseKeys("<C-1>")).toThrow("Ctrl goes with");
  });

  it("turns line feeds inside literal text into Enter and keeps UTF-8 whole", () => {
    expect(sent("a\nb")).toBe("a\rb");
    expect(encodeKeys(parseKeys("é😀<Enter>"), PLAIN_MODES).toString("utf8")).toBe("é😀\r");
  });
});

describe("literal text", () => {
  it("reads no key names", () => {
    expect(encodeText("<Enter>", PLAIN_MODES).toString()).toBe("<Enter>");
  });

  it("presses Enter only when asked", () => {
    expect(encodeText("y", PLAIN_MODES, { enter: true }).toString()).toBe("y\r");
    expect(encodeText("y", PLAIN_MODES, { enter: false }).toString()).toBe("y");
  });

  it("pastes several lines as one where the program asked for it, and types them elsewhere", () => {
    expect(encodeText("a\nb\r\nc", PASTE, { enter: true }).toString()).toBe("\x1b[200~a\rb\rc\x1b[201~\r");
    expect(encodeText("a\nb", PLAIN_MODES).toString()).toBe("a\rb");
    expect(encodeText("a", PASTE).toString()).toBe("a");
  });

  it.each(["a\x1b[201~\nrm", "a\u009b201~b"])("refuses text that would end its own paste: %j", (text) => {
    expect(() => encodeText(text, PASTE)).toThrow(SshMcpError);
    expect(() => encodeText(text, PLAIN_MODES)).toThrow("ESC[201~");
  });

  it.each([
    ["<Ctrl-C>", "<C-c>"],
    ["<ctrl+d>", "<C-d>"],
    ["x<Alt-Left>", "<M-Left>"],
    ["<Shift-Tab>", "<S-Tab>"],
    ["<Ctrl-Alt-Del>", "<C-M-Del>"],
  ])("refuses %s as other programs write it, and says how it is written here", (text, written) => {
    expect(() => parseKeys(text)).toThrow(
      expect.objectContaining({ next: expect.stringContaining(written) }),
    );
  });

  it("tells what a modifier goes with", () => {
    expect(() => parseKeys("<C-foo>")).toThrow(
      expect.objectContaining({ next: expect.stringContaining("one character or a named key") }),
    );
  });
});
