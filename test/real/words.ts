/** Words for rows and names of tests: drawn by seed, so that nothing passes by a special case for an example. */
const NOUNS =
  "amount apple basket branch budget candle colour copper dinner engine filter garden harbour invoice journey kettle ladder market needle orchard parcel quarter record saddle target umbrella valley window yellow zipper".split(
    " ",
  );

export interface Words {
  word(): string;
  /** With a capital letter. */
  title(): string;
}

export function words(seed: number): Words {
  let state = seed >>> 0;
  const word = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return NOUNS[(state >>> 8) % NOUNS.length] ?? "word";
  };
  return {
    word,
    title() {
      const text = word();
      return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
    },
  };
}
