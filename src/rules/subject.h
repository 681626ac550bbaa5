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
#include "packet/hook.h"
#include "packet/packet.h"

/* What the routing table says about an address (RTN_*, Linux include/uapi/linux/rtnetlink.h); bit numbers as xt_addrtype has them. */
enum address_type {
	ADDRESS_UNSPEC, ADDRESS_UNICAST, ADDRESS_LOCAL, ADDRESS_BROADCAST, ADDRESS_ANYCAST, ADDRESS_MULTICAST,
	ADDRESS_BLACKHOLE, ADDRESS_UNREACHABLE, ADDRESS_PROHIBIT, ADDRESS_THROW, ADDRESS_NAT, ADDRESS_XRESOLVE,
	ADDRESS_TYPE_COUNT,
};

/* The host, as far as rules may ask it; host/topology implements it. */
struct surroundings {
	/* `interface` limits the question to one interface ("" or NULL: any). */
	enum address_type (*classify)(const struct surroundings *surroundings, enum family family,
				      const struct address *address, const char *interface);
};

enum reject_kind { REJECT_NONE, REJECT_UNREACHABLE, REJECT_TCP_RESET };

struct request {
	bool notrack;			/* raw: the packet is not to be tracked */
	enum reject_kind reject;	/* answer the packet (the target's verdict is DROP) */
	uint8_t reject_code;		/* ICMP or ICMPv6 unreachable code */
	const char *reject_name;	/* static: "icmp-port-unreachable" */
};

struct subject {
	struct packet *packet;
	const struct tracking *tracking;
	enum hook hook;
	const char *in, *out;		/* interface names; "" when there is none at this hook */
	uint32_t mark;			/* packet mark */
	struct vtime now;
	uint32_t hz;			/* for the arithmetic that the kernel does in jiffies */
	const struct surroundings *surroundings;
	struct request request;
	struct stream *stream;		/* for targets whose side effect is recorded (EVENT_LOG); may be NULL in tests */
	const struct rule_place *rule;	/* the rule that is being evaluated */
};

#endif
