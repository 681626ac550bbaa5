/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The states of -m state and -m conntrack as bits. Linux 6.18, xt_conntrack.h: XT_CONNTRACK_STATE_BIT(). */
#ifndef RULES_CTSTATE_NAMES_H
#define RULES_CTSTATE_NAMES_H

#include <stdint.h>

#include "conntrack/connection.h"
#include "rules/extension.h"
#include "rules/subject.h"

enum ctstate_bit {
	CTSTATE_BIT_INVALID = 1 << 0,
	CTSTATE_BIT_NEW = 1 << 1,
	CTSTATE_BIT_RELATED = 1 << 2,
	CTSTATE_BIT_ESTABLISHED = 1 << 3,
	CTSTATE_BIT_UNTRACKED = 1 << 4,
	CTSTATE_BIT_SNAT = 1 << 5,
	CTSTATE_BIT_DNAT = 1 << 6,
};

/* In the order in which iptables-save prints them: without, and with SNAT and DNAT. */
extern const struct option_name ctstate_names[], ctstate_names_with_nat[];

/*
 * The bit of a packet's state, without SNAT and DNAT. A packet that conntrack has not seen (raw table) counts as INVALID,
 * and as UNTRACKED from the rule on that says so.
 */
uint32_t ctstate_bit(const struct subject *subject);

#endif
