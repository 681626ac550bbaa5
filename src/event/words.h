/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The field's words as numbers and names: what a packet's state, verdict and entry are
 * called by iptables, conntrack and the kernel. Shared by the engine and the sinks.
 */
#ifndef EVENT_WORDS_H
#define EVENT_WORDS_H

#include <stdint.h>

/* What -m conntrack --ctstate would say; order of enum ip_conntrack_info where it has one. */
enum ctstate {
	CTSTATE_NONE,		/* not looked at: dropped before conntrack, or tracking is off */
	CTSTATE_INVALID,
	CTSTATE_NEW,
	CTSTATE_ESTABLISHED,
	CTSTATE_RELATED,
	CTSTATE_UNTRACKED,
	CTSTATE_COUNT,
};

enum verdict {
	VERDICT_NONE,		/* not IP: nothing judged it */
	VERDICT_ACCEPT,
	VERDICT_DROP,
	VERDICT_REJECT,
	VERDICT_QUEUE,
	VERDICT_HELD,		/* a fragment that waits for the rest */
	VERDICT_COUNT,
};

/* enum ip_conntrack_status, Linux 6.18 include/uapi/linux/netfilter/nf_conntrack_common.h. */
enum status_bit {
	STATUS_EXPECTED = 1 << 0,
	STATUS_SEEN_REPLY = 1 << 1,
	STATUS_ASSURED = 1 << 2,
	STATUS_CONFIRMED = 1 << 3,
	STATUS_SRC_NAT = 1 << 4,
	STATUS_DST_NAT = 1 << 5,
	STATUS_SEQ_ADJUST = 1 << 6,
	STATUS_SRC_NAT_DONE = 1 << 7,
	STATUS_DST_NAT_DONE = 1 << 8,
	STATUS_DYING = 1 << 9,
	STATUS_FIXED_TIMEOUT = 1 << 10,
	STATUS_TEMPLATE = 1 << 11,
	STATUS_HELPER = 1 << 13,
};

/* enum ip_conntrack_events: what one `conntrack -E` line reports. */
enum conntrack_event_bit {
	CONNTRACK_EVENT_NEW = 1 << 0,
	CONNTRACK_EVENT_RELATED = 1 << 1,
	CONNTRACK_EVENT_DESTROY = 1 << 2,
	CONNTRACK_EVENT_REPLY = 1 << 3,
	CONNTRACK_EVENT_ASSURED = 1 << 4,
	CONNTRACK_EVENT_PROTOINFO = 1 << 5,
	CONNTRACK_EVENT_HELPER = 1 << 6,
	CONNTRACK_EVENT_MARK = 1 << 7,
	CONNTRACK_EVENT_SEQADJ = 1 << 8,
	CONNTRACK_EVENT_SECMARK = 1 << 9,
	CONNTRACK_EVENT_LABEL = 1 << 10,
};

/* NF_CT_EXPECT_*, Linux 6.18 include/uapi/linux/netfilter/nf_conntrack_common.h. */
enum expectation_flag {
	EXPECTATION_PERMANENT = 1 << 0,	/* it stays when its connection has come */
	EXPECTATION_INACTIVE = 1 << 1,	/* nothing meets it yet */
	EXPECTATION_USERSPACE = 1 << 2,
};

/* How an expectation ended. */
enum expectation_end {
	EXPECTATION_LIVES,	/* it did not */
	EXPECTATION_MET,	/* its connection came */
	EXPECTATION_EXPIRED,
	EXPECTATION_REPLACED,	/* by a newer one */
	EXPECTATION_WITHDRAWN,	/* by its helper */
	EXPECTATION_ORPHANED,	/* its master ended */
	EXPECTATION_END_COUNT,
};

enum { WORDS_STATUS_BITS = 14, WORDS_EVENT_BITS = 11, WORDS_EXPECTATION_FLAGS = 3 };

const char *ctstate_name(enum ctstate ctstate);		/* "NEW", ...; "NONE" for CTSTATE_NONE */
const char *verdict_name(enum verdict verdict);		/* "ACCEPT", ... */
const char *status_bit_name(unsigned bit_number);	/* "SEEN_REPLY" for 1, ...; NULL for an unused bit */
const char *conntrack_event_bit_name(unsigned bit_number);
const char *expectation_flag_name(unsigned bit_number);	/* "PERMANENT" for 0, ... */
const char *expectation_end_name(enum expectation_end end);	/* "met", "expired", ...; NULL for EXPECTATION_LIVES */

#endif
