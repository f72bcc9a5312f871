import { createHash } from "node:crypto";
import { asset } from "./assets.ts";
import type { Reel } from "./words.ts";

/**
 * One file that plays a recording in a browser, from a disk as well: pictures, player and sheet are in it, and its policy lets nothing
 * else in and nothing out.
 */
export function reelPage(reel: Reel): string {
  const script = part("player.js");
  const sheet = part("player.css");
  // Data, not a script: it is never run. `<` would end the element.
  const data = JSON.stringify(reel).replaceAll("<", "\\u003c");
  const policy = `default-src 'none'; script-src '${digest(script)}'; style-src '${digest(sheet)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(reel.title)}</title>
<style>${sheet}</style>
</head>
<body>
<main id="player"></main>
<script type="application/json" id="reel">${data}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

function part(name: string): string {
  return (asset(name)?.bytes.toString("utf8") ?? "").trim();
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
