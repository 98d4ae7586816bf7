// SPDX-License-Identifier: MIT
// The headers that are held against the truth: all of the kernel's, and those of the C library and of libraries that are installed.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TruthTarget } from "./targets.ts";

/** Headers that are compiled with the same flags, as `#include` names them. */
export interface HeaderSet {
  readonly name: string;
  readonly headers: readonly string[];
  readonly flags: readonly string[];
  /** Whether the program that is asked runs, or is compiled only: kernel headers do not all go with those of the C library. */
  readonly runs: boolean;
  /** A survey of fewer is none. */
  readonly least: { readonly headers: number; readonly structs: number };
}

/** Folders of the kernel's interface to programs. */
const KERNEL_FOLDERS = ["linux", "asm-generic", "drm", "misc", "mtd", "rdma", "scsi", "sound", "video", "xen"];

/** Kernel headers with bitfields, unions, packed structs, wide enums and many structs: what stands for all where time is short. */
const KERNEL_SAMPLE = [
  ...["atm.h", "bpf.h", "btrfs.h", "can.h", "cec.h", "dcbnl.h", "ethtool.h", "fuse.h", "gfs2_ondisk.h", "icmpv6.h"],
  ...[
    "if_link.h",
    "iio/types.h",
    "in6.h",
    "input.h",
    "io_uring.h",
    "ip.h",
    "joystick.h",
    "kvm.h",
    "mptcp.h",
    "nl80211.h",
  ],
  ...["perf_event.h", "ppp_defs.h", "ptp_clock.h", "rds.h", "seccomp.h", "snmp.h", "tcp.h", "v4l2-controls.h"],
  ...["vfio.h", "videodev2.h", "virtio_net.h", "wireless.h", "xfrm.h"],
].map((name) => `linux/${name}`);

/** The C library's, with everything it can show. */
const C_LIBRARY = [
  ...["aio.h", "arpa/nameser.h", "dirent.h", "elf.h", "fstab.h", "fts.h", "glob.h", "grp.h", "ifaddrs.h", "lastlog.h"],
  ...["link.h", "locale.h", "mqueue.h", "net/ethernet.h", "net/if.h", "net/if_arp.h", "net/route.h", "netdb.h"],
  ...["netinet/icmp6.h", "netinet/if_ether.h", "netinet/igmp.h", "netinet/in.h", "netinet/ip.h", "netinet/ip6.h"],
  ...["netinet/ip_icmp.h", "netinet/tcp.h", "netinet/udp.h", "poll.h", "pthread.h", "pwd.h", "sched.h", "semaphore.h"],
  ...["signal.h", "spawn.h", "stdlib.h", "sys/epoll.h", "sys/inotify.h", "sys/ipc.h", "sys/mtio.h", "sys/resource.h"],
  ...["sys/sem.h", "sys/shm.h", "sys/signalfd.h", "sys/socket.h", "sys/stat.h", "sys/statfs.h", "sys/statvfs.h"],
  ...["sys/sysinfo.h", "sys/time.h", "sys/timerfd.h", "sys/timex.h", "sys/times.h", "sys/ucontext.h", "sys/uio.h"],
  ...["sys/un.h", "sys/user.h", "sys/utsname.h", "sys/vfs.h", "termios.h", "threads.h", "time.h", "ucontext.h"],
  ...["utime.h", "utmp.h", "utmpx.h", "wchar.h"],
];

/** Other libraries', where they are installed. */
const LIBRARIES = [
  ...["bzlib.h", "expat.h", "jpeglib.h", "lzma.h", "node_api_types.h", "openssl/bio.h", "openssl/evp.h"],
  ...["openssl/ssl.h", "png.h", "sqlite3.h", "uuid/uuid.h", "zlib.h"],
];

const NODE_HEADERS = fileURLToPath(new URL("../../../node_modules/node-api-headers/include", import.meta.url));

const HERE = "/usr/include";
/** Where Debian keeps what differs from machine to machine. */
const MACHINE = "x86_64-linux-gnu";
const LIBRARY_FOLDERS = [HERE, join(HERE, MACHINE), NODE_HEADERS];

/** One of everything that a message can hold. */
const EVERYTHING = fileURLToPath(new URL("../../unit/generate/headers/everything.h", import.meta.url));

/** What a target is held against: `all` of the kernel's headers or the sample. */
export function headerSets(target: TruthTarget, extent: "all" | "sample"): readonly HeaderSet[] {
  const { includes } = target;
  const isAll = extent === "all";
  const kernel = isAll ? KERNEL_FOLDERS.flatMap((folder) => headersUnder(includes, folder)) : KERNEL_SAMPLE;
  // Debian has the libraries' headers for the machine itself only; what they include of the C library is the target's.
  const elsewhere = includes === HERE ? [] : ["-idirafter", HERE, "-idirafter", join(HERE, MACHINE)];
  return [
    {
      name: "one of everything",
      headers: [EVERYTHING],
      flags: ["-DWIDE_ENUMS"],
      runs: true,
      least: { headers: 1, structs: 15 },
    },
    {
      name: "the kernel",
      headers: kernel,
      flags: [],
      runs: false,
      least: isAll ? { headers: 700, structs: 2500 } : { headers: 30, structs: 500 },
    },
    {
      name: "the C library",
      headers: C_LIBRARY,
      flags: ["-D_GNU_SOURCE"],
      runs: true,
      least: { headers: 60, structs: 200 },
    },
    {
      name: "other libraries",
      headers: LIBRARIES.filter((header) => LIBRARY_FOLDERS.some((folder) => existsSync(join(folder, header)))),
      // jpeglib.h wants stdio.h before it.
      flags: ["-D_GNU_SOURCE", "-include", "stdio.h", "-I", NODE_HEADERS, ...elsewhere],
      runs: true,
      least: { headers: 6, structs: 40 },
    },
  ];
}

function headersUnder(includes: string, folder: string): string[] {
  if (!existsSync(join(includes, folder))) return [];
  return readdirSync(join(includes, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return headersUnder(includes, path);
      return entry.name.endsWith(".h") ? [path] : [];
    });
}
