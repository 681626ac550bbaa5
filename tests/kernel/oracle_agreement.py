# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what ctreplay says about generated scenarios with what the live kernel did. See oracle-agreement."""
import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

STATUS = {"SEEN_REPLY", "ASSURED", "CONFIRMED"}
TUPLE = re.compile(r"src=(\S+) dst=(\S+)(?: sport=(\d+) dport=(\d+))?(?: type=(\d+) code=(\d+) id=(\d+))?"
                   r"(?: srckey=(\S+) dstkey=(\S+))?")
TCP_STATE = re.compile(r"\b(NONE|SYN_SENT2|SYN_SENT|SYN_RECV|ESTABLISHED|FIN_WAIT|CLOSE_WAIT|LAST_ACK|TIME_WAIT|CLOSE|"
                       r"CLOSED|COOKIE_WAIT|COOKIE_ECHOED|SHUTDOWN_SENT|SHUTDOWN_RECD|SHUTDOWN_ACK_SENT|HEARTBEAT_SENT)\b")
OPTIONS = []            # of scenario
TIMEOUT_SLACK = 1       # one side rounds up, the other down


def words(path):
    with open(path) as f:
        return f.read().split("\n")[:-1]


def run(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def lines_of_json(path):
    with open(path) as f:
        return [json.loads(line) for line in f]


# ---------------------------------------------------------------- one side: the kernel

def tuples_of_line(line):
    """((src, dst, ...), (src, dst, ...)) of a conntrack line"""
    out = []
    for m in TUPLE.finditer(line):
        src, dst, sport, dport, kind, code, ident, skey, dkey = m.groups()
        out.append((src, dst) + tuple(int(x, 0) for x in (sport, dport, kind, code, ident, skey, dkey) if x is not None))
    return tuple(out)


def state_of_line(line):
    m = TCP_STATE.search(line.split("src=")[0])
    return m and m.group(1)


def mark_of_line(line):
    m = re.search(r" mark=(\d+)", line)
    return int(m.group(1)) if m else 0


def kernel_entry(r):
    ct = r.get("ct")
    if not ct:
        return None
    return {"tuples": tuples_of_line(ct["line"]), "state": ct.get("state"), "status": set(ct["status"]) & STATUS,
            "timeout": ct["timeout"], "mark": ct.get("mark", 0)}


def kernel_events(r):
    out = []
    for e in r.get("events", ()):
        out.append((e["type"], tuples_of_line(e["ct"]), state_of_line(e["ct"]), "[ASSURED]" in e["ct"],
                    "[UNREPLIED]" in e["ct"], mark_of_line(e["ct"])))
    return out


def kernel_decision(r):
    d = r.get("decided")
    if not d or r["verdict"] in ("STACK_DROP", "NOT_SEEN", "CT_DROP"):
        return None
    if d["by"] in ("hotdrop", "confirm"):
        return d["by"]
    return (d["table"], d["chain"], d["num"] if d["by"] == "rule" else "policy")


def kernel_replies(r):
    """What REJECT, a TTL of 1 or a missing route made the kernel send; not what its sockets answer to what they got.
    None: the oracle kept it out of OUTPUT (it follows what carries the entry of the offending packet). Nothing after
    these can be compared: a reset so kept out, which would have changed its entry, and a timeout that was changed without
    the packet being counted (an INVALID FIN or RST; tcp-reset for an ignored packet), which the oracle does not notice."""
    ct = r.get("ct", {})
    is_unnoticed = ct.get("timeout", 0) > 300 and any("lower timeout" in x for x in r.get("ct_log", ()))
    is_unnoticed |= ct.get("state") == "CLOSE" and ct["timeout"] > 10 and r["verdict"] == "REJECT" and not r["touched"]
    made = r.get("generated", ()) if r["verdict"] in ("REJECT", "STACK_DROP") else ()
    followed = made or [g for g in r.get("generated", ()) if not g.get("dropped_by_oracle")]
    return {"is_output_known": followed == made,        # sockets do not answer here, but some oracles let them
            "replies": [None if g.get("dropped_by_oracle") else bool(g.get("left")) for g in made],
            "is_last": is_unnoticed or any(g.get("dropped_by_oracle") and "R" in g.get("flags", "") for g in made)}


def kernel_packet(r):
    matched = []
    for t in r["trace"]:
        table, chain, what, number = t.rsplit(":", 3)
        if what == "rule":
            matched.append((table, chain, int(number)))
    verdict = r["verdict"]
    return {"path": r["hooks"], "ctstate": r.get("ctstate"),
            "direction": r.get("ctdir", "").lower() or None,
            "verdict": "DROP" if verdict in ("STACK_DROP", "NOT_SEEN", "CT_DROP", "DROP") else verdict,
            "decided": kernel_decision(r), "matched": matched, "mark": r.get("mark"),
            "entry": kernel_entry(r), "events": kernel_events(r),
            "expired": sorted((tuples_of_line(x["ct"]), round(x["at"], 2)) for x in r.get("expired", ())),
            **kernel_replies(r), "hazard": "hazard" in r}


# ---------------------------------------------------------------- the other side: ctreplay

def our_tuple(t):
    keys = ("sport", "dport", "type", "code", "id", "srckey", "dstkey")
    return (t["src"], t["dst"]) + tuple(t[k] for k in keys if k in t)


def our_entry(e):
    if not e or "DYING" in e["status"]:
        return None
    return {"tuples": (our_tuple(e["original"]), our_tuple(e["reply"])), "state": e["state"],
            "status": set(e["status"]) & STATUS, "timeout": int(e["timeout"]), "mark": e["mark"]}


def our_decision(p):
    d = p["decided_by"]
    if p["reason"]:
        return "confirm" if "another entry" in p["reason"] else "hotdrop" if "conntrack" not in p["reason"] else None
    if not d:
        return None
    return (d["table"], d["chain"], d["rule"] or "policy")


def our_event(e):
    line = e["line"]
    return (e["type"], tuples_of_line(line), state_of_line(line), "[ASSURED]" in line, "[UNREPLIED]" in line,
            mark_of_line(line))


def our_packets(records):
    """one dictionary a packet, of the packet's own line and of the lines before it that carry its number"""
    out, extra = [], collections.defaultdict(lambda: {"events": [], "expired": [], "replies": []})
    for x in records:
        n = x.get("packet")
        if x["kind"] == "event" and x.get("expired"):
            extra[n]["expired"].append((tuples_of_line(x["line"]), round(float(x["time"]), 2)))
        elif x["kind"] == "event":
            extra[n]["events"].append(our_event(x))
        elif x["kind"] == "reply":
            extra[n]["replies"].append(x["verdict"] == "ACCEPT")
        elif x["kind"] == "packet":
            out.append({"path": x["path"], "ctstate": x["ctstate"], "direction": x["direction"], "verdict": x["verdict"],
                        "decided": our_decision(x), "matched": [(m["table"], m["chain"], m["rule"]) for m in x["matched"]],
                        "mark": x["mark"], "entry": our_entry(x["entry"]), "reason": x["reason"],
                        "summary": x["summary"], "invalid": x.get("invalid_reason"), **extra[n]})
            out[-1]["expired"].sort()
    return out


def our_table(records):
    return {our_entry(x["entry"])["tuples"]: our_entry(x["entry"]) for x in records if x["kind"] == "entry"}


def our_counters(path):
    out, family, table = {}, 4, None
    for line in words(path):
        if line.startswith("#"):
            family = 6 if "ip6tables" in line else 4
        elif line.startswith("*"):
            table = line[1:]
        elif line.startswith(":"):
            chain, policy, counts = line[1:].split()
            out[f"{family}:{table}:{chain}"] = [[int(n) for n in counts[1:-1].split(":")]]
        elif line.startswith("["):
            counts, text = line[1:].split("] ", 1)
            out[f"{family}:{table}:{text.split()[1]}"].append([int(n) for n in counts.split(":")])
    return out


# ---------------------------------------------------------------- comparing

class Comparison:
    def __init__(self, seed):
        self.seed, self.differences, self.tainted, self.n_packets, self.n_hazards = seed, [], set(), 0, 0
        self.is_output_known = True

    def differ(self, where, what, kernel, ours, note=""):
        self.differences.append((where, what, kernel, ours, note))

    def compare_entry(self, n, kernel, ours, note):
        a, b = kernel["entry"], ours["entry"]
        if b is None and ours["ctstate"] in (None, "INVALID", "UNTRACKED"):
            return              # the kernel side looks by address; a packet without an entry has none to show
        if a is None and b and len(b["tuples"][0]) == 4 and note.startswith("GRE"):
            self.tainted.add(b["tuples"])       # the oracle cannot look GRE up, so it does not see its timers
            return
        if a is None or b is None:
            if a or b:
                self.differ(n, "entry", a, b, note)
            return
        keys = ["tuples", "state", "status", "mark"]
        if a["tuples"] in self.tainted:
            keys = ["tuples", "mark"]
        elif abs(a["timeout"] - b["timeout"]) > TIMEOUT_SLACK and not kernel["is_last"]:
            self.differ(n, "timeout", a["timeout"], b["timeout"], note)
        for k in keys:
            if a[k] != b[k]:
                self.differ(n, "entry " + k, a[k], b[k], note)

    def compare_packet(self, n, kernel, ours):
        note = ours["summary"] + (f" [{ours['invalid']}]" if ours["invalid"] else "")
        self.n_packets += 1
        if kernel["hazard"]:
            self.n_hazards += 1     # an UDP entry is older in real time than in virtual time: nothing can be compared any more
            kernel["is_last"] = True
            return
        if not kernel["path"]:
            kernel["ctstate"] = ours["ctstate"]
        if kernel["ctstate"] is None and ours["verdict"] == "DROP":
            kernel["ctstate"] = ours["ctstate"]         # gone before conntrack: raw
            if ours["ctstate"] not in (None, "UNTRACKED"):
                self.differ(n, "ctstate", None, ours["ctstate"], note)
        self.is_output_known &= kernel["is_output_known"]
        for k in ("path", "ctstate", "verdict", "decided", "matched", "events"):
            a, b = kernel[k], ours[k]
            if (k == "decided" and a is None and ours["reason"]) or (k == "events" and kernel["is_last"]):
                continue
            if k == "events" and self.tainted:
                a, b = ([e for e in x if e[1] not in self.tainted] for x in (a, b))
            if a != b:
                self.differ(n, k, a, b, note)
        if kernel["direction"] and ours["direction"] and kernel["direction"] != ours["direction"]:
            self.differ(n, "direction", kernel["direction"], ours["direction"], note)
        if kernel["mark"] is not None and kernel["mark"] != ours["mark"]:
            self.differ(n, "mark", kernel["mark"], ours["mark"], note)
        self.compare_replies(n, kernel["replies"], ours["replies"], "OUTPUT" in kernel["path"], note)
        self.compare_expired(n, kernel, ours, note)
        self.compare_entry(n, kernel, ours, note)

    def compare_replies(self, n, kernel, ours, is_local, note):
        """an answer to the host itself comes back through lo, and INPUT may drop it: the kernel side does not say so"""
        self.is_output_known &= None not in kernel
        fits = len(kernel) == len(ours) and all(a is None or a == b or (a and not b and is_local) for a, b in zip(kernel, ours))
        if is_local and ours and not kernel:
            self.is_output_known = False    # ctreplay takes the host's own checksums as finished by the card; a raw socket's are judged
        elif not fits:
            self.differ(n, "replies", kernel, ours, note)

    def compare_expired(self, n, kernel, ours, note):
        a, b = ([e for e in x["expired"] if e[0] not in self.tainted] for x in (kernel, ours))
        if len(a) != len(b) or any(x[0] != y[0] or abs(x[1] - y[1]) > 0.011 for x, y in zip(a, b)):
            self.differ(n, "expired", a, b, note)

    def compare_table(self, kernel_lines, ours):
        kernel = {tuples_of_line(x): x for x in kernel_lines}
        for key in sorted(set(kernel) | set(ours), key=str):
            if key in self.tainted:
                continue
            if key not in kernel or key not in ours:
                self.differ("end", "table", kernel.get(key), ours.get(key))
            elif state_of_line(kernel[key]) != ours[key]["state"]:
                self.differ("end", "table state", state_of_line(kernel[key]), ours[key]["state"])

    def compare_counters(self, kernel, ours, skips_output):
        for key in sorted(set(kernel) | set(ours)):
            a, b = kernel.get(key), ours.get(key)
            chain = key.split(":")[2]
            if skips_output and chain not in ("PREROUTING", "INPUT", "FORWARD"):
                continue
            if chain.islower() and a and b:
                a, b = a[1:], b[1:]
            if a != b:
                self.differ("end", "counters " + key, a, b)


def prepare(seed, directory):
    """the scenario and the kernel's answer, made anew when the scenario changed"""
    digest = os.path.join(directory, "asked")
    answer = os.path.join(directory, "oracle.jsonl")
    os.makedirs(directory, exist_ok=True)
    made = run([os.environ["CTREPLAY_SCENARIO"], *OPTIONS, str(seed), directory])
    if made.returncode:
        return made.stdout
    content = b""
    for name in ("packets.pcap", "rules", "rules6", "oracle-args"):
        path = os.path.join(directory, name)
        if os.path.exists(path):
            with open(path, "rb") as f:
                content += f.read()
    if os.path.exists(digest) and os.path.exists(answer):
        with open(digest, "rb") as f:
            if f.read() == content:
                return None
    rules6 = os.path.join(directory, "rules6")
    asked = run([sys.executable, os.environ["CTREPLAY_ORACLE"], "--pcap", os.path.join(directory, "packets.pcap"),
                 "--rules", os.path.join(directory, "rules"), *(["--rules6", rules6] if os.path.exists(rules6) else []),
                 *words(os.path.join(directory, "oracle-args")), "--follow-generated", "--out", answer])
    if asked.returncode:
        return "the oracle failed: " + asked.stdout.strip().split("\n")[-1]
    with open(digest, "wb") as f:
        f.write(content)
    return None


def replay(directory):
    rules6 = os.path.join(directory, "rules6")
    done = run([os.environ["CTREPLAY"], "run", "-r", os.path.join(directory, "packets.pcap"),
                "-4", os.path.join(directory, "rules"), *(["-6", rules6] if os.path.exists(rules6) else []),
                *words(os.path.join(directory, "args")), "--quiet", "--snapshot", "end",
                "--out", "json=" + os.path.join(directory, "ours.jsonl"),
                "--out", "counters=" + os.path.join(directory, "counters")])
    return done.stdout if done.returncode else None


def compare(seed, directory):
    comparison = Comparison(seed)
    problem = prepare(seed, directory) or replay(directory)
    if problem:
        comparison.differ(0, "failure", None, problem)
        return comparison
    kernel = lines_of_json(os.path.join(directory, "oracle.jsonl"))
    records = lines_of_json(os.path.join(directory, "ours.jsonl"))
    end = kernel.pop()
    packets = our_packets(records)
    if len(kernel) != len(packets):
        comparison.differ("end", "number of packets", len(kernel), len(packets))
        return comparison
    for n, (r, ours) in enumerate(zip(kernel, packets), 1):
        theirs = kernel_packet(r)
        comparison.compare_packet(n, theirs, ours)
        if theirs["is_last"]:
            return comparison
    comparison.compare_table(end["table"], our_table(records))
    comparison.compare_counters(end["counters"], our_counters(os.path.join(directory, "counters")),
                                not comparison.is_output_known)
    return comparison


# ---------------------------------------------------------------- what the scenarios reach

def compare_patiently(seed, directory):
    """a scenario that really sleeps depends on when the kernel's jiffies fall: it is asked again before it is believed"""
    for _ in range(3):
        comparison = compare(seed, directory)
        if not comparison.differences or "sleep" not in words(os.path.join(directory, "oracle-args")):
            break
        os.remove(os.path.join(directory, "asked"))
    return comparison


def cover(table, directory):
    for r in lines_of_json(os.path.join(directory, "oracle.jsonl"))[:-1]:
        p = r["pkt"]
        table["verdict", r["verdict"]] += 1
        table["ctstate", f"{r.get('ctstate')} {r.get('ctdir', '')}".strip()] += 1
        table["path", r.get("path")] += 1
        if p.get("proto") == 6 and "ct" in r:
            table["state x flags", f"{r['ct'].get('state')} {p.get('flags') or '-'}"] += 1
        for e in r.get("events", ()):
            table["event", e["type"]] += 1
        if r.get("expired"):
            table["event", "expired"] += len(r["expired"])
        for text in r["matched"]:
            target = re.search(r" -[jg] (\S+)", text)
            table["target", target.group(1) if target else "none"] += 1
            for match in re.findall(r" -m (\S+)", text):
                table["match", match] += 1
        for text in r.get("ct_log", ()):
            table["why invalid", re.sub(r"[-]?\d+", "N", text)] += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--last", type=int, default=40)
    parser.add_argument("--plain", action="store_true", help="rules of the commonest matches and targets alone")
    parser.add_argument("--keep", help="work here, and keep what is there")
    parser.add_argument("--most", type=int, default=12, help="differences shown of one scenario")
    parser.add_argument("--coverage", action="store_true", help="say what the scenarios reached in the kernel")
    a = parser.parse_args()
    OPTIONS.extend(["--plain"] if a.plain else [])
    work = a.keep or tempfile.mkdtemp(prefix="oracle-agreement.")
    n_packets, n_differences, n_hazards, kinds, reached = 0, 0, 0, collections.Counter(), collections.Counter()
    print(f"1..{a.last - a.first + 1}")
    for seed in range(a.first, a.last + 1):
        c = compare_patiently(seed, os.path.join(work, str(seed)))
        n_packets, n_hazards = n_packets + c.n_packets, n_hazards + c.n_hazards
        n_differences += len(c.differences)
        print(f"{'not ok' if c.differences else 'ok'} {seed - a.first + 1} - scenario {seed}: {c.n_packets} packets", flush=True)
        for where, what, kernel, ours, note in c.differences[:a.most]:
            print(f"# scenario {seed}, packet {where}, {what}: kernel {kernel} | ctreplay {ours} | {note}")
        kinds.update(str(d[1]).split(" 4:")[0].split(" 6:")[0] for d in c.differences)
        if a.coverage:
            cover(reached, os.path.join(work, str(seed)))
    for (kind, name), n in sorted(reached.items(), key=lambda x: (x[0][0], -x[1])):
        print(f"# reached: {kind}: {name}: {n}")
    if kinds:
        print("# by kind: " + ", ".join(f"{k} {n}" for k, n in kinds.most_common()))
    print(f"# {n_hazards} scenarios end early: a packet came too late in real time for the kernel's UDP stream age")
    print(f"# {a.last - a.first + 1} scenarios, {n_packets} packets, {n_differences} differences")
    sys.exit(n_differences != 0)


if __name__ == "__main__":
    main()
