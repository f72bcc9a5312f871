/** Types a name may begin with; earlier ones win an abbreviation. */
export const INTERFACE_TYPES = [
  { type: "FastEthernet", short: "Fa", text: "FastEthernet IEEE 802.3" },
  { type: "GigabitEthernet", short: "Gi", text: "GigabitEthernet IEEE 802.3z" },
  { type: "Loopback", short: "Lo", text: "Loopback interface" },
  { type: "Vlan", short: "Vl", text: "Catalyst Vlans" },
] as const;

/** `gi` is `GigabitEthernet`; undefined when no type, or more than one, begins so. */
export function expandType(letters: string): string | undefined {
  const found = INTERFACE_TYPES.filter(({ type }) => type.toLowerCase().startsWith(letters.toLowerCase()));
  return found.length === 1 ? found[0]?.type : undefined;
}

/** `GigabitEthernet1/0/1` is `Gi1/0/1`. */
export function shortName(name: string): string {
  const [, type, number] = /^([A-Za-z]+)(.*)$/.exec(name) ?? [];
  const known = INTERFACE_TYPES.find((entry) => entry.type === type);
  return `${known?.short ?? type}${number}`;
}

/** `Gi1/0/1 - 3, vlan 5` as whole names; undefined when it does not read as a range. */
export function expandRange(text: string): string[] | undefined {
  const names: string[] = [];
  for (const part of text.split(",")) {
    const match = /^\s*([a-z]+)\s*([\d/]*?)(\d+)(?:\s*-\s*(\d+))?\s*$/i.exec(part);
    const [, letters = "", before = "", first = "", last = first] = match ?? [];
    const type = expandType(letters);
    const count = Number(last) - Number(first);
    if (match === null || type === undefined || count < 0 || count > 100) return undefined;
    for (let step = 0; step <= count; step++) names.push(`${type}${before}${Number(first) + step}`);
  }
  return names;
}
