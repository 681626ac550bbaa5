/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "event/words.h"

#include <stddef.h>

static const char *const ctstate_names[CTSTATE_COUNT] = {
	[CTSTATE_NONE] = "NONE",
	[CTSTATE_INVALID] = "INVALID",
	[CTSTATE_NEW] = "NEW",
	[CTSTATE_ESTABLISHED] = "ESTABLISHED",
	[CTSTATE_RELATED] = "RELATED",
	[CTSTATE_UNTRACKED] = "UNTRACKED",
};

static const char *const verdict_names[VERDICT_COUNT] = {
	[VERDICT_NONE] = "NONE",
	[VERDICT_ACCEPT] = "ACCEPT",
	[VERDICT_DROP] = "DROP",
	[VERDICT_REJECT] = "REJECT",
	[VERDICT_QUEUE] = "QUEUE",
	[VERDICT_HELD] = "HELD",
};

static const char *const status_names[WORDS_STATUS_BITS] = {
	"EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED", "SRC_NAT", "DST_NAT", "SEQ_ADJUST",
	"SRC_NAT_DONE", "DST_NAT_DONE", "DYING", "FIXED_TIMEOUT", "TEMPLATE", NULL, "HELPER",
};

static const char *const event_names[WORDS_EVENT_BITS] = {
	"NEW", "RELATED", "DESTROY", "REPLY", "ASSURED", "PROTOINFO", "HELPER", "MARK", "SEQADJ", "SECMARK", "LABEL",
};

static const char *const expectation_flag_names[WORDS_EXPECTATION_FLAGS] = { "PERMANENT", "INACTIVE", "USERSPACE" };

static const char *const expectation_end_names[EXPECTATION_END_COUNT] = {
	[EXPECTATION_MET] = "met",
	[EXPECTATION_EXPIRED] = "expired",
	[EXPECTATION_REPLACED] = "replaced",
	[EXPECTATION_WITHDRAWN] = "withdrawn",
	[EXPECTATION_ORPHANED] = "orphaned",
};

const char *ctstate_name(enum ctstate ctstate)
{
	return ctstate < CTSTATE_COUNT ? ctstate_names[ctstate] : "NONE";
}

const char *verdict_name(enum verdict verdict)
{
	return verdict < VERDICT_COUNT ? verdict_names[verdict] : "NONE";
}

const char *status_bit_name(unsigned bit_number)
{
	return bit_number < WORDS_STATUS_BITS ? status_names[bit_number] : NULL;
}

const char *conntrack_event_bit_name(unsigned bit_number)
{
	return bit_number < WORDS_EVENT_BITS ? event_names[bit_number] : NULL;
}

const char *expectation_flag_name(unsigned bit_number)
{
	return bit_number < WORDS_EXPECTATION_FLAGS ? expectation_flag_names[bit_number] : NULL;
}

const char *expectation_end_name(enum expectation_end end)
{
	return end < EXPECTATION_END_COUNT ? expectation_end_names[end] : NULL;
}
