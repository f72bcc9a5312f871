/**
 * Characters that take no cell of their own: combining marks and format controls. A superset of the emulator's own table
 * (Unicode 11), because newer marks may only be counted too often, never too seldom.
 */
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\u1734\ud7b0-\ud7ff\u{1171e}]/u;

const FIRST = 0x300;
/** One bit for each code point of the basic plane; made when the first candidate arrives. */
let basicPlane: Uint8Array | undefined;

export function isZeroWidth(codePoint: number): boolean {
  if (codePoint < FIRST) return false;
  if (codePoint < 0x10000) {
    basicPlane ??= drawBasicPlane();
    return (((basicPlane[codePoint >> 3] ?? 0) >> (codePoint & 7)) & 1) === 1;
  }
  // Emoji, rare ideographs and all of planes 2 and 3 are spacing: the common case needs no table.
  if (codePoint >= 0x1f000 && codePoint < 0xe0000) return false;
  return ZERO_WIDTH.test(String.fromCodePoint(codePoint));
}

function drawBasicPlane(): Uint8Array {
  const bits = new Uint8Array(0x10000 / 8);
  for (let code = FIRST; code < 0x10000; code++) {
    if ((code >= 0x3400 && code < 0xa000) || (code >= 0xac00 && code < 0xd7a4)) continue; // ideographs, syllables
    if (ZERO_WIDTH.test(String.fromCharCode(code)))
      bits[code >> 3] = (bits[code >> 3] ?? 0) | (1 << (code & 7));
  }
  return bits;
}
