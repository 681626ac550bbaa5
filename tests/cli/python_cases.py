# SPDX-License-Identifier: GPL-2.0-or-later
"""python_cases.py FOLDER: cases of python/ctreplay, as TAP. They run from the top of the tree."""

import csv
import io
import json
import os
import subprocess
import sys
import traceback
from ipaddress import IPv4Address, IPv6Address

import ctreplay

work = sys.argv[1]
program = os.environ["CTREPLAY"]
capture, rules = "captures/dns-timeout.pcap", "rules/dns.rules"
drop_all = "*filter\n:INPUT DROP\n-A INPUT -m state --state ESTABLISHED -j ACCEPT\nCOMMIT\n"


def run(*arguments):
    """What the program itself writes."""
    return subprocess.run([program, "run", *arguments], check=True, stdout=subprocess.PIPE).stdout


def packets_are_those_of_the_program():
    for one, other, local in ((capture, rules, []), ("captures/ipv6-host/capture.pcap", "captures/ipv6-host/rules", None)):
        if local is None:
            with open("captures/ipv6-host/host") as host:
                local = host.read().split()
        options = {}
        for name, value in zip(local[::2], local[1::2]):
            options.setdefault(name.lstrip("-"), []).append(value)
        lines = [json.loads(line) for line in run("-r", one, other, *local, "--out", "json=-").splitlines()]
        expected = [line for line in lines if line["kind"] == "packet"]
        with ctreplay.Replay(one, other, **options) as replay:
            for packet, line in zip(replay, expected):
                assert packet.number == line["packet"]
                assert packet.verdict.name == (line["verdict"] or "NONE"), (packet, line)
                assert packet.ctstate.name == (line["ctstate"] or "NONE")
                assert "%.9f" % packet.time == line["time"]
                assert packet.summary == line["summary"]
                assert [rule.number for rule in packet.matched] == [rule["rule"] for rule in line["matched"]]
                decided = line["decided_by"]
                assert (packet.decided_by is None) == (decided is None)
                if decided:
                    assert (packet.decided_by.chain, packet.decided_by.line) == (decided["chain"], decided["line"])
                entry = line["entry"]
                assert (packet.entry is None) == (entry is None)
                if entry:
                    assert packet.entry.id == entry["id"]
                    assert str(packet.entry.seconds_left) == entry["timeout"]
                    assert str(packet.entry.original.source) == entry["original"]["src"]
                    assert {bit.name for bit in ctreplay.Status if bit in packet.entry.status} == set(entry["status"])
            assert packet.number == len(expected)


def values_stay_what_they_are():
    with ctreplay.Replay(capture, rules) as replay:
        packets = list(replay)
        summary = replay.finish()
    assert [packet.verdict.name for packet in packets].count("ACCEPT") == 6 == summary.verdicts[ctreplay.Verdict.ACCEPT]
    assert packets[0].entry.original.source == IPv4Address("192.168.1.2")
    assert packets[0].entry.original.icmp_type is None
    assert packets[2].direction is None and packets[2].entry is None
    assert str(packets[0].verdict) == "ACCEPT"


def events_and_entries_tell_of_time():
    with ctreplay.Replay(rules_text=drop_all, local="10.0.0.1/24@eth0", link_type=ctreplay.LINKTYPE_RAW) as replay:
        question = bytes.fromhex("4500001c00010000401166ce0a0000010a00000203e8003500080000")
        begin = 1700000000 * 10 ** 9
        packet = replay.push(question, begin)
        assert packet.ctstate is ctreplay.Ctstate.NEW and packet.change is ctreplay.Change.MADE
        assert [event.kind.name for event in replay.events()] == ["NEW"]
        assert [entry.seconds_left for entry in replay.entries()] == [30]
        ended = replay.wait(begin + 31 * 10 ** 9)
        assert [(event.kind.name, event.time, event.has_expired, event.packet) for event in ended] == [("DESTROY", 30.0, True, None)]
        assert replay.entries() == []
        counters = {(counter.rule.chain, counter.rule.number): counter.packets for counter in replay.counters()}
        assert counters == {("INPUT", 0): 0, ("INPUT", 1): 0, ("FORWARD", 0): 0, ("OUTPUT", 0): 1}
        summary = replay.finish()
        assert (summary.created, summary.expired, summary.live) == (1, 1, 0)


def errors_have_places():
    try:
        ctreplay.Replay(capture, rules_text="*filter\n-A INPUT -j ACEPT\nCOMMIT\n")
    except ctreplay.Error as problem:
        assert [(m.file, m.line, m.column, m.hint) for m in problem.messages] == [("(rules)", 2, 13, "did you mean ACCEPT?")]
        assert str(problem).endswith("^~~~~ did you mean ACCEPT?")
    else:
        raise AssertionError("ACEPT was taken")
    for wrong in ({"locl": "10.0.0.1"}, {"local": "10.0.0"}, {"strict": "yes"}, {"out": "json=-"}):
        try:
            ctreplay.Replay(capture, rules, **wrong)
        except ctreplay.Error as problem:
            assert problem.messages
        else:
            raise AssertionError(wrong)


def outputs_go_to_functions():
    written = io.BytesIO()
    with ctreplay.Replay(capture, rules, outputs={"csv": written.write}) as replay:
        for _ in replay:
            pass
    rows = list(csv.DictReader(io.StringIO(written.getvalue().decode(), newline="")))
    assert written.getvalue() == run("-r", capture, rules, "--out", "csv=-")
    assert [row["verdict"] for row in rows].count("DROP") == 3

    def refuse(_raw):
        raise KeyError("full")

    try:
        with ctreplay.Replay(capture, rules, outputs={"csv": refuse}) as replay:
            list(replay)
    except KeyError:
        pass
    else:
        raise AssertionError("an exception got lost")


def a_run_ends_where_it_is_told_to():
    with ctreplay.Replay(capture, rules, packet="1-3") as replay:
        assert replay.run(1)
        assert next(replay).number == 2
        assert not replay.run()
        summary = replay.finish()
        assert (summary.packets, summary.read, summary.shown) == (9, 9, 3)
    with ctreplay.Replay(capture, rules) as replay:
        replay.run(4)
        replay.interrupt()
        assert not replay.run() and list(replay) == []
        assert replay.finish().read == 4


def files_are_whole_or_not_there():
    path = os.path.join(work, "events")
    with ctreplay.Replay(capture, rules, out="events=" + path) as replay:
        next(replay)
        assert not os.path.exists(path)
    assert os.path.getsize(path) > 0
    os.unlink(path)
    replay = ctreplay.Replay(capture, rules, out="events=" + path)
    next(replay)
    replay.close()
    assert os.listdir(work) == []
    try:
        next(replay)
    except ValueError:
        pass
    else:
        raise AssertionError("a closed replay went on")


def addresses_of_ipv6():
    with open("captures/ipv6-host/host") as host:
        words = host.read().split()
    with ctreplay.Replay("captures/ipv6-host/capture.pcap", "captures/ipv6-host/rules", local=words[words.index("--local") + 1]) as replay:
        assert any(isinstance(packet.entry.original.source, IPv6Address) for packet in replay if packet.entry)


def a_packet_can_be_looked_at_first():
    with ctreplay.Replay(capture, rules) as looking, ctreplay.Replay(capture, rules, accounts=True) as stepping:
        assert looking.account() is None
        for packet in stepping:
            arrival = looking.look()
            assert (arrival.number, arrival.time_ns, arrival.unix_ns) == (packet.number, packet.time_ns, packet.unix_ns)
            assert len(arrival.frame) == arrival.original_len and arrival.way is not ctreplay.Way.UNKNOWN and arrival.is_shown
            assert next(looking) == packet
            account = stepping.account()
            assert account.facts["verdict"] == packet.verdict.name and account.facts["ctstate"].startswith(packet.ctstate.name)
            assert packet.entry is None or packet.entry.id in account.touched
            assert ("matched: " in account.story) == bool(packet.matched) and not account.was_drawn
        assert looking.look() is None


def coverage_is_that_of_the_program():
    said = subprocess.run(
        [program, "coverage", "--json", "-r", capture, "-r", capture, rules], check=True, stdout=subprocess.PIPE,
    ).stdout.splitlines()
    expected = [json.loads(line) for line in said]
    first = ctreplay.Replay(capture, rules, coverage=True)
    first.run()
    first.finish()
    with ctreplay.Replay(capture, coverage=first) as second:
        second.run()
        assert second.coverage() is None
    coverage = first.coverage()
    for covered, line in zip(coverage.rules, (line for line in expected if line["kind"] == "rule")):
        assert covered.rule.text == line["rule"]["text"]
        assert [covered.tried, covered.packets, covered.bytes, covered.flows] == [line[key] for key in ("tried", "packets", "bytes", "flows")]
        assert covered.first == (line["first"] and (line["first"]["capture"], line["first"]["packet"]))
        assert {state.name: n for state, n in covered.ctstates.items() if state} == line["ctstates"]
        assert (covered.finding is ctreplay.Finding.NONE) == (line["finding"] is None)
    assert [chain.entered for chain in coverage.chains] == [line["entered"] for line in expected if line["kind"] == "chain"]
    assert (coverage.captures, coverage.packets, len(coverage.rules)) == (2, 18, expected[-1]["rules"])
    assert any(covered.covering is ctreplay.Covering.MATCHED for covered in coverage.rules)
    first.close()
    with ctreplay.Replay(capture, rules) as replay:
        assert replay.coverage() is None


def differences_are_those_of_the_program():
    old, new = rules, os.path.join(work, "new.rules")
    with open(old) as file:
        text = file.read().replace("--dport 53", "--dport 54")
    with open(new, "w") as file:
        file.write(text)
    said = subprocess.run([program, "diff", "--json", "-r", capture, old, new], stdout=subprocess.PIPE).stdout.splitlines()
    expected = [json.loads(line) for line in said]
    told = []
    with ctreplay.Replay(capture, old) as first, ctreplay.Replay(capture, new) as second:
        comparison = first.compare(second, told.append)
        assert first.host().startswith("host 192.168.1.")
    packets = [line for line in expected if line["kind"] == "packet"]
    assert packets and [d.number for d in told] == [line["packet"] for line in packets]
    for difference, line in zip(told, packets):
        assert difference.summary == line["summary"]
        assert {kind.name.lower() for kind in ctreplay.Differs if kind in difference.kinds} == set(line["what"])
        assert (difference.first.verdict.name, difference.second.verdict.name) == (line["old"]["verdict"], line["new"]["verdict"])
        assert difference.second.reason == line["new"]["reason"]
    assert max(d.flow for d in told) == expected[-1]["different_flows"]
    assert (comparison.packets, comparison.flows) == (expected[-1]["packets"], expected[-1]["flows"])

    with ctreplay.Replay(capture, old) as first, ctreplay.Replay(capture, new) as second:
        first.compare(second, lambda _difference: False)
        try:
            first.run()
        except ctreplay.Error as problem:
            assert "compared" in str(problem)
        else:
            raise AssertionError("a replay that was compared went on")
    try:
        with ctreplay.Replay(capture, old) as first, ctreplay.Replay(capture, new) as second:
            first.compare(second, lambda difference: {}[difference.number])
    except KeyError:
        pass
    else:
        raise AssertionError("an exception got lost")
    os.unlink(new)


def packets_are_made_from_rules():
    kept = os.path.join(work, "kept")
    subprocess.run([program, "diff", "--generate", "-w", kept, rules, "rules/server.rules"], stdout=subprocess.PIPE)
    with open(kept) as file:
        script = file.read()
    os.unlink(kept)
    assert script == ctreplay.generate(rules, "rules/server.rules")
    head = script.splitlines()[1].split()
    local = [word for option, word in zip(head, head[1:]) if option == "--local"]
    with ctreplay.Replay(rules=rules, script_text=script, local=local) as replay:
        replay.run()
        assert replay.finish().read > 100
    assert ctreplay.generate(rules, local="10.1.2.3/24@eth0").splitlines()[1].split()[3:5] == ["--local", "10.1.2.3/24@eth0"]


def suites_are_judged_as_the_program_does():
    path = os.path.join(work, "suite.json")
    case = {"capture": os.path.abspath(capture), "rules": os.path.abspath(rules)}
    cases = [
        {"name": "it passes", "expect": [{"packets": "1", "verdict": "ACCEPT"}], **case},
        {"name": "it fails", "expect": [{"packets": "1", "verdict": "DROP"}], **case},
        {"name": "it cannot be run", "expect": [{"packets": "1", "verdict": "DROP"}], **case, "rules": "nowhere.rules"},
        {"name": "it is recorded", "expect": "recorded.json", **case},
    ]
    with open(path, "w") as file:
        json.dump({"cases": cases}, file)
    results = os.path.join(work, "results")
    subprocess.run([program, "test", path, "--results", results], stdout=subprocess.PIPE)
    with open(results) as file:
        expected = [line for line in map(json.loads, file) if line["kind"] == "case"]
    with ctreplay.Suite(path) as suite:
        assert [case.name for case in suite.cases] == [line["name"] for line in expected]
        assert set(suite.cases[0].files) == {os.path.abspath(rules), os.path.abspath(capture)}
        for index, line in enumerate(expected):
            result = suite.run(index)
            assert result.status.name.lower() == line["result"] and result.words == line["words"], (result, line)
        assert [suite.run(index).status.name for index in range(4)] == ["PASSED", "FAILED", "BROKEN", "BROKEN"]
        assert suite.run(3, ctreplay.Recording.RECORD) == ctreplay.CaseResult(
            ctreplay.CaseStatus.PASSED, "written: " + os.path.join(work, "recorded.json"))
        try:
            suite.run(4)
        except IndexError:
            pass
        else:
            raise AssertionError("there are four cases")
    with open(path, "w") as file:
        file.write('{ "cases": [ { "nam": "x" } ] }')
    try:
        ctreplay.Suite(path)
    except ctreplay.Error as problem:
        assert problem.messages[0].file == path and problem.messages[0].line == 1 and "nam" in str(problem)
    else:
        raise AssertionError("a suite without names was taken")
    for name in ("suite.json", "results", "recorded.json"):
        os.unlink(os.path.join(work, name))


def the_example_draws():
    picture = os.path.join(work, "picture.png")
    said = subprocess.run(
        [sys.executable, "docs/examples/occupancy.py", "captures/dns-resolver/capture.pcap", "captures/dns-resolver/rules", picture],
        check=True, stdout=subprocess.PIPE,
    ).stdout.decode()
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        assert "UDP: at most 4 entries, 2 at the end" in said, said
        print("# without matplotlib: in letters")
    else:
        assert said.endswith("6 entries, 2 protocols\n"), said
        with open(picture, "rb") as file:
            assert file.read(8) == b"\x89PNG\r\n\x1a\n"


cases = [
    packets_are_those_of_the_program, values_stay_what_they_are, events_and_entries_tell_of_time, errors_have_places, outputs_go_to_functions,
    a_run_ends_where_it_is_told_to, a_packet_can_be_looked_at_first,
    files_are_whole_or_not_there, addresses_of_ipv6, coverage_is_that_of_the_program, differences_are_those_of_the_program,
    packets_are_made_from_rules, suites_are_judged_as_the_program_does, the_example_draws,
]
print("1..%d" % len(cases))
for number, case in enumerate(cases, 1):
    try:
        case()
        print("ok %d - %s" % (number, case.__name__.replace("_", " ")))
    except BaseException:
        print("not ok %d - %s" % (number, case.__name__.replace("_", " ")))
        for line in traceback.format_exc().splitlines():
            print("# " + line)
