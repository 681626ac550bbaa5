# SPDX-License-Identifier: GPL-2.0-or-later
"""A packet capture through an iptables ruleset, offline: libctreplay for Python.

    import ctreplay

    with ctreplay.Replay(capture="office.pcap", rules=["office.rules"]) as replay:
        for packet in replay:
            print(packet.number, packet.verdict, packet.ctstate, packet.summary)

Everything that is returned is a value of its own: it stays what it is when the replay goes on. What is wrong with rules, options or
captures raises Error, whose messages have file, line and column.

The library is found where the loader finds it; the environment variable CTREPLAY_LIBRARY names another file.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import enum
import ipaddress
import os
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Callable, Iterable, Iterator, List, Mapping, Optional, Tuple, Type, Union

__all__ = [
    "Account", "Arrival", "Case", "CaseResult", "CaseStatus", "Change", "Comparison", "Counter", "Coverage", "CoveredChain", "CoveredRule", "Covering", "Ctstate", "Difference", "Differs", "Direction", "Ends", "Entry", "Error", "Event",
    "EventKind", "Finding", "LINKTYPE_ETHERNET", "LINKTYPE_RAW", "Message", "Outcome", "Packet", "Recording", "Replay", "Rule", "Status", "Suite", "Summary", "Verdict", "Way", "generate", "library_version",
]

_AT_ONCE = 65536
LINKTYPE_ETHERNET = 1
LINKTYPE_RAW = 101

Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]
OptionValue = Union[str, int, bool, os.PathLike, Iterable[Union[str, "os.PathLike[str]"]], None]


class Verdict(enum.IntEnum):
    """What became of a packet."""

    NONE = 0  #: not IP: nothing judged it
    ACCEPT = 1
    DROP = 2
    REJECT = 3
    QUEUE = 4
    HELD = 5  #: a fragment that waits for the rest

    def __str__(self) -> str:
        return self.name


class Ctstate(enum.IntEnum):
    """What -m conntrack --ctstate would see."""

    NONE = 0
    INVALID = 1
    NEW = 2
    ESTABLISHED = 3
    RELATED = 4
    UNTRACKED = 5

    def __str__(self) -> str:
        return self.name


class Direction(enum.IntEnum):
    """In which direction of its connection a packet goes."""

    ORIGINAL = 0
    REPLY = 1


class Change(enum.IntEnum):
    """What a packet did to its entry."""

    NO_ENTRY = 0
    MADE = 1
    CHANGED = 2  #: the protocol's state, or SEEN_REPLY or ASSURED
    REFRESHED = 3  #: its time alone
    UNTOUCHED = 4
    ENDED = 5


class EventKind(enum.IntEnum):
    """The first word of a line of conntrack -E."""

    NEW = 0
    UPDATE = 1
    DESTROY = 2


class Covering(enum.IntEnum):
    """What captures showed of a rule."""

    MATCHED = 0
    UNMATCHED = 1  #: packets came to it, none matched
    UNREACHED = 2
    USELESS = 3  #: no packet can ever match: proved


class Finding(enum.IntEnum):
    """What is proved of a rule without any packet."""

    NONE = 0
    SHADOWED = 1  #: earlier rules of the chain take everything that it would match
    IMPOSSIBLE = 2  #: its own conditions contradict each other
    REDUNDANT = 3  #: later rules, or the policy, do the same to every packet that it takes


class Differs(enum.IntFlag):
    """In what two replays of a packet differ."""

    VERDICT = 1 << 0
    RULE = 1 << 1  #: that decided, or the reason
    CTSTATE = 1 << 2
    NAT = 1 << 3  #: addresses and ports as it left
    ANSWER = 1 << 4  #: what the host answered
    LOG = 1 << 5


class CaseStatus(enum.IntEnum):
    """What became of a case."""

    PASSED = 1
    FAILED = 2  #: something was not as expected
    BROKEN = 3  #: it could not be run


class Recording(enum.IntEnum):
    """What a case may write."""

    JUDGE = 0  #: nothing
    RECORD = 1  #: files of expectations and goldens that are not there
    UPDATE = 2  #: and those that are no longer true


class Status(enum.IntFlag):
    """Bits of an entry's status, as the kernel numbers them."""

    EXPECTED = 1 << 0
    SEEN_REPLY = 1 << 1
    ASSURED = 1 << 2
    CONFIRMED = 1 << 3
    SRC_NAT = 1 << 4
    DST_NAT = 1 << 5
    SEQ_ADJUST = 1 << 6
    SRC_NAT_DONE = 1 << 7
    DST_NAT_DONE = 1 << 8
    DYING = 1 << 9
    FIXED_TIMEOUT = 1 << 10
    HELPER = 1 << 13


class Way(enum.IntEnum):
    """Which way a packet of the program's went, where it knows."""

    UNKNOWN = 0
    CAME_IN = 1
    WENT_OUT = 2


@dataclass(frozen=True)
class Message:
    """What is wrong, or worth to be known, and where."""

    is_error: bool
    file: Optional[str]
    line: int
    column: int
    text: str
    hint: Optional[str]


class Error(Exception):
    """Rules, options, a capture or an output are not as they must be. str() is what the program would print."""

    def __init__(self, text: str, messages: List[Message]) -> None:
        super().__init__(text.rstrip("\n"))
        self.messages = messages


@dataclass(frozen=True)
class Ends:
    """One direction of a connection. Of ICMP the ports are None, of other protocols the three of ICMP are."""

    source: Optional[Address]
    destination: Optional[Address]
    protocol: int
    source_port: Optional[int]
    destination_port: Optional[int]
    icmp_type: Optional[int]
    icmp_code: Optional[int]
    icmp_id: Optional[int]
    zone: int


@dataclass(frozen=True)
class Rule:
    """Where a rule stands. number 0 is the chain's policy."""

    family: int
    table: str
    chain: str
    number: int
    file: str
    line: int
    text: str
    target: str


@dataclass(frozen=True)
class Entry:
    """A conntrack entry at one moment. Times are seconds since the first packet."""

    id: int
    original: Ends
    reply: Ends
    state: Optional[str]
    status: Status
    mark: int
    ends: float
    seconds_left: int
    helper: Optional[str]
    master: Optional[int]
    packets: Optional[Tuple[int, int]]  #: by direction; None unless nf_conntrack_acct is on
    bytes: Optional[Tuple[int, int]]


@dataclass(frozen=True)
class Event:
    """What conntrack -E prints as a line."""

    kind: EventKind
    time: float
    packet: Optional[int]  #: None between packets
    bits: int
    has_expired: bool
    entry: Entry


@dataclass(frozen=True)
class Counter:
    """A rule, or a policy, and what it counted."""

    rule: Rule
    packets: int
    bytes: int
    is_simulated: bool


@dataclass(frozen=True)
class CoveredRule:
    """A rule, and what captures exercised of it."""

    rule: Rule
    covering: Covering
    is_simulated: bool
    tried: int  #: packets that came to it
    packets: int  #: that it matched; those of the host's own answers too
    bytes: int
    ctstates: Mapping[Ctstate, int]  #: packets of the captures that it matched
    flows: int
    first: Optional[Tuple[int, int]]  #: capture, from 1, and number of the first packet that it matched
    last: Optional[Tuple[int, int]]
    finding: Finding
    finding_text: str
    by: Tuple[Rule, ...]  #: the rules, or the policy, that make it so


@dataclass(frozen=True)
class CoveredChain:
    """A chain, and what captures exercised of it."""

    family: int
    table: str
    chain: str
    policy: Optional[str]  #: None: a chain of the user's
    references: int
    entered: int  #: packets that came to its first rule
    packets: int  #: on which its policy decided
    bytes: int


@dataclass(frozen=True)
class Coverage:
    """What captures exercised of the rules. Rules and chains are in the order of iptables-save."""

    rules: Tuple[CoveredRule, ...]
    chains: Tuple[CoveredChain, ...]
    captures: int
    packets: int
    is_partial: bool  #: so many rules that not all pairs were compared: there may be more findings


@dataclass(frozen=True)
class Case:
    """A case of a suite."""

    name: str
    line: int
    files: Tuple[str, ...]  #: that it reads


@dataclass(frozen=True)
class CaseResult:
    """What became of a case, and why it failed, could not be run, or what was written."""

    status: CaseStatus
    words: str


@dataclass(frozen=True)
class Outcome:
    """What became of a packet in one of two replays."""

    verdict: Verdict
    ctstate: Ctstate
    decided_by: Optional[Rule]
    reason: Optional[str]
    sent: Optional[str]  #: as it left, where it was translated: "udp 10.0.0.1:1024 > 192.0.2.1:53"
    answer: Optional[str]  #: "icmp-port-unreachable (ACCEPT)"
    log: Optional[str]


@dataclass(frozen=True)
class Difference:
    """A packet that does not fare the same in two replays."""

    number: int
    time: float  #: seconds since the first packet
    summary: str
    kinds: Differs
    flow: int  #: which of the flows that differ: 1, 2, 3 ... in order of their first such packet
    first: Outcome
    second: Outcome


@dataclass(frozen=True)
class Comparison:
    """Packets that two replays have in common."""

    packets: int
    flows: int
    uncertain: int  #: packets whose verdict depends on a rule that is not simulated, in either


@dataclass(frozen=True)
class Summary:
    """What stands at the end."""

    origin_ns: int  #: of the first packet, since 1970
    duration: float
    packets: int
    verdicts: Mapping[Verdict, int]
    ctstates: Mapping[Ctstate, int]
    created: int
    expired: int
    destroyed: int
    live: int
    unsimulated: int
    read: int  #: packets that came, those too that had no journey: left out, or seen a second time
    shown: int  #: those of them that the options packets and packet choose
    backwards: int  #: packets whose time was before that of the one before them


@dataclass(frozen=True)
class Packet:
    """A packet, when its journey is over."""

    number: int
    time: float  #: seconds since the first packet
    time_ns: int
    unix_ns: int
    summary: str  #: in one line, as tcpdump would put it
    verdict: Verdict
    ctstate: Ctstate
    direction: Optional[Direction]
    change: Change
    interface_in: Optional[str]
    interface_out: Optional[str]
    decided_by: Optional[Rule]
    reason: Optional[str]
    invalid_reason: Optional[str]
    unsimulated: Optional[Rule]
    matched: Tuple[Rule, ...]
    entry: Optional[Entry]
    state_before: Optional[str]
    mark: int
    sent: Optional[Ends]  #: addresses and ports as it left, where NAT changed them


@dataclass(frozen=True)
class Arrival:
    """A packet as it comes to the host, before its journey."""

    number: int
    time: float  #: seconds since the first packet
    time_ns: int
    unix_ns: int
    way: Way  #: UNKNOWN: it makes no journey
    interface: str
    frame: bytes  #: from the link layer on
    original_len: int
    is_shown: bool
    was_turned_back: bool  #: captured on its way out: frame is the one that must have come


@dataclass(frozen=True)
class Account:
    """All that happened to a packet, in words."""

    facts: Mapping[str, str]  #: by name: "verdict", "decided by", "entry", ...
    story: str  #: how it came to that, a line each
    touched: Tuple[int, ...]  #: entries that it changed, began or ended, or that it may be about
    was_drawn: bool  #: NAT drew something at random for it: a kernel would draw something else


# --- the header, in ctypes' words --------------------------------------------------------------


class _Address(ctypes.Structure):
    _fields_ = [("family", ctypes.c_uint8), ("bytes", ctypes.c_uint8 * 16)]


class _Tuple(ctypes.Structure):
    _fields_ = [
        ("source", _Address), ("destination", _Address), ("protocol", ctypes.c_uint8),
        ("source_port", ctypes.c_uint16), ("destination_port", ctypes.c_uint16),
        ("icmp_type", ctypes.c_uint8), ("icmp_code", ctypes.c_uint8), ("icmp_id", ctypes.c_uint16), ("zone", ctypes.c_uint16),
    ]


class _Rule(ctypes.Structure):
    _fields_ = [
        ("family", ctypes.c_uint8), ("table", ctypes.c_char_p), ("chain", ctypes.c_char_p), ("number", ctypes.c_uint32),
        ("file", ctypes.c_char_p), ("line", ctypes.c_uint32), ("text", ctypes.c_char_p), ("target", ctypes.c_char_p),
    ]


class _Entry(ctypes.Structure):
    _fields_ = [
        ("id", ctypes.c_uint64), ("original", _Tuple), ("reply", _Tuple), ("state", ctypes.c_char_p), ("status", ctypes.c_uint32),
        ("mark", ctypes.c_uint32), ("ends_ns", ctypes.c_int64), ("seconds_left", ctypes.c_uint32), ("helper", ctypes.c_char_p),
        ("master", ctypes.c_uint64), ("has_counters", ctypes.c_bool), ("n_packets", ctypes.c_uint64 * 2),
        ("n_bytes", ctypes.c_uint64 * 2),
    ]


class _Packet(ctypes.Structure):
    _fields_ = [
        ("number", ctypes.c_uint64), ("time_ns", ctypes.c_int64), ("unix_ns", ctypes.c_int64), ("verdict", ctypes.c_int),
        ("ctstate", ctypes.c_int), ("direction", ctypes.c_int), ("change", ctypes.c_int), ("interface_in", ctypes.c_char_p),
        ("interface_out", ctypes.c_char_p), ("decided_by", ctypes.POINTER(_Rule)), ("reason", ctypes.c_char_p),
        ("invalid_reason", ctypes.c_char_p), ("unsimulated", ctypes.POINTER(_Rule)), ("matched", ctypes.POINTER(_Rule)),
        ("n_matched", ctypes.c_size_t), ("entry", ctypes.POINTER(_Entry)), ("state_before", ctypes.c_char_p),
        ("mark", ctypes.c_uint32), ("was_translated", ctypes.c_bool), ("sent", _Tuple),
    ]


class _Event(ctypes.Structure):
    _fields_ = [
        ("kind", ctypes.c_int), ("time_ns", ctypes.c_int64), ("packet", ctypes.c_uint64), ("bits", ctypes.c_uint32),
        ("has_expired", ctypes.c_bool), ("entry", _Entry),
    ]


class _Counter(ctypes.Structure):
    _fields_ = [("rule", _Rule), ("n_packets", ctypes.c_uint64), ("n_bytes", ctypes.c_uint64), ("is_simulated", ctypes.c_bool)]


class _CoveredRule(ctypes.Structure):
    _fields_ = [
        ("rule", _Rule), ("covering", ctypes.c_int), ("is_simulated", ctypes.c_bool), ("n_tried", ctypes.c_uint64),
        ("n_packets", ctypes.c_uint64), ("n_bytes", ctypes.c_uint64), ("n_ctstates", ctypes.c_uint64 * 6), ("n_flows", ctypes.c_uint64),
        ("first", ctypes.c_uint64), ("last", ctypes.c_uint64), ("first_capture", ctypes.c_size_t), ("last_capture", ctypes.c_size_t),
        ("finding", ctypes.c_int), ("finding_text", ctypes.c_char_p), ("by", ctypes.POINTER(_Rule)), ("n_by", ctypes.c_size_t),
    ]


class _CoveredChain(ctypes.Structure):
    _fields_ = [
        ("family", ctypes.c_uint8), ("table", ctypes.c_char_p), ("chain", ctypes.c_char_p), ("policy", ctypes.c_char_p),
        ("n_references", ctypes.c_uint32), ("n_entered", ctypes.c_uint64), ("n_packets", ctypes.c_uint64), ("n_bytes", ctypes.c_uint64),
    ]


class _Coverage(ctypes.Structure):
    _fields_ = [
        ("rules", ctypes.POINTER(_CoveredRule)), ("n_rules", ctypes.c_size_t), ("chains", ctypes.POINTER(_CoveredChain)),
        ("n_chains", ctypes.c_size_t), ("n_captures", ctypes.c_size_t), ("n_packets", ctypes.c_uint64), ("is_partial", ctypes.c_bool),
    ]


class _Case(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p), ("line", ctypes.c_uint32), ("files", ctypes.POINTER(ctypes.c_char_p)), ("n_files", ctypes.c_size_t),
    ]


class _Outcome(ctypes.Structure):
    _fields_ = [
        ("verdict", ctypes.c_int), ("ctstate", ctypes.c_int), ("decided_by", ctypes.POINTER(_Rule)), ("reason", ctypes.c_char_p),
        ("sent", ctypes.c_char_p), ("answer", ctypes.c_char_p), ("log", ctypes.c_char_p),
    ]


class _Difference(ctypes.Structure):
    _fields_ = [
        ("number", ctypes.c_uint64), ("time_ns", ctypes.c_int64), ("kinds", ctypes.c_uint32), ("flow", ctypes.c_uint32),
        ("outcomes", _Outcome * 2),
    ]


class _Comparison(ctypes.Structure):
    _fields_ = [("n_packets", ctypes.c_uint64), ("n_flows", ctypes.c_uint64), ("n_uncertain", ctypes.c_uint64)]


class _Summary(ctypes.Structure):
    _fields_ = [
        ("origin_unix_ns", ctypes.c_int64), ("duration_ns", ctypes.c_int64), ("n_packets", ctypes.c_uint64),
        ("n_verdicts", ctypes.c_uint64 * 6), ("n_ctstates", ctypes.c_uint64 * 6), ("n_created", ctypes.c_uint64),
        ("n_expired", ctypes.c_uint64), ("n_destroyed", ctypes.c_uint64), ("n_live", ctypes.c_uint64), ("n_unsimulated", ctypes.c_uint64),
        ("n_read", ctypes.c_uint64), ("n_shown", ctypes.c_uint64), ("n_backwards", ctypes.c_uint64),
    ]


class _Message(ctypes.Structure):
    _fields_ = [
        ("is_error", ctypes.c_bool), ("file", ctypes.c_char_p), ("line", ctypes.c_uint32), ("column", ctypes.c_uint32),
        ("text", ctypes.c_char_p), ("hint", ctypes.c_char_p),
    ]


class _Frame(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_size_t), ("bytes", ctypes.c_char_p), ("len", ctypes.c_uint32), ("original_len", ctypes.c_uint32),
        ("unix_ns", ctypes.c_int64), ("interface", ctypes.c_char_p), ("way", ctypes.c_int),
    ]


class _Arrival(ctypes.Structure):
    _fields_ = [
        ("number", ctypes.c_uint64), ("time_ns", ctypes.c_int64), ("unix_ns", ctypes.c_int64), ("way", ctypes.c_int),
        ("interface", ctypes.c_char_p), ("bytes", ctypes.c_void_p), ("len", ctypes.c_uint32), ("original_len", ctypes.c_uint32),
        ("is_shown", ctypes.c_bool), ("was_turned_back", ctypes.c_bool),
    ]


class _Account(ctypes.Structure):
    _fields_ = [
        ("facts", ctypes.POINTER(ctypes.c_char_p)), ("n_facts", ctypes.c_size_t), ("events", ctypes.c_void_p),
        ("expectations", ctypes.c_void_p), ("n_events", ctypes.c_size_t), ("n_expectations", ctypes.c_size_t),
        ("story", ctypes.c_char_p), ("summary", ctypes.c_char_p), ("met", ctypes.c_void_p), ("n_met", ctypes.c_size_t),
        ("touched", ctypes.POINTER(ctypes.c_uint64)), ("n_touched", ctypes.c_size_t), ("masters", ctypes.c_void_p),
        ("n_masters", ctypes.c_size_t), ("changed_before", ctypes.c_void_p), ("n_changed_before", ctypes.c_size_t),
        ("has_spoken_before", ctypes.c_bool), ("was_drawn", ctypes.c_bool),
    ]


_Write = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.POINTER(ctypes.c_char), ctypes.c_size_t)
_Differ = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.POINTER(_Difference))
_SIZE = ctypes.POINTER(ctypes.c_size_t)

# name: (result, arguments behind the replay, or the suite; None: it takes none)
_FUNCTIONS: Mapping[str, Tuple[Any, Optional[List[Any]]]] = {
    "version": (ctypes.c_char_p, None),
    "create": (ctypes.c_void_p, None),
    "destroy": (None, []),
    "set": (ctypes.c_bool, [ctypes.c_char_p, ctypes.c_char_p]),
    "set_text": (ctypes.c_bool, [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t]),
    "load": (ctypes.c_bool, []),
    "generate": (ctypes.c_bool, [ctypes.c_void_p]),
    "script": (ctypes.c_char_p, []),
    "compare": (ctypes.c_int, [ctypes.c_void_p, _Differ, ctypes.c_void_p]),
    "comparison": (ctypes.POINTER(_Comparison), []),
    "host": (ctypes.c_char_p, []),
    "borrow_rules": (ctypes.c_bool, [ctypes.c_void_p]),
    "cover": (ctypes.c_bool, [ctypes.c_void_p]),
    "output": (ctypes.c_bool, [ctypes.c_char_p, _Write, ctypes.c_void_p]),
    "open": (ctypes.c_bool, []),
    "open_for_packets": (ctypes.c_bool, [ctypes.c_int]),
    "keep_account": (ctypes.c_bool, []),
    "step": (ctypes.c_int, []),
    "look": (ctypes.c_int, []),
    "arrival": (ctypes.POINTER(_Arrival), []),
    "account": (ctypes.POINTER(_Account), []),
    "run": (ctypes.c_int, [ctypes.c_uint64]),
    "interrupt": (None, []),
    "push": (ctypes.c_int, [ctypes.POINTER(_Frame)]),
    "wait": (ctypes.c_int, [ctypes.c_int64]),
    "finish": (ctypes.c_bool, []),
    "packet": (ctypes.POINTER(_Packet), []),
    "describe": (ctypes.c_size_t, [ctypes.c_char_p, ctypes.c_size_t]),
    "events": (ctypes.POINTER(_Event), [_SIZE]),
    "entries": (ctypes.POINTER(_Entry), [_SIZE]),
    "counters": (ctypes.POINTER(_Counter), [_SIZE]),
    "coverage": (ctypes.POINTER(_Coverage), []),
    "summary": (ctypes.POINTER(_Summary), []),
    "suite_destroy": (None, []),
    "suite_messages": (ctypes.POINTER(_Message), [_SIZE]),
    "suite_message_text": (ctypes.c_char_p, []),
    "suite_cases": (ctypes.POINTER(_Case), [_SIZE]),
    "suite_run": (ctypes.c_int, [ctypes.c_size_t, ctypes.c_int, ctypes.POINTER(ctypes.c_char_p)]),
    "messages": (ctypes.POINTER(_Message), [_SIZE]),
    "message_text": (ctypes.c_char_p, []),
}


class _Library:
    """The functions of the header, without their prefix."""

    def __init__(self) -> None:
        name = os.environ.get("CTREPLAY_LIBRARY") or ctypes.util.find_library("ctreplay") or "libctreplay.so.0"
        try:
            library = ctypes.CDLL(name)
        except OSError as problem:
            raise ImportError(f"libctreplay is not to be found ({problem}); CTREPLAY_LIBRARY may name its file") from problem
        for function, (result, arguments) in _FUNCTIONS.items():
            found = getattr(library, "ctreplay_" + function)
            found.restype = result
            found.argtypes = [] if arguments is None else [ctypes.c_void_p, *arguments]
            setattr(self, function, found)
        self.fact_name = library.ctreplay_fact_name
        self.fact_name.restype = ctypes.c_char_p
        self.fact_name.argtypes = [ctypes.c_int]
        self.suite_read = library.ctreplay_suite_read
        self.suite_read.restype = ctypes.c_void_p
        self.suite_read.argtypes = [ctypes.c_char_p]

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


_library = _Library()


def library_version() -> str:
    """The version of the library that was loaded."""
    return _text(_library.version())


def _text(raw: Optional[bytes]) -> str:
    return (raw or b"").decode("utf-8", "replace")


def _text_or_none(raw: Optional[bytes]) -> Optional[str]:
    return _text(raw) if raw else None


def _address(raw: _Address) -> Optional[Address]:
    if raw.family == 4:
        return ipaddress.IPv4Address(bytes(raw.bytes[:4]))
    if raw.family == 6:
        return ipaddress.IPv6Address(bytes(raw.bytes))
    return None


def _tuple(raw: _Tuple) -> Ends:
    is_icmp = raw.protocol in (1, 58)
    return Ends(
        _address(raw.source), _address(raw.destination), raw.protocol,
        None if is_icmp else raw.source_port, None if is_icmp else raw.destination_port,
        raw.icmp_type if is_icmp else None, raw.icmp_code if is_icmp else None, raw.icmp_id if is_icmp else None, raw.zone,
    )


def _rule(raw: _Rule) -> Rule:
    return Rule(
        raw.family, _text(raw.table), _text(raw.chain), raw.number, _text(raw.file), raw.line, _text(raw.text), _text(raw.target),
    )


def _covered_rule(raw: _CoveredRule) -> CoveredRule:
    return CoveredRule(
        _rule(raw.rule), Covering(raw.covering), raw.is_simulated, raw.n_tried, raw.n_packets, raw.n_bytes,
        {c: raw.n_ctstates[c] for c in Ctstate}, raw.n_flows, (raw.first_capture, raw.first) if raw.first else None,
        (raw.last_capture, raw.last) if raw.last else None, Finding(raw.finding), _text(raw.finding_text),
        tuple(_rule(rule) for rule in raw.by[: raw.n_by]),
    )


def _covered_chain(raw: _CoveredChain) -> CoveredChain:
    return CoveredChain(
        raw.family, _text(raw.table), _text(raw.chain), _text_or_none(raw.policy), raw.n_references, raw.n_entered, raw.n_packets, raw.n_bytes,
    )


def _message(raw: _Message) -> Message:
    return Message(raw.is_error, _text_or_none(raw.file), raw.line, raw.column, _text(raw.text), _text_or_none(raw.hint))


def _outcome(raw: _Outcome) -> Outcome:
    return Outcome(
        Verdict(raw.verdict), Ctstate(raw.ctstate), _rule(raw.decided_by[0]) if raw.decided_by else None, _text_or_none(raw.reason),
        _text_or_none(raw.sent), _text_or_none(raw.answer), _text_or_none(raw.log),
    )


def _entry(raw: _Entry) -> Entry:
    return Entry(
        raw.id, _tuple(raw.original), _tuple(raw.reply), _text_or_none(raw.state), Status(raw.status), raw.mark, raw.ends_ns / 1e9,
        raw.seconds_left, _text_or_none(raw.helper), raw.master or None,
        (raw.n_packets[0], raw.n_packets[1]) if raw.has_counters else None,
        (raw.n_bytes[0], raw.n_bytes[1]) if raw.has_counters else None,
    )


class Replay:
    """One replay: a capture, or packets that are pushed, through one host's rules.

    capture: a file, or several that are merged by time; None for packets that are pushed, of the link type `link_type`. script_text: a packet
    script in its place.
    rules: files, or one. rules_text: rules themselves. Every other keyword is an option of `ctreplay run` by its long name, with _ for -:
    local="192.168.1.2/24@eth0", sysctl=["net.netfilter.nf_conntrack_udp_timeout=5"], strict=True, out="json=out.json".
    outputs: formats of --out, each with the function that takes its bytes.
    coverage: True: what packets exercise of the rules is counted for coverage(). Another replay that counts so: this one borrows its rules, and
    is counted there, on top; the other one is closed later.

    accounts: True: account() has what happens to each packet, in words.

    An iterator over its packets, and a context manager that finishes it.
    """

    def __init__(
        self,
        capture: Union[str, "os.PathLike[str]", Iterable[Union[str, "os.PathLike[str]"]], None] = None,
        rules: Union[str, "os.PathLike[str]", Iterable[Union[str, "os.PathLike[str]"]]] = (),
        *,
        rules_text: Optional[str] = None,
        host_text: Optional[str] = None,
        ipset_text: Optional[str] = None,
        script_text: Optional[str] = None,
        link_type: int = LINKTYPE_ETHERNET,
        outputs: Optional[Mapping[str, Callable[[bytes], object]]] = None,
        coverage: Union[bool, "Replay"] = False,
        accounts: bool = False,
        **options: OptionValue,
    ) -> None:
        self._replay: Optional[int] = _library.create()
        self._writers: List[Any] = []
        self._raised: Optional[BaseException] = None
        self._is_finished = False
        try:
            self._set("read", capture)
            self._set("rules", rules)
            for option, text in (
                ("rules", rules_text), ("host", host_text), ("ipset", ipset_text), ("read", script_text),
            ):
                if text is not None:
                    raw = text.encode()
                    self._check(_library.set_text(self._replay, option.encode(), f"({option})".encode(), raw, len(raw)))
            if isinstance(coverage, Replay):
                self._check(_library.borrow_rules(self._replay, coverage._handle()))
                self._check(_library.cover(self._replay, coverage._handle()))
            elif coverage:
                self._check(_library.cover(self._replay, None))
            if accounts:
                self._check(_library.keep_account(self._replay))
            for name, value in options.items():
                self._set(name.replace("_", "-"), value)
            for format_, function in (outputs or {}).items():
                self._add_output(format_, function)
            if capture is None and script_text is None:
                self._check(_library.open_for_packets(self._replay, link_type))
            else:
                self._check(_library.open(self._replay))
        except BaseException:
            self.close()
            raise
        #: what was said of rules and options that are nevertheless taken
        self.warnings: List[Message] = self._messages()

    def _set(self, option: str, value: OptionValue) -> None:
        if value is None or value is False:
            return
        if value is True:
            self._check(_library.set(self._handle(), option.encode(), None))
        elif isinstance(value, (str, int, os.PathLike)):
            self._check(_library.set(self._handle(), option.encode(), os.fsencode(str(value) if isinstance(value, int) else value)))
        else:
            for one in value:
                self._set(option, one)

    def _add_output(self, format_: str, function: Callable[[bytes], object]) -> None:
        def write(_owner: Any, raw: Any, length: int) -> bool:
            try:
                function(ctypes.string_at(raw, length))
            except BaseException as problem:  # goes on where Python is called from
                self._raised = problem
                return False
            return True

        writer = _Write(write)
        self._writers.append(writer)
        self._check(_library.output(self._handle(), format_.encode(), writer, None))

    def _handle(self) -> int:
        if self._replay is None:
            raise ValueError("the replay is closed")
        return self._replay

    def _messages(self) -> List[Message]:
        n = ctypes.c_size_t()
        raw = _library.messages(self._handle(), ctypes.byref(n))
        return [_message(m) for m in raw[: n.value]]

    def _check(self, is_ok: bool) -> None:
        if is_ok:
            return
        if self._raised is not None:
            raised, self._raised = self._raised, None
            raise raised
        raise Error(_text(_library.message_text(self._handle())), self._messages())

    def _describe(self) -> str:
        room = ctypes.create_string_buffer(400)
        _library.describe(self._handle(), room, len(room))
        return _text(room.value)

    def _view(self) -> Packet:
        raw = _library.packet(self._handle())[0]
        return Packet(
            raw.number, raw.time_ns / 1e9, raw.time_ns, raw.unix_ns, self._describe(), Verdict(raw.verdict), Ctstate(raw.ctstate),
            Direction(raw.direction) if raw.entry else None, Change(raw.change), _text_or_none(raw.interface_in),
            _text_or_none(raw.interface_out), _rule(raw.decided_by[0]) if raw.decided_by else None, _text_or_none(raw.reason),
            _text_or_none(raw.invalid_reason), _rule(raw.unsimulated[0]) if raw.unsimulated else None,
            tuple(_rule(rule) for rule in raw.matched[: raw.n_matched]), _entry(raw.entry[0]) if raw.entry else None,
            _text_or_none(raw.state_before), raw.mark, _tuple(raw.sent) if raw.was_translated else None,
        )

    def __iter__(self) -> Iterator[Packet]:
        return self

    def __next__(self) -> Packet:
        """The next packet of the capture, replayed."""
        result = _library.step(self._handle())
        self._check(result >= 0)
        if result == 0:
            raise StopIteration
        return self._view()

    def look(self) -> Optional[Arrival]:
        """The next packet as it comes to the host: time moves to it, and the next step replays it. None: there is none any more."""
        result = _library.look(self._handle())
        self._check(result >= 0)
        if result == 0:
            return None
        raw = _library.arrival(self._handle())[0]
        return Arrival(
            raw.number, raw.time_ns / 1e9, raw.time_ns, raw.unix_ns, Way(raw.way), _text(raw.interface),
            ctypes.string_at(raw.bytes, raw.len) if raw.len else b"", raw.original_len, raw.is_shown, raw.was_turned_back,
        )

    def account(self) -> Optional[Account]:
        """What happened to the last packet, in words, and before it; None unless accounts are kept."""
        found = _library.account(self._handle())
        if not found:
            return None
        raw = found[0]
        return Account(
            {_text(_library.fact_name(fact)): _text(raw.facts[fact]) for fact in range(raw.n_facts)}, _text(raw.story),
            tuple(raw.touched[: raw.n_touched]), raw.was_drawn,
        )

    def run(self, n: Optional[int] = None) -> bool:
        """The next n packets of the capture, or all that are left, without a look at each: faster. True: there may be more."""
        left = sys.maxsize if n is None else n
        result = 1
        while left > 0 and result == 1:
            result = _library.run(self._handle(), min(left, _AT_ONCE))  # Ctrl-C is heard in between
            self._check(result >= 0)
            left -= _AT_ONCE
        return result == 1

    def compare(self, second: "Replay", function: Optional[Callable[[Difference], object]] = None) -> Comparison:
        """All packets of this replay and of a second one, side by side; nothing of either was replayed yet.

        The function takes each packet that does not fare the same; False: that is enough. Afterwards the two can only be finished.
        """
        def differ(_owner: Any, raw: Any) -> bool:
            try:
                d = raw[0]
                told = Difference(
                    d.number, d.time_ns / 1e9, self._describe(), Differs(d.kinds), d.flow, _outcome(d.outcomes[0]), _outcome(d.outcomes[1]),
                )
                return function is None or function(told) is not False
            except BaseException as problem:  # goes on where Python is called from
                self._raised = problem
                return False

        result = _library.compare(self._handle(), second._handle(), _Differ(differ), None)
        self._check(result >= 0 and self._raised is None)
        raw = _library.comparison(self._handle())[0]
        return Comparison(raw.n_packets, raw.n_flows, raw.n_uncertain)

    def interrupt(self) -> None:
        """The capture ends here, and outputs say so: from another thread, too."""
        _library.interrupt(self._handle())

    def push(
        self, frame: bytes, unix_ns: int, *, original_len: int = 0, interface: Optional[str] = None, way: Way = Way.UNKNOWN,
    ) -> Packet:
        """A packet of the program's, from its link layer on, replayed."""
        raw = _Frame(
            ctypes.sizeof(_Frame), frame, len(frame), original_len, unix_ns, interface.encode() if interface else None, way,
        )
        self._check(_library.push(self._handle(), ctypes.byref(raw)) > 0)
        return self._view()

    def wait(self, unix_ns: int) -> List[Event]:
        """Time passes without a packet; what conntrack told meanwhile."""
        self._check(_library.wait(self._handle(), unix_ns) >= 0)
        return self.events()

    def events(self) -> List[Event]:
        """What conntrack told during the last packet, and what ended before it."""
        n = ctypes.c_size_t()
        raw = _library.events(self._handle(), ctypes.byref(n))
        return [
            Event(EventKind(e.kind), e.time_ns / 1e9, e.packet or None, e.bits, e.has_expired, _entry(e.entry)) for e in raw[: n.value]
        ]

    def entries(self) -> List[Entry]:
        """The connection table now, in order of creation."""
        n = ctypes.c_size_t()
        raw = _library.entries(self._handle(), ctypes.byref(n))
        return [_entry(entry) for entry in raw[: n.value]]

    def counters(self) -> List[Counter]:
        """Every rule and policy with what it has counted."""
        n = ctypes.c_size_t()
        raw = _library.counters(self._handle(), ctypes.byref(n))
        return [Counter(_rule(c.rule), c.n_packets, c.n_bytes, c.is_simulated) for c in raw[: n.value]]

    def coverage(self) -> Optional[Coverage]:
        """What its packets exercised of the rules, and what can be proved of them without any; after finish(). None: nothing was counted."""
        raw = _library.coverage(self._handle())
        if not raw:
            return None
        c = raw[0]
        return Coverage(
            tuple(_covered_rule(rule) for rule in c.rules[: c.n_rules]), tuple(_covered_chain(chain) for chain in c.chains[: c.n_chains]),
            c.n_captures, c.n_packets, c.is_partial,
        )

    def host(self) -> str:
        """What is known of the host, as `ctreplay run` says it."""
        return _text(_library.host(self._handle()))

    def finish(self) -> Optional[Summary]:
        """No packet comes any more: outputs become whole. The summary; None where no packet came."""
        if not self._is_finished:
            self._is_finished = True
            self._check(_library.finish(self._handle()))
            self.warnings += self._messages()
        raw = _library.summary(self._handle())
        if not raw:
            return None
        s = raw[0]
        return Summary(
            s.origin_unix_ns, s.duration_ns / 1e9, s.n_packets, {v: s.n_verdicts[v] for v in Verdict},
            {c: s.n_ctstates[c] for c in Ctstate}, s.n_created, s.n_expired, s.n_destroyed, s.n_live, s.n_unsimulated,
            s.n_read, s.n_shown, s.n_backwards,
        )

    def close(self) -> None:
        """Frees it. Outputs that were not finished leave no file behind."""
        if self._replay is not None:
            _library.destroy(self._replay)
            self._replay = None

    def __enter__(self) -> "Replay":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], problem: Optional[BaseException], trace: Optional[TracebackType],
    ) -> None:
        try:
            if kind is None:
                self.finish()
        finally:
            self.close()

    def __del__(self) -> None:
        if getattr(self, "_replay", None) is not None:
            self.close()


class Suite:
    """A suite of cases, as `ctreplay test` reads it: a sequence of cases, and a context manager that frees it.

        with ctreplay.Suite("office.json") as suite:
            for index, case in enumerate(suite.cases):
                assert suite.run(index).status is ctreplay.CaseStatus.PASSED, case.name
    """

    def __init__(self, path: Union[str, "os.PathLike[str]"]) -> None:
        self._suite: Optional[int] = _library.suite_read(os.fsencode(path))
        n = ctypes.c_size_t()
        raw = _library.suite_cases(self._suite, ctypes.byref(n))
        #: in the order of the file
        self.cases: Tuple[Case, ...] = tuple(
            Case(_text(c.name), c.line, tuple(os.fsdecode(file) for file in c.files[: c.n_files])) for c in raw[: n.value]
        )
        if not self.cases:
            messages = _library.suite_messages(self._suite, ctypes.byref(n))
            problem = Error(_text(_library.suite_message_text(self._suite)), [_message(m) for m in messages[: n.value]])
            self.close()
            raise problem

    def run(self, index: int, recording: Recording = Recording.JUDGE) -> CaseResult:
        """Replays a case, counted from 0, and judges it."""
        if self._suite is None:
            raise ValueError("the suite is closed")
        if not 0 <= index < len(self.cases):
            raise IndexError(index)
        words = ctypes.c_char_p()
        status = _library.suite_run(self._suite, index, recording, ctypes.byref(words))
        return CaseResult(CaseStatus(status), _text(words.value))

    def close(self) -> None:
        """Frees it."""
        if self._suite is not None:
            _library.suite_destroy(self._suite)
            self._suite = None

    def __enter__(self) -> "Suite":
        return self

    def __exit__(self, *_problem: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_suite", None) is not None:
            self.close()


class _Rules(Replay):
    """Rules that are loaded, and replayed by nobody."""

    def __init__(self, rules: Union[str, "os.PathLike[str]"], options: Mapping[str, OptionValue]) -> None:
        self._replay = _library.create()
        self._raised = None
        self._set("rules", rules)
        for name, value in options.items():
            self._set(name.replace("_", "-"), value)
        self._check(_library.load(self._handle()))


def generate(
    rules: Union[str, "os.PathLike[str]"], other_rules: Union[str, "os.PathLike[str]", None] = None, **options: OptionValue,
) -> str:
    """A packet script made from the rules of one or two files: at the ends of every range that they name, in every state.

    Its first lines hold the host, as options of `ctreplay run`. The keywords are such options, too: local="192.168.1.2/24@eth0".
    """
    first = _Rules(rules, options)
    second = _Rules(other_rules, options) if other_rules is not None else None
    try:
        first._check(_library.generate(first._handle(), second._handle() if second else None))
        return _text(_library.script(first._handle()))
    finally:
        if second:
            second.close()
        first.close()
