import { DISGUISE } from "../../base/text.ts";

/** Device names of Windows, also with an ending behind them; and what its file names may not hold, or end with. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i;
const WINDOWS_NEVER = /[<>:"|?*\\]|[. ]$/;

/**
 * Why no file here is given that name, as the end of a sentence; undefined: it is a plain name. A name may come from a
 * server that means harm: it must stay in its folder (CVE-2019-6111) and show what it is.
 */
export function nameTrouble(name: string, platform: NodeJS.Platform): string | undefined {
  if (name === "" || name === "." || name === "..") return "it names no file of its folder";
  if (name.includes("/") || name.includes("\0")) return "it names no file of its folder";
  if (new RegExp(DISGUISE.source, "u").test(name) || /[\t\n\ud800-\udfff]/u.test(name))
    return "it holds characters that hide or disguise it";
  if (name.trim() !== name) return "it begins or ends with a blank";
  if (platform === "win32" && (WINDOWS_NEVER.test(name) || WINDOWS_DEVICE.test(name)))
    return "Windows takes no such name for a file";
  if (Buffer.byteLength(name) > 255) return "it is longer than 255 bytes";
  return undefined;
}

/** Names that some file systems take for the same: whatever case, and however accents are put together. */
export function folded(name: string): string {
  return name.normalize("NFC").toLowerCase().normalize("NFC");
}
