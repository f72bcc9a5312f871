import { nearest } from "../base/text.ts";

/** Ids of platforms that are probably meant; the words people use for the common ones first. */
export function platformMeant(given: string, ids: readonly string[]): string | undefined {
  return platformCalled(given, ids) ?? nearest(given.replace(/[^A-Za-z0-9]+/g, "_"), ids)[0];
}

/** The platform that a word names for certain, in its own spelling or as other programs call it. */
export function platformCalled(given: string, ids: readonly string[]): string | undefined {
  const word = given.toLowerCase().replace(/[^a-z0-9]/g, "");
  const same = ids.find((id) => id.replaceAll("_", "") === word);
  if (same !== undefined) return same;
  const usual = Object.entries(USUAL).find(([names]) => names.split(" ").includes(word))?.[1];
  return usual !== undefined && ids.includes(usual) ? usual : undefined;
}

const USUAL: Readonly<Record<string, string>> = {
  "linux unix bsd freebsd openbsd debian ubuntu centos rhel redhat fedora alpine suse macos darwin bash zsh sh shell server generic":
    "posix",
  "ios iosxe ciscoiosxe ciscoxe cisco ciscotelnet ioscli catalyst": "cisco_ios",
  "nxos nexus": "cisco_nxos",
  "iosxr xr ciscoxr": "cisco_iosxr",
  asa: "cisco_asa",
  "junos juniper junosevolved": "juniper_junos",
  "eos arista": "arista_eos",
  "routeros mikrotik": "mikrotik_routeros",
  "vrp huawei": "huawei_vrp",
  "detect autodetect any unknown": "auto",
};
