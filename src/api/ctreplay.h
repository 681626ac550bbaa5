/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libctreplay: a packet capture through an iptables ruleset, offline, from another program.
 *
 *     struct ctreplay *replay = ctreplay_create();
 *
 *     ctreplay_set(replay, "rules", "office.rules");
 *     ctreplay_set(replay, "read", "office.pcap");
 *     if (!ctreplay_open(replay))
 *             fputs(ctreplay_message_text(replay), stderr);
 *     while (ctreplay_step(replay) == CTREPLAY_PACKET)
 *             printf("%s\n", ctreplay_verdict_name(ctreplay_packet(replay)->verdict));
 *     ctreplay_destroy(replay);
 *
 * What a function returns a pointer to belongs to the replay, and stays as it is until the next call with the same replay that is
 * not const, unless it says otherwise. Structs get new members at their end alone, and no program makes one but struct
 * ctreplay_frame and struct ctreplay_screen, which say their size. A replay may be used by one thread at a time; several replays
 * are independent of each other. No function writes to standard output or standard error unless ctreplay_show() names it,
 * changes a signal or looks at a clock. When there is no memory left the process ends with abort().
 */
#ifndef CTREPLAY_H
#define CTREPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
# define CTREPLAY_API __attribute__((visibility("default")))
#else
# define CTREPLAY_API
#endif

struct ctreplay;

enum ctreplay_result {
	CTREPLAY_ERROR = -1,	/* ctreplay_messages() tell */
	CTREPLAY_END = 0,	/* there is no packet any more */
	CTREPLAY_PACKET = 1,	/* ctreplay_packet() tells of it */
};

/* Why the last call that failed did so. */
enum ctreplay_failure {
	CTREPLAY_NO_FAILURE,
	CTREPLAY_BAD_INPUT,	/* options, rules or a capture are not as they must be, or it was not the time for this call */
	CTREPLAY_SYSTEM_FAILED,	/* an output could not be made or written */
};

enum ctreplay_verdict {
	CTREPLAY_NO_VERDICT,	/* not IP: nothing judged it */
	CTREPLAY_ACCEPT,
	CTREPLAY_DROP,
	CTREPLAY_REJECT,
	CTREPLAY_QUEUE,
	CTREPLAY_HELD,		/* a fragment that waits for the rest */
};

/* What -m conntrack --ctstate would see. */
enum ctreplay_ctstate {
	CTREPLAY_NO_CTSTATE,	/* not looked at */
	CTREPLAY_INVALID,
	CTREPLAY_NEW,
	CTREPLAY_ESTABLISHED,
	CTREPLAY_RELATED,
	CTREPLAY_UNTRACKED,
};

enum ctreplay_direction { CTREPLAY_ORIGINAL, CTREPLAY_REPLY };

/* What the packet did to its entry. */
enum ctreplay_change {
	CTREPLAY_NO_ENTRY,
	CTREPLAY_MADE,		/* it made the entry */
	CTREPLAY_CHANGED,	/* the protocol's state, or SEEN_REPLY or ASSURED */
	CTREPLAY_REFRESHED,	/* its time alone */
	CTREPLAY_UNTOUCHED,
	CTREPLAY_ENDED,
};

/* Bits of an entry's status: the kernel's numbers, IPS_*. */
enum ctreplay_status {
	CTREPLAY_STATUS_EXPECTED = 1 << 0,
	CTREPLAY_STATUS_SEEN_REPLY = 1 << 1,
	CTREPLAY_STATUS_ASSURED = 1 << 2,
	CTREPLAY_STATUS_CONFIRMED = 1 << 3,
	CTREPLAY_STATUS_SRC_NAT = 1 << 4,
	CTREPLAY_STATUS_DST_NAT = 1 << 5,
	CTREPLAY_STATUS_SEQ_ADJUST = 1 << 6,
	CTREPLAY_STATUS_SRC_NAT_DONE = 1 << 7,
	CTREPLAY_STATUS_DST_NAT_DONE = 1 << 8,
	CTREPLAY_STATUS_DYING = 1 << 9,
	CTREPLAY_STATUS_FIXED_TIMEOUT = 1 << 10,
	CTREPLAY_STATUS_HELPER = 1 << 13,
};

struct ctreplay_address {
	uint8_t family;			/* 4, 6; 0: there is none */
	uint8_t bytes[16];		/* network order; of IPv4 the first four */
};

/* One direction of a connection. */
struct ctreplay_tuple {
	struct ctreplay_address source, destination;
	uint8_t protocol;		/* IP protocol number */
	uint16_t source_port, destination_port;	/* TCP, UDP, UDP-Lite, SCTP, DCCP; GRE: keys; else 0 */
	uint8_t icmp_type, icmp_code;	/* ICMP, ICMPv6; else 0 */
	uint16_t icmp_id;
	uint16_t zone;
};

/* Where a rule stands. Its strings live as long as the replay. */
struct ctreplay_rule {
	uint8_t family;			/* 4, 6 */
	const char *table, *chain;	/* "filter", "INPUT" */
	uint32_t number;		/* from 1; 0: the chain's policy */
	const char *file;		/* as it was named; "" when built in */
	uint32_t line;			/* from 1; 0 when built in */
	const char *text;		/* as iptables-save prints it: "-A INPUT -j ACCEPT"; "policy DROP" */
	const char *target;		/* "ACCEPT", a chain, or "" */
};

/* A conntrack entry. Times are nanoseconds since the first packet. */
struct ctreplay_entry {
	uint64_t id;			/* 1, 2, 3 ... in order of creation */
	struct ctreplay_tuple original, reply;
	const char *state;		/* "ESTABLISHED"; static; NULL for protocols without states */
	uint32_t status;		/* enum ctreplay_status */
	uint32_t mark;
	int64_t ends_ns;		/* unless another packet comes */
	uint32_t seconds_left;		/* as /proc/net/nf_conntrack prints them */
	const char *helper;		/* "ftp"; lives as long as the replay; NULL: none */
	uint64_t master;		/* the entry whose helper expected this one; 0: nobody did */
	bool has_counters;		/* nf_conntrack_acct is on */
	uint64_t n_packets[2], n_bytes[2];	/* [enum ctreplay_direction] */
};

struct ctreplay_prefix {
	struct ctreplay_address address;	/* family 0: any */
	uint8_t len;			/* in bits */
};

/* A sysctl. */
struct ctreplay_setting {
	const char *name;		/* "net.netfilter.nf_conntrack_udp_timeout"; of an interface "rp_filter" */
	uint32_t value, default_value;
};

struct ctreplay_interface {
	const char *name;
	uint32_t mtu;			/* 0: nobody said */
	bool has_mac;
	uint8_t mac[6];
	const struct ctreplay_setting *settings;	/* net.ipv4.conf.NAME.*: what counts in the end */
	size_t n_settings;
};

struct ctreplay_own_address {
	struct ctreplay_prefix subnet;	/* with the host's address, not that of the network */
	struct ctreplay_address broadcast;	/* family 0: none */
	const char *interface;
};

/* Numbers of rtnetlink(7): RTN_*. */
enum ctreplay_route_type {
	CTREPLAY_ROUTE_UNICAST = 1,
	CTREPLAY_ROUTE_LOCAL = 2,
	CTREPLAY_ROUTE_BROADCAST = 3,
	CTREPLAY_ROUTE_BLACKHOLE = 6,
	CTREPLAY_ROUTE_UNREACHABLE = 7,
	CTREPLAY_ROUTE_PROHIBIT = 8,
	CTREPLAY_ROUTE_THROW = 9,
};

/* Those that follow from the addresses are among them. */
struct ctreplay_route {
	enum ctreplay_route_type type;
	uint32_t table;			/* 254: main */
	struct ctreplay_prefix destination;
	uint32_t metric;
	uint32_t mtu;			/* 0: the interface's */
	const char *interface;		/* NULL where the type needs none */
	struct ctreplay_address via, source;	/* family 0: none */
	bool is_further_hop;		/* one more next hop of the route before it */
};

/* One of `ip rule`, but for the three that every host has. */
struct ctreplay_policy_rule {
	uint8_t family;			/* 4, 6 */
	uint32_t priority;
	bool is_inverted;		/* "not" */
	struct ctreplay_prefix from, to;
	const char *in, *out;		/* interfaces, or NULL */
	uint32_t mark, mark_mask;	/* mask 0: any */
	uint8_t tos, protocol;		/* 0: any */
	bool has_source_port, has_destination_port;
	uint16_t source_port[2], destination_port[2];	/* first, last */
	enum ctreplay_route_type action;	/* UNICAST: `table` is asked */
	uint32_t table;
	bool has_suppress_len;
	uint32_t suppress_len;		/* suppress_prefixlength */
};

/* A multicast group that the host has joined. */
struct ctreplay_group {
	struct ctreplay_address group;
	const char *interface;		/* NULL: on all */
};

/* The host before the first packet: what another one must have to do the same. */
struct ctreplay_machine {
	const char *kernel;		/* whose behaviour is meant: "6.18" */
	uint32_t hz;			/* its ticks a second */
	const struct ctreplay_interface *interfaces;	/* lo among them */
	size_t n_interfaces;
	const struct ctreplay_own_address *addresses;
	size_t n_addresses;
	const struct ctreplay_route *routes;
	size_t n_routes;
	const struct ctreplay_policy_rule *rules;
	size_t n_rules;
	const struct ctreplay_group *groups;
	size_t n_groups;
	bool knows_groups;		/* else it takes every group that a packet comes for */
	bool forwards_ipv6;		/* net.ipv6.conf.all.forwarding */
	const struct ctreplay_setting *settings;	/* net.netfilter.*, net.ipv4.ipfrag_* and the like */
	size_t n_settings;
	bool tracks[2];			/* IPv4, IPv6: connections are tracked */
	bool tracks_dccp;		/* connections of DCCP are known by their ports, as kernels before 6.18 do */
	const char *captured_on;	/* where the capture was taken: "lan (found from ...)"; NULL: nothing is known */
	const char *capture;		/* its files: "lan.pcap, wan.pcap" */
	bool is_empty;			/* the capture holds no packet */
	int64_t origin_unix_ns;		/* of the first packet; 0: there is none */
	const char *const *tables;	/* that are loaded: "ipv4 filter" */
	size_t n_tables;
};

/* Which way a frame went. */
enum ctreplay_way { CTREPLAY_UNKNOWN_WAY, CTREPLAY_CAME_IN, CTREPLAY_WENT_OUT };

/* A packet as it comes to the host, before its journey. */
struct ctreplay_arrival {
	uint64_t number;		/* from 1 */
	int64_t time_ns;		/* since the first packet */
	int64_t unix_ns;		/* since 1970, UTC */
	enum ctreplay_way way;		/* WENT_OUT: the host itself sends it; UNKNOWN_WAY: it makes no journey, as a copy of another, or left out */
	const char *interface;		/* by which it comes in; by which the host's own would leave, were there no rules; "" when none */
	const void *bytes;		/* from the link layer's header on: see ctreplay_link_type() */
	uint32_t len, original_len;	/* bytes that are there; that there were */
	bool is_shown;			/* the options "packets" and "packet" choose it */
	bool was_turned_back;		/* captured on its way out: `bytes` are those of the packet that must have come */
};

/* A packet, when its journey is over. */
struct ctreplay_packet {
	uint64_t number;		/* from 1 */
	int64_t time_ns;		/* since the first packet */
	int64_t unix_ns;		/* since 1970, UTC */
	enum ctreplay_verdict verdict;
	enum ctreplay_ctstate ctstate;
	enum ctreplay_direction direction;	/* meaningful when it has an entry */
	enum ctreplay_change change;
	const char *in, *out;		/* interfaces, "" when none */
	const struct ctreplay_rule *decided_by;	/* NULL: nothing but defaults, or `reason` */
	const char *reason;		/* lost outside the rules: why; NULL: it was not */
	const char *invalid_reason;	/* why it is INVALID; or NULL */
	const struct ctreplay_rule *unsimulated;	/* not simulated, and may have changed the verdict; NULL: there is none */
	const struct ctreplay_rule *matched;	/* those whose counters rose, in order */
	size_t n_matched;
	const struct ctreplay_entry *entry;	/* after the packet; NULL: it has none */
	const char *state_before;	/* the protocol's state, where the packet changed it; else NULL */
	uint32_t mark;			/* of the packet, at the end */
	bool was_translated;
	struct ctreplay_tuple sent;	/* as it left; meaningful when it was translated */
};

/* What the journey of a packet is told by, in words: two accounts of one packet agree when these do. */
enum ctreplay_fact {
	CTREPLAY_FACT_PATH,		/* hooks: "PREROUTING INPUT" */
	CTREPLAY_FACT_INTERFACES,	/* "in eth0 out -" */
	CTREPLAY_FACT_CTSTATE,		/* "ESTABLISHED reply" */
	CTREPLAY_FACT_COMPLAINT,	/* why it is INVALID, as the kernel logs it */
	CTREPLAY_FACT_VERDICT,
	CTREPLAY_FACT_DECISION,		/* "filter INPUT 2"; "-": no rule and no policy */
	CTREPLAY_FACT_RULES,		/* that matched: "filter INPUT 1, filter INPUT 2" */
	CTREPLAY_FACT_ENTRY,		/* as /proc/net/nf_conntrack has it, without GRE's timeouts; "none" */
	CTREPLAY_FACT_STATUS,		/* its status bits: "SEEN_REPLY CONFIRMED" */
	CTREPLAY_FACT_HELPER,		/* its helper */
	CTREPLAY_FACT_EVENTS,		/* a line each, as `conntrack -E` has them; "expired at 31.000000 " before ends that time brought */
	CTREPLAY_FACT_EXPECTATIONS,	/* a line each: "new ...", "ended at 31.000000 ..." */
	CTREPLAY_FACT_REPLIES,		/* what the host answered, a line each, with its verdict */
	CTREPLAY_FACT_MARK,		/* of an accepted packet: "0x0" */
	CTREPLAY_FACT_SENT,		/* the packet as it left or was delivered, with a sum of what lies behind its IP header */
};

/* A line that is about an entry. */
struct ctreplay_line {
	uint64_t entry;			/* 0: none; of an expectation: its master */
	const char *text;
};

/* A rule that a packet, or what the host answered it, came to. */
struct ctreplay_met_rule {
	struct ctreplay_rule rule;
	const char *failed;		/* begins with the option that it did not match; NULL: it matched */
};

/* All of it, since the packet before. */
struct ctreplay_account {
	const char *const *facts;	/* [enum ctreplay_fact]; "" where there is nothing to say */
	size_t n_facts;
	const struct ctreplay_line *events, *expectations;	/* the lines of these facts */
	size_t n_events, n_expectations;
	const char *story;		/* how it came to that, a line each */
	const char *summary;		/* the packet in one line, with the addresses that it has in the end */
	const struct ctreplay_met_rule *met;	/* in order */
	size_t n_met;
	const uint64_t *touched;	/* entries that it changed, began or ended, or that it may be about */
	size_t n_touched;
	const uint64_t *masters;	/* entries whose expectations it made or ended */
	size_t n_masters;
	const uint64_t *changed_before;	/* entries that changed between the packets, but for those whose time was over */
	size_t n_changed_before;
	bool has_spoken_before;		/* the host sent something between the packets */
	bool was_drawn;			/* NAT drew something at random for it: a kernel would draw something else */
};

/* A listing that the option "snapshot" asks for. */
struct ctreplay_listing {
	const char *label;		/* "after packet 12", "at 31 s", "end" */
	int64_t time_ns;		/* since the first packet */
	const struct ctreplay_line *rows;	/* entries as CTREPLAY_FACT_ENTRY has them; then what is waited for: "expected ..." */
	size_t n_rows;
	const char *const *set_lines;	/* as `ipset save` prints them */
	size_t n_set_lines;
};

enum ctreplay_event_kind { CTREPLAY_EVENT_NEW, CTREPLAY_EVENT_UPDATE, CTREPLAY_EVENT_DESTROY };

/* What `conntrack -E` prints as a line. */
struct ctreplay_event {
	enum ctreplay_event_kind kind;
	int64_t time_ns;		/* since the first packet */
	uint64_t packet;		/* during whose journey; 0: between packets */
	uint32_t bits;			/* the kernel's, 1 << IPCT_* */
	bool has_expired;		/* it ended because its time was over */
	struct ctreplay_entry entry;
};

/* A rule, or a chain's policy, and what it counted. */
struct ctreplay_counter {
	struct ctreplay_rule rule;
	uint64_t n_packets, n_bytes;
	bool is_simulated;
};

struct ctreplay_summary {
	int64_t origin_unix_ns;		/* of the first packet */
	int64_t duration_ns;
	uint64_t n_packets;
	uint64_t n_verdicts[6];		/* [enum ctreplay_verdict] */
	uint64_t n_ctstates[6];		/* [enum ctreplay_ctstate] */
	uint64_t n_created, n_expired, n_destroyed, n_live;	/* entries; destroyed: by anything but time */
	uint64_t n_unsimulated;		/* packets whose verdict depends on a rule that is not simulated */
	uint64_t n_read;		/* packets that came, those too that had no journey: left out, or seen a second time */
	uint64_t n_shown;		/* those of them that the options "packets" and "packet" choose */
	uint64_t n_backwards;		/* packets whose time was before that of the one before them */
};

/* What captures showed of a rule. */
enum ctreplay_covering {
	CTREPLAY_RULE_MATCHED,
	CTREPLAY_RULE_UNMATCHED,	/* packets came to it, none matched */
	CTREPLAY_RULE_UNREACHED,
	CTREPLAY_RULE_USELESS,		/* no packet can ever match: proved */
};

/* What is proved of a rule without any packet. */
enum ctreplay_finding {
	CTREPLAY_NO_FINDING,
	CTREPLAY_SHADOWED,		/* earlier rules of the chain take everything that it would match */
	CTREPLAY_IMPOSSIBLE,		/* its own conditions contradict each other */
	CTREPLAY_REDUNDANT,		/* later rules, or the policy, do the same to every packet that it takes */
};

struct ctreplay_covered_rule {
	struct ctreplay_rule rule;
	enum ctreplay_covering covering;
	bool is_simulated;
	uint64_t n_tried;		/* packets that came to it */
	uint64_t n_packets, n_bytes;	/* that it matched; those of the host's own answers too */
	uint64_t n_ctstates[6];		/* [enum ctreplay_ctstate]: packets of the captures that it matched */
	uint64_t n_flows;		/* whose packets those are; of two captures they are never the same */
	uint64_t first, last;		/* their numbers, 0: none, and in which capture, from 1: */
	size_t first_capture, last_capture;
	enum ctreplay_finding finding;
	const char *finding_text;	/* "can never match, ..."; "" without one */
	const struct ctreplay_rule *by;	/* the rules, or the policy, that make it so */
	size_t n_by;
};

struct ctreplay_covered_chain {
	uint8_t family;			/* 4, 6 */
	const char *table, *chain;
	const char *policy;		/* "ACCEPT", "DROP"; NULL: a chain of the user's */
	uint32_t n_references;		/* rules that jump to it */
	uint64_t n_entered;		/* packets that came to its first rule */
	uint64_t n_packets, n_bytes;	/* on which its policy decided */
};

/* What captures exercised of the rules. */
struct ctreplay_coverage {
	const struct ctreplay_covered_rule *rules;	/* in the order of iptables-save */
	size_t n_rules;
	const struct ctreplay_covered_chain *chains;	/* likewise */
	size_t n_chains;
	size_t n_captures;
	uint64_t n_packets;		/* of all captures */
	bool is_partial;		/* so many rules that not all pairs were compared: there may be more findings */
};

/* In what two replays of a packet differ: bits. */
enum ctreplay_differs {
	CTREPLAY_DIFFERS_VERDICT = 1 << 0,
	CTREPLAY_DIFFERS_RULE = 1 << 1,		/* that decided, or `reason`. In the same chain, with the same text it is the same rule */
	CTREPLAY_DIFFERS_CTSTATE = 1 << 2,
	CTREPLAY_DIFFERS_NAT = 1 << 3,		/* addresses and ports as it left */
	CTREPLAY_DIFFERS_ANSWER = 1 << 4,	/* what the host answered: REJECT, time exceeded */
	CTREPLAY_DIFFERS_LOG = 1 << 5,		/* LOG, NFLOG, ...: which rules, which prefix */
};

/* What became of a packet in one of two replays. */
struct ctreplay_outcome {
	enum ctreplay_verdict verdict;
	enum ctreplay_ctstate ctstate;
	const struct ctreplay_rule *decided_by;	/* as struct ctreplay_packet has them */
	const char *reason;
	const char *sent;		/* "udp 10.0.0.1:1024 > 192.0.2.1:53": as it left, where it was translated; else "" */
	const char *answer;		/* "icmp-port-unreachable (ACCEPT)"; "": none */
	const char *log;		/* "INPUT LOG \"prefix\""; "": none */
};

/* A packet that does not fare the same in two replays. */
struct ctreplay_difference {
	uint64_t number;		/* of the packet */
	int64_t time_ns;		/* since the first packet */
	uint32_t kinds;			/* enum ctreplay_differs */
	uint32_t flow;			/* which of the flows that differ: 1, 2, 3 ... in order of their first such packet */
	struct ctreplay_outcome outcomes[2];	/* in the first replay, and in the second */
};

/* Packets that two replays have in common; those that the first one shows. */
struct ctreplay_comparison {
	uint64_t n_packets, n_flows;
	uint64_t n_uncertain;		/* packets whose verdict depends on a rule that is not simulated, in either */
};

/* A suite: cases that say what rules are expected to do, in a file. */
struct ctreplay_suite;

struct ctreplay_case {
	const char *name;
	uint32_t line;			/* in the suite, from 1 */
	const char *const *files;	/* that it reads: captures, rules, ... */
	size_t n_files;
};

enum ctreplay_case_status {
	CTREPLAY_CASE_PASSED = 1,
	CTREPLAY_CASE_FAILED,		/* something was not as expected */
	CTREPLAY_CASE_BROKEN,		/* it could not be run */
};

enum ctreplay_recording {
	CTREPLAY_JUDGE,			/* nothing is written */
	CTREPLAY_RECORD,		/* files of expectations and goldens that are not there are written */
	CTREPLAY_UPDATE,		/* and those that are no longer true: what changes is told */
};

/* A rule as `iptables -L -v -n` has it. */
struct ctreplay_listed_rule {
	struct ctreplay_rule rule;
	bool is_simulated;
	const char *listing;		/* the columns behind the counters: "ACCEPT     0    --  *      *       0.0.0.0/0 ..." */
	const char *written;		/* as it stands in its file; NULL when built in */
	uint32_t written_len;		/* of it: no NUL ends it */
};

struct ctreplay_chain {
	uint8_t family;			/* 4, 6 */
	const char *table, *chain;
	const char *policy;		/* "ACCEPT", "DROP"; NULL: a chain of the user's */
	const struct ctreplay_rule *policy_rule;	/* where somebody has set it; NULL: nobody has */
	uint32_t n_references;		/* rules that jump to it */
	const struct ctreplay_listed_rule *rules;
	size_t n_rules;
};

/* A file of rules, as it was read. */
struct ctreplay_source {
	const char *name;		/* as messages have it */
	const char *text;		/* ends with NUL, too */
	size_t len;
};

/* What is wrong, or worth to be known, and where. */
struct ctreplay_message {
	bool is_error;			/* else a warning */
	const char *file;		/* NULL: it has no place */
	uint32_t line, column;		/* from 1; 0 without a place */
	const char *text;
	const char *hint;		/* "did you mean ACCEPT?"; or NULL */
};

/* Where "-" of an output goes. Set everything to 0 first, and `size` to sizeof. */
struct ctreplay_screen {
	size_t size;
	FILE *file;			/* the program's; it stays open */
	const char *view;		/* a format, as before the "=" of --out, for it unless another output goes there; NULL: none */
	bool has_color;			/* it shows colours; the option "color" may say otherwise */
	unsigned columns;		/* its width; 0: lines are as long as they are */
};

/* A packet that a program has itself. Set everything to 0 first, and `size` to sizeof. */
struct ctreplay_frame {
	size_t size;
	const void *bytes;		/* from the link layer's header on */
	uint32_t len, original_len;	/* bytes that are there; that there were, 0: as many */
	int64_t unix_ns;		/* when: since 1970, UTC. Time that runs backwards stands still */
	const char *interface;		/* where it was seen; NULL: found from the addresses */
	enum ctreplay_way way;
};

/* "0.1.0": of the library that runs. */
CTREPLAY_API const char *ctreplay_version(void);

CTREPLAY_API struct ctreplay *ctreplay_create(void);

/* At any time, also NULL. What outputs were not finished leaves no file behind. */
CTREPLAY_API void ctreplay_destroy(struct ctreplay *replay);

/*
 * Before it is opened: an option of `ctreplay run` by its long name, without dashes: "read", "local", "route", "host", "sysctl",
 * "ipset", "snapshot", "out", "packets", "seed", ...; "rules", "4" and "6" name a file of rules; "packet", "flow" and "why-not" are
 * those of `explain` and `diagram`. `value` is NULL for options without one. False: it is not understood.
 */
CTREPLAY_API bool ctreplay_set(struct ctreplay *replay, const char *option, const char *value);

/* The same for the content of a file: "rules", "4", "6", "host", "ipset"; "read": a packet script. `name` stands in messages. */
CTREPLAY_API bool ctreplay_set_text(struct ctreplay *replay, const char *option, const char *name, const char *text, size_t len);

/* Before it is opened: loads its rules already, for others to borrow. False after an error. */
CTREPLAY_API bool ctreplay_load(struct ctreplay *replay);

/*
 * Before it is opened, in the place of rules of its own: those of `owner`, which has loaded them or is open, and which is destroyed
 * later. They are not read again.
 */
CTREPLAY_API bool ctreplay_borrow_rules(struct ctreplay *replay, const struct ctreplay *owner);

/*
 * Before it is opened: what its packets exercise of the rules is counted for ctreplay_coverage(), also those that are not shown. All
 * counters begin at 0. `first` is NULL, or another replay that counts so, whose rules this one borrows: it is counted there, on top.
 */
CTREPLAY_API bool ctreplay_cover(struct ctreplay *replay, struct ctreplay *first);

/* Before it is opened: an account of each packet is kept, and listings are; packets that are not shown have one, too. It takes time. */
CTREPLAY_API bool ctreplay_keep_account(struct ctreplay *replay);

/*
 * Before they are opened, when they have loaded or borrowed rules: in the place of a capture packets are made, at the ends of every range
 * that the rules of both name, in every state. `second` may be NULL. A host of which nothing was said becomes the one that the owner of
 * borrowed rules has found, or one that serves the rules; no more can be said of it then.
 */
CTREPLAY_API bool ctreplay_generate(struct ctreplay *first, struct ctreplay *second);

/* The packet script that is replayed in the place of a capture. Of one that was generated the head has the host, as options. NULL: none is. */
CTREPLAY_API const char *ctreplay_script(const struct ctreplay *replay);

/*
 * Takes the bytes of an output. False: they could not be written; the replay ends then, as with a full disk. It may not call
 * functions with this replay.
 */
typedef bool ctreplay_write(void *owner, const char *bytes, size_t len);

/* Before it is opened: an output that goes to a function, as it is written: "json", "conntrack,extended", as before the "=" of --out. */
CTREPLAY_API bool ctreplay_output(struct ctreplay *replay, const char *format, ctreplay_write *write, void *owner);

/* Before it is opened. Without it an output to "-" is an error. False: the struct is not whole. */
CTREPLAY_API bool ctreplay_show(struct ctreplay *replay, const struct ctreplay_screen *screen);

/* Loads the rules, opens the capture, finds the host. False after an error. Warnings may stand in the messages also when it is true. */
CTREPLAY_API bool ctreplay_open(struct ctreplay *replay);

/*
 * Likewise, for packets that the program has itself: `link_type` is theirs, LINKTYPE_ of pcap (1: Ethernet; 101: from the IP
 * header on). The host must be described. Options that are about a capture count from the first packet on.
 */
CTREPLAY_API bool ctreplay_open_for_packets(struct ctreplay *replay, int link_type);

/* The next packet of the capture, replayed. */
CTREPLAY_API enum ctreplay_result ctreplay_step(struct ctreplay *replay);

/*
 * The first half of a step, for who does something else with the packet before the second: time moves to the next packet, what is due
 * ends, and ctreplay_arrival() tells what comes. It is replayed by the next ctreplay_step() or ctreplay_run(). CTREPLAY_PACKET: one waits.
 */
CTREPLAY_API enum ctreplay_result ctreplay_look(struct ctreplay *replay);

/*
 * The next `n` packets of the capture at once, UINT64_MAX: all. It takes less time than as many steps, as nothing is kept of
 * them but what outputs want: afterwards there are no ctreplay_packet() and no ctreplay_events(). CTREPLAY_PACKET: so many
 * were replayed; CTREPLAY_END: there were fewer.
 */
CTREPLAY_API enum ctreplay_result ctreplay_run(struct ctreplay *replay, uint64_t n);

/*
 * Takes a packet that differs. What it points to is there for the call; strings of rules live as long as their replay. It may call no
 * function with the two replays but ctreplay_describe(), of the first, for the packet as it was captured. False: that is enough.
 */
typedef bool ctreplay_differ(void *owner, const struct ctreplay_difference *difference);

/*
 * All packets of two replays that are open, side by side; the second one has the same packets. What the first one shows is compared.
 * CTREPLAY_END: all were; CTREPLAY_PACKET: `differ` said that it is enough; CTREPLAY_ERROR: the first one's messages tell. Then nothing is
 * left of them but to be finished; the second one is destroyed first.
 */
CTREPLAY_API enum ctreplay_result ctreplay_compare(struct ctreplay *first, struct ctreplay *second, ctreplay_differ *differ, void *owner);

/*
 * The capture ends behind the packet that is being replayed, and outputs say so: from a signal's handler, or another thread. A
 * read that waits for a pipe ends when the signal does not restart it.
 */
CTREPLAY_API void ctreplay_interrupt(struct ctreplay *replay);

/* A packet of the program's, replayed; it is not kept. CTREPLAY_PACKET or CTREPLAY_ERROR. */
CTREPLAY_API enum ctreplay_result ctreplay_push(struct ctreplay *replay, const struct ctreplay_frame *frame);

/* Between such packets: time passes until then, and what is due ends. CTREPLAY_END or CTREPLAY_ERROR; the events tell. */
CTREPLAY_API enum ctreplay_result ctreplay_wait(struct ctreplay *replay, int64_t unix_ns);

/*
 * Around fork(), of an open replay: before it, and in one of the two processes that both go on. Each then reads the capture for
 * itself, and as a replay depends on nothing but its input, both go on alike. False: it cannot be read again, or it has threads.
 */
CTREPLAY_API void ctreplay_before_fork(struct ctreplay *replay);
CTREPLAY_API bool ctreplay_after_fork(struct ctreplay *replay);

/*
 * No packet comes any more: outputs become whole. False when one could not be written, or the capture could not be read to its
 * end. Afterwards there are counters and the summary, and nothing is replayed.
 */
CTREPLAY_API bool ctreplay_finish(struct ctreplay *replay);

/* Of a replay that has its host: with the capture it is open, or the first packet was pushed. Else NULL. It lives as long as the replay. */
CTREPLAY_API const struct ctreplay_machine *ctreplay_machine(struct ctreplay *replay);

/*
 * What an open replay has loaded, as text that loads it again: "4", "6": rules, for iptables-restore; "ipset": sets before the first packet,
 * for `ipset restore`; "timeouts": policies, a line for nfct each. NULL: there is none. It lives as long as the replay.
 */
CTREPLAY_API const char *ctreplay_loaded(struct ctreplay *replay, const char *what);

/* LINKTYPE_ of pcap, of the packets of an open replay; -1: it is not open. */
CTREPLAY_API int ctreplay_link_type(const struct ctreplay *replay);

/* The packet that waits since ctreplay_look(); NULL: none does. */
CTREPLAY_API const struct ctreplay_arrival *ctreplay_arrival(const struct ctreplay *replay);

/* The packet that was replayed last; NULL: none was. */
CTREPLAY_API const struct ctreplay_packet *ctreplay_packet(const struct ctreplay *replay);

/*
 * It in one line: "UDP 192.168.1.2:35237 > 192.168.1.10:53 len 33"; "" before the first. The length without the NUL that is
 * always written when there is room, as with snprintf().
 */
CTREPLAY_API size_t ctreplay_describe(const struct ctreplay *replay, char *room, size_t size);

/* The same without TCP's sequence numbers and window: they are as wide as all the rest. */
CTREPLAY_API size_t ctreplay_describe_briefly(const struct ctreplay *replay, char *room, size_t size);

/* What conntrack told since the last step, push or wait began; of those that happened in it. */
CTREPLAY_API const struct ctreplay_event *ctreplay_events(const struct ctreplay *replay, size_t *n);

/*
 * After ctreplay_keep_account(): of the packet that was replayed last, and of what happened before it; after ctreplay_look(), ctreplay_wait()
 * and ctreplay_finish(), of what happened in it. NULL: no account is kept.
 */
CTREPLAY_API const struct ctreplay_account *ctreplay_account(struct ctreplay *replay);

/* Likewise, the listings that were made meanwhile, in order. */
CTREPLAY_API const struct ctreplay_listing *ctreplay_listings(struct ctreplay *replay, size_t *n);

/* The connection table now, in order of creation. Before the first packet and after ctreplay_finish() it is empty. */
CTREPLAY_API const struct ctreplay_entry *ctreplay_entries(struct ctreplay *replay, size_t *n);

/* Every rule and policy with its counters now, a chain's policy before its rules; after ctreplay_finish() those of the end. */
CTREPLAY_API const struct ctreplay_counter *ctreplay_counters(struct ctreplay *replay, size_t *n);

/* NULL before ctreplay_compare(). */
CTREPLAY_API const struct ctreplay_comparison *ctreplay_comparison(const struct ctreplay *first);

/* What is known of the host, once it is open: "host 192.168.1.2 on eth0 (found from the capture: ...)"; else "". */
CTREPLAY_API const char *ctreplay_host(const struct ctreplay *replay);

/* The rules of an open replay, chain by chain. They live as long as it does. */
CTREPLAY_API const struct ctreplay_chain *ctreplay_chains(struct ctreplay *replay, size_t *n);

/* The files of rules that it has loaded; none where they are borrowed. */
CTREPLAY_API const struct ctreplay_source *ctreplay_sources(struct ctreplay *replay, size_t *n);

/* NULL without ctreplay_cover(), or where another replay has it; after ctreplay_finish() it is whole. To find what can be proved takes time. */
CTREPLAY_API const struct ctreplay_coverage *ctreplay_coverage(struct ctreplay *replay);

/* NULL before ctreplay_finish(). */
CTREPLAY_API const struct ctreplay_summary *ctreplay_summary(const struct ctreplay *replay);

/* What the last call had to say, in order of place. */
CTREPLAY_API const struct ctreplay_message *ctreplay_messages(const struct ctreplay *replay, size_t *n);

/* All of it as the program prints it, with the lines that it is about; "" when there is nothing. */
CTREPLAY_API const char *ctreplay_message_text(const struct ctreplay *replay);

CTREPLAY_API enum ctreplay_failure ctreplay_failure(const struct ctreplay *replay);

/* Reads a suite; never NULL. When it is not as it must be it has no cases, and ctreplay_suite_messages() tell. */
CTREPLAY_API struct ctreplay_suite *ctreplay_suite_read(const char *path);

/* Also NULL. */
CTREPLAY_API void ctreplay_suite_destroy(struct ctreplay_suite *suite);

/* What is wrong with it; and the same as the program prints it. */
CTREPLAY_API const struct ctreplay_message *ctreplay_suite_messages(const struct ctreplay_suite *suite, size_t *n);
CTREPLAY_API const char *ctreplay_suite_message_text(const struct ctreplay_suite *suite);

/* In the order of the file. They belong to the suite. */
CTREPLAY_API const struct ctreplay_case *ctreplay_suite_cases(const struct ctreplay_suite *suite, size_t *n);

/*
 * While a case of the suite is replayed, now and then: how many packets of it so far. False: enough; the case could not be run then. NULL:
 * nobody is asked.
 */
typedef bool ctreplay_go_on(void *owner, uint64_t n_packets);
CTREPLAY_API void ctreplay_suite_watch(struct ctreplay_suite *suite, ctreplay_go_on *go_on, void *owner);

/* Replays a case, counted from 0. `words`: why it failed or could not be run, or what was written; until the next run of the suite. */
CTREPLAY_API enum ctreplay_case_status ctreplay_suite_run(struct ctreplay_suite *suite, size_t index, enum ctreplay_recording recording,
							  const char **words);

/* Names as iptables and conntrack have them; "NONE" for no verdict and no ctstate; static. */
CTREPLAY_API const char *ctreplay_verdict_name(enum ctreplay_verdict verdict);
CTREPLAY_API const char *ctreplay_ctstate_name(enum ctreplay_ctstate ctstate);

/* "decided by", "packet as it left"; static. */
CTREPLAY_API const char *ctreplay_fact_name(enum ctreplay_fact fact);

/* "10.0.0.1", "2001:db8::1". `room` holds CTREPLAY_ADDRESS_ROOM bytes, and is returned. */
enum { CTREPLAY_ADDRESS_ROOM = 46 };
CTREPLAY_API const char *ctreplay_address_text(const struct ctreplay_address *address, char *room);

#ifdef __cplusplus
}
#endif

#endif
