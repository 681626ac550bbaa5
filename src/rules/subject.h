/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a rule sees of the world at one hook, and what it may ask of it.
 *
 * Matches are pure: they read the subject. A target may change packet bytes (through
 * packet/rewrite) and the mark; anything larger it writes into `request`, which the
 * host carries out after the chain.
 */
#ifndef RULES_SUBJECT_H
#define RULES_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "clock/vtime.h"
#include "conntrack/connection.h"
#include "conntrack/profile.h"
#include "nat/range.h"
#include "packet/hook.h"
#include "packet/packet.h"
#include "rules/annotation.h"

/* What the routing table says about an address (RTN_*, Linux include/uapi/linux/rtnetlink.h); bit numbers as xt_addrtype has them. */
enum address_type {
	ADDRESS_UNSPEC, ADDRESS_UNICAST, ADDRESS_LOCAL, ADDRESS_BROADCAST, ADDRESS_ANYCAST, ADDRESS_MULTICAST,
	ADDRESS_BLACKHOLE, ADDRESS_UNREACHABLE, ADDRESS_PROHIBIT, ADDRESS_THROW, ADDRESS_NAT, ADDRESS_XRESOLVE,
	ADDRESS_TYPE_COUNT,
};

/*
 * Where packets to an address go, seen from an interface: nowhere; to the host itself, whose address it is there or
 * elsewhere; out by it; out by another.
 */
enum way_back { WAY_BACK_NONE, WAY_BACK_LOCAL, WAY_BACK_LOCAL_ELSEWHERE, WAY_BACK_SAME, WAY_BACK_OTHER };

/* The host, as far as rules may ask it; host/topology implements it. */
struct surroundings {
	/* `interface` limits the question to one interface ("" or NULL: any). */
	enum address_type (*classify)(const struct surroundings *surroundings, enum family family,
				      const struct address *address, const char *interface);

	/* Where the way to a packet's source leads, seen from the interface it came by; `mark` may choose the route. */
	enum way_back (*way_back)(const struct surroundings *surroundings, const struct packet *packet, const char *in,
				  uint32_t mark);

	/*
	 * The address that MASQUERADE takes for packets that leave by `interface`, to an IPv4 next hop or an IPv6
	 * destination; NULL: there is none.
	 */
	const struct address *(*leaving_address)(const struct surroundings *surroundings, enum family family,
						 const char *interface, const struct address *towards);

	/* The MTU of the host's way to an address; 0: not known. */
	uint32_t (*mtu_towards)(const struct surroundings *surroundings, enum family family,
				const struct address *destination);

	/* The address that REDIRECT takes for packets that came in by `interface` for `destination`; NULL: there is none. */
	const struct address *(*arriving_address)(const struct surroundings *surroundings, enum family family,
						  const char *interface, const struct address *destination);
};

/* The connection table, as far as rules may use it at once; host/walk implements it. */
struct connections {
	/* The confirmed entry that a packet with `tuple` has in `zone` ([enum direction]; that of `tuple` is not looked at), or NULL. */
	const struct connection *(*find)(const struct connections *connections, const struct tuple *tuple, const uint16_t zone[2]);
	/* Changes the mark of the packet's connection, which must have one: later rules see it. */
	void (*change_mark)(const struct connections *connections, const struct tracking *tracking, uint32_t mark);
	/* Sets a label of the packet's connection, which must have one. */
	void (*set_label)(const struct connections *connections, const struct tracking *tracking, unsigned bit);
};

enum reject_kind { REJECT_NONE, REJECT_UNREACHABLE, REJECT_TCP_RESET, REJECT_PARAMETER_PROBLEM };

struct request {
	bool notrack;			/* raw: the packet is not to be tracked */
	struct template template;	/* raw: how a new entry is to be tracked */
	struct connection *template_entry;	/* where that is set: the rule's, which all of its packets carry until they are tracked */
	enum reject_kind reject;	/* answer the packet (the target's verdict is DROP) */
	uint8_t reject_code;		/* ICMP or ICMPv6 unreachable code; of a parameter problem: the header's byte */
	const char *reject_name;	/* static: "icmp-port-unreachable" */
	bool has_mapping;		/* nat: map the packet's connection, the side that the hook maps, within... */
	struct nat_range mapping;
};

struct ipsets;

struct subject {
	struct packet *packet;
	const struct tracking *tracking;
	enum hook hook;
	const char *in, *out;		/* interface names; "" when there is none at this hook */
	const char *received_by;	/* where the packet came in, in POSTROUTING, too; "" of the host's own */
	uint32_t mark;			/* packet mark */
	const struct address *next_hop;	/* of an IPv4 packet that is routed: its gateway, or its destination */
	uint32_t mtu;			/* of its way; 0: not known */
	struct vtime now;
	uint32_t hz;			/* for the arithmetic that the kernel does in jiffies */
	enum profile profile;		/* which kernel it is */
	int64_t origin_ns;		/* Unix time of `now` 0: what -m time reads */
	bool answers_untracked;		/* made because of a packet that was not tracked. Linux 6.18, nf_ct_attach(): it carries "related", to nothing */
	bool is_from_process;		/* the host's own, and not made by its kernel on the way: a process may have sent it */
	const struct surroundings *surroundings;
	const struct connections *connections;	/* NULL in tests that need none */
	struct ipsets *sets;		/* set by eval_table(); NULL where no --ipset file says any */
	const struct annotation_source *annotations;	/* what the capture does not say; NULL: nobody told */
	struct request request;
	bool is_traced;			/* -j TRACE saw it, and somebody wants EVENT_TRACE */
	struct stream *stream;		/* for targets whose side effect is recorded (EVENT_LOG); may be NULL in tests */
	const struct rule_place *rule;	/* the rule that is being evaluated */
	uint32_t *recall;		/* what rules/recall knows of the packet's connection, and will know; NULL: not by it */
};

/* Is it behind CT in raw, with the template that the rule has attached? Linux 6.18, xt_ct_target(). */
static inline bool subject_carries_template(const struct subject *subject)
{
	return subject->request.template.is_set && subject->tracking->ctstate == CTSTATE_NONE;
}

/* What -m conntrack, -m connmark and CONNMARK look at: its entry, behind CT in raw the rule's; NULL: it carries none. */
static inline const struct connection *subject_entry(const struct subject *subject)
{
	return subject->request.template_entry && subject->tracking->ctstate == CTSTATE_NONE ? subject->request.template_entry :
											      subject->tracking->connection;
}

/* Does CT or NOTRACK leave it alone? It has an entry, or was here before, or carries what is none. Linux 6.18, xt_CT.c: skb->_nfct != 0. */
static inline bool subject_is_attached(const struct subject *subject)
{
	return subject->tracking->connection || subject->request.notrack || subject->request.template.is_set ||
	       (subject->answers_untracked && subject->tracking->ctstate == CTSTATE_NONE);
}

#endif
