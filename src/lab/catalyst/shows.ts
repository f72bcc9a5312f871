import type { IosConfig } from "./config.ts";
import type { IosInterface, IosSettings, VtyLines } from "./settings.ts";

/** Rows of the show commands, as IOS 15.2 on a Catalyst lays them out. */
export function showVersion({ running }: IosConfig): string[] {
  const { hostname } = running;
  return [
    "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E4, RELEASE SOFTWARE (fc2)",
    "Technical Support: http://www.cisco.com/techsupport",
    "Copyright (c) 1986-2021 by Cisco Systems, Inc.",
    "Compiled Mon 08-Mar-21 12:41 by prod_rel_team",
    "",
    "ROM: Bootstrap program is C2960X boot loader",
    "BOOTLDR: C2960X Boot Loader (C2960X-HBOOT-M) Version 15.2(7r)E, RELEASE SOFTWARE (fc1)",
    "",
    `${hostname} uptime is 3 weeks, 2 days, 4 hours, 11 minutes`,
    "System returned to ROM by power-on",
    'System image file is "flash:/c2960x-universalk9-mz.152-7.E4.bin"',
    "Last reload reason: Reload command",
    "",
    "cisco WS-C2960X-24TS-L (APM86XXX) processor (revision A0) with 524288K bytes of memory.",
    "Processor board ID FOC0000LAB0",
    "Last reset from power-on",
    "2 Virtual Ethernet interfaces",
    "24 Gigabit Ethernet interfaces",
    "2 Ten Gigabit Ethernet interfaces",
    "The password-recovery mechanism is enabled.",
    "",
    "512K bytes of flash-simulated non-volatile configuration memory.",
    "Base ethernet MAC Address       : 00:00:5E:00:53:01",
    "Model number                    : WS-C2960X-24TS-L",
    "System serial number            : FOC0000LAB0",
    "",
    "Configuration register is 0xF",
    "",
  ];
}

export function configRows(settings: IosSettings, heading: readonly string[]): string[] {
  const rows = [
    ...heading,
    "!",
    "version 15.2",
    "no service pad",
    "service timestamps debug datetime msec",
    "service timestamps log datetime msec",
    "!",
    `hostname ${settings.hostname}`,
    "!",
    "enable secret 9 $9$lab$notarealhash",
    "!",
    ...settings.users.map((user) => `username ${user} privilege 15`),
    settings.newModel ? "aaa new-model" : "no aaa new-model",
    ...settings.aaa.map((row) => `aaa ${row}`),
    ...settings.vrfs.map((name) => `vrf definition ${name}`),
    ...(settings.archivePath === undefined ? [] : ["archive", ` path ${settings.archivePath}`]),
    ...(settings.domainLookup ? [] : ["no ip domain-lookup"]),
    "!",
    "spanning-tree mode rapid-pvst",
    "spanning-tree extend system-id",
    "!",
  ];
  for (const [id, name] of settings.vlans) if (id !== 1) rows.push(`vlan ${id}`, ` name ${name}`, "!");
  for (const one of settings.interfaces.values()) rows.push(...interfaceRows(one), "!");
  rows.push(...settings.routes.map((row) => `ip route ${row}`), "!");
  for (const [name, { kind, rows: entries }] of settings.lists)
    rows.push(`ip access-list ${kind} ${name}`, ...entries.map((row) => ` ${row}`), "!");
  rows.push(...settings.others);
  if (settings.banner !== "") rows.push(`banner motd ^C${settings.banner}^C`, "!");
  const [low, high] = settings.vty;
  rows.push(
    "line con 0",
    ...(settings.loggingSynchronous ? [" logging synchronous"] : []),
    "line vty 0 4",
    ...(settings.timestampedPrompt ? [" exec prompt timestamp"] : []),
    ...vtyRows(low),
    "line vty 5 15",
    ...vtyRows(high),
    "!",
    "end",
    "",
  );
  return rows;
}

function vtyRows({ accessClass, login, transport }: VtyLines): string[] {
  return [
    ...(accessClass === "" ? [] : [` access-class ${accessClass} in`]),
    login === "local" ? " login local" : " login",
    ` transport input ${transport}`,
  ];
}

export function runningConfig({ running }: IosConfig): string[] {
  const size = configRows(running, []).join("\n").length;
  return configRows(running, ["Building configuration...", "", `Current configuration : ${size} bytes`]);
}

export function startupConfig({ startup }: IosConfig): string[] {
  if (startup === undefined) return ["startup-config is not present"];
  const size = configRows(startup, []).join("\n").length;
  return configRows(startup, [`Using ${size} out of 524288 bytes`]);
}

export function interfaceRows(one: IosInterface): string[] {
  const port = one.name.includes("Ethernet");
  return [
    `interface ${one.name}`,
    ...(one.description === "" ? [] : [` description ${one.description}`]),
    ...(port && one.accessVlan !== 1 ? [` switchport access vlan ${one.accessVlan}`] : []),
    ...(port ? [" switchport mode access"] : []),
    ...(one.vrf === "" ? [] : [` vrf forwarding ${one.vrf}`]),
    ...(port ? [] : [one.address === "" ? " no ip address" : ` ip address ${one.address}`]),
    ...(one.accessGroup === "" ? [] : [` ip access-group ${one.accessGroup} in`]),
    ...(one.shutdown ? [" shutdown"] : []),
  ];
}

function isUp(one: IosInterface): boolean {
  return one.wired && !one.shutdown;
}

export function interfaceBrief({ running }: IosConfig): string[] {
  const rows = [...running.interfaces.values()].map((one) => {
    const address = one.address === "" ? "unassigned" : (one.address.split(" ")[0] ?? "");
    const status = one.shutdown ? "administratively down" : isUp(one) ? "up" : "down";
    const method = one.address === "" ? "unset" : "NVRAM";
    const name = one.name.length < 23 ? one.name : shortName(one.name);
    return `${name.padEnd(23)}${address.padEnd(16)}YES ${method.padEnd(7)}${status.padEnd(22)}${isUp(one) ? "up" : "down"}`.concat(
      isUp(one) ? "      " : "    ",
    );
  });
  return ["Interface              IP-Address      OK? Method Status                Protocol", ...rows];
}

export function interfaceStatus({ running }: IosConfig): string[] {
  const ports = [...running.interfaces.values()].filter(({ name }) => name.includes("Ethernet"));
  const rows = ports.map((one) => {
    const status = one.shutdown ? "disabled" : one.wired ? "connected" : "notconnect";
    const speed = one.wired ? "a-1000" : "auto";
    return `${shortName(one.name).padEnd(10)}${one.description.slice(0, 18).padEnd(19)}${status.padEnd(13)}${String(one.accessVlan).padEnd(11)}${(one.wired ? "a-full" : "auto").padStart(6)}${speed.padStart(7)} 10/100/1000BaseTX`;
  });
  return ["", "Port      Name               Status       Vlan       Duplex  Speed Type", ...rows];
}

export function interfaces({ running }: IosConfig, only?: string): string[] {
  return [...running.interfaces.values()]
    .filter(({ name }) => only === undefined || name === only)
    .flatMap((one, index) => {
      const line = one.shutdown ? "administratively down" : isUp(one) ? "up" : "down";
      const mac = `0000.5e00.53${(index + 1).toString(16).padStart(2, "0")}`;
      return [
        `${one.name} is ${line}, line protocol is ${isUp(one) ? "up (connected)" : "down"} `,
        `  Hardware is Gigabit Ethernet, address is ${mac} (bia ${mac})`,
        ...(one.description === "" ? [] : [`  Description: ${one.description}`]),
        ...(one.address === "" ? [] : [`  Internet address is ${one.address.split(" ")[0]}/24`]),
        "  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec, ",
        "     reliability 255/255, txload 1/255, rxload 1/255",
        "  Encapsulation ARPA, loopback not set",
        "  Keepalive set (10 sec)",
        "  Last input 00:00:01, output 00:00:00, output hang never",
        '  Last clearing of "show interface" counters never',
        "  Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: 0",
        `  5 minute input rate ${index * 1000} bits/sec, ${index} packets/sec`,
        `  5 minute output rate ${index * 2000} bits/sec, ${index * 2} packets/sec`,
        `     ${index * 12345} packets input, ${index * 987654} bytes, 0 no buffer`,
        "     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored",
        `     ${index * 23456} packets output, ${index * 1234567} bytes, 0 underruns`,
        "     0 output errors, 0 collisions, 1 interface resets",
      ];
    });
}

export function vlanBrief({ running }: IosConfig): string[] {
  const ports = [...running.interfaces.values()].filter(({ name }) => name.includes("Ethernet"));
  const rows = [...running.vlans].flatMap(([id, name]) => {
    const members = ports.filter((one) => one.accessVlan === id).map((one) => shortName(one.name));
    const lines: string[] = [];
    for (let at = 0; at < Math.max(1, members.length); at += 4) {
      const few = members.slice(at, at + 4).join(", ");
      const head = at === 0 ? `${String(id).padEnd(5)}${name.padEnd(33)}active    ` : " ".repeat(48);
      lines.push(`${head}${few}`);
    }
    return lines;
  });
  return [
    "",
    "VLAN Name                             Status    Ports",
    "---- -------------------------------- --------- -------------------------------",
    ...rows,
  ];
}

export function macTable({ running }: IosConfig): string[] {
  const rows = [...running.interfaces.values()]
    .filter((one) => isUp(one) && one.name.startsWith("Gigabit"))
    .map((one, index) => {
      const mac = `0200.5e10.${(index + 1).toString(16).padStart(4, "0")}`;
      return `${String(one.accessVlan).padStart(4)}    ${mac}    DYNAMIC     ${shortName(one.name)}`;
    });
  return [
    "          Mac Address Table",
    "-------------------------------------------",
    "",
    "Vlan    Mac Address       Type        Ports",
    "----    -----------       --------    -----",
    ...rows,
    `Total Mac Addresses for this criterion: ${rows.length}`,
  ];
}

export function arp(): string[] {
  return [
    "Protocol  Address          Age (min)  Hardware Addr   Type   Interface",
    "Internet  192.0.2.1               7   0200.5e10.00fe  ARPA   Vlan10",
    "Internet  192.0.2.10              -   0000.5e00.5302  ARPA   Vlan10",
  ];
}

export function inventory(): string[] {
  return [
    'NAME: "1", DESCR: "WS-C2960X-24TS-L"',
    "PID: WS-C2960X-24TS-L  , VID: V05  , SN: FOC0000LAB0",
    "",
    'NAME: "TenGigabitEthernet1/1/1", DESCR: "SFP-10GBase-SR"',
    "PID: SFP-10G-SR          , VID: V03  , SN: LAB00000001     ",
    "",
  ];
}

export function logging({ log }: IosConfig): string[] {
  return [
    "Syslog logging: enabled (0 messages dropped, 3 messages rate-limited, 0 flushes, 0 overruns)",
    "",
    "    Console logging: disabled",
    "    Monitor logging: level debugging, 0 messages logged",
    `    Buffer logging:  level debugging, ${log.length} messages logged, xml disabled`,
    "",
    "Log Buffer (4096 bytes):",
    "",
    ...log,
  ];
}

export function accessLists({ running }: IosConfig): string[] {
  return [...running.lists].flatMap(([name, { kind, rows }]) => [
    `${kind === "standard" ? "Standard" : "Extended"} IP access list ${name}`,
    ...rows.map((row, at) => `    ${(at + 1) * 10} ${row}`),
  ]);
}

/** The static ones; the connected ones are in `show ip interface brief`. */
export function routes({ running }: IosConfig): string[] {
  return running.routes.map((row) => {
    const [network = "", mask = "", hop = ""] = row.split(" ");
    const bits = mask
      .split(".")
      .reduce((sum, part) => sum + Number(part).toString(2).replaceAll("0", "").length, 0);
    return `S${bits === 0 ? "*" : " "}    ${network}/${bits} [1/0] via ${hop}`;
  });
}

/** In front of what each `show` says, where the line is set so. */
export function promptTimestamp(clock: string): string[] {
  const load = "Load for five secs: 5%/0%; one minute: 6%; five minutes: 6%";
  return [load, `Time source is NTP, ${clock.slice(1)}`, ""];
}

/** Everything together, several times over: longer than any page. */
export function techSupport(config: IosConfig): string[] {
  const part = (title: string, rows: readonly string[]) => [
    "",
    `------------------ show ${title} ------------------`,
    "",
    ...rows,
  ];
  const once = [
    ...part("version", showVersion(config)),
    ...part("running-config", runningConfig(config)),
    ...part("interfaces", interfaces(config)),
    ...part("interfaces status", interfaceStatus(config)),
    ...part("vlan brief", vlanBrief(config)),
    ...part("mac address-table", macTable(config)),
  ];
  return [...once, ...once, ...once, ...once];
}

export function shortName(name: string): string {
  return name
    .replace(/^TenGigabitEthernet/, "Te")
    .replace(/^GigabitEthernet/, "Gi")
    .replace(/^Vlan/, "Vl");
}

/** `gi1/0/5`, `GigabitEthernet 1/0/5`, `vl10` as the interface's own name. */
export function interfaceNamed(settings: IosSettings, typed: string): IosInterface | undefined {
  const [, kind = "", number = ""] = /^([a-z]+)\s*([\d/]+)$/i.exec(typed.trim()) ?? [];
  return [...settings.interfaces.values()].find(({ name }) => {
    const [, own = "", at = ""] = /^([A-Za-z]+)([\d/]+)$/.exec(name) ?? [];
    return at === number && own.toLowerCase().startsWith(kind.toLowerCase());
  });
}
