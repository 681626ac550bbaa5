/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/ctstate_names.h"

const struct option_name ctstate_names[] = {
	{ "INVALID", CTSTATE_BIT_INVALID },
	{ "NEW", CTSTATE_BIT_NEW },
	{ "RELATED", CTSTATE_BIT_RELATED },
	{ "ESTABLISHED", CTSTATE_BIT_ESTABLISHED },
	{ "UNTRACKED", CTSTATE_BIT_UNTRACKED },
	{ NULL, 0 },
};

const struct option_name ctstate_names_with_nat[] = {
	{ "INVALID", CTSTATE_BIT_INVALID },
	{ "NEW", CTSTATE_BIT_NEW },
	{ "RELATED", CTSTATE_BIT_RELATED },
	{ "ESTABLISHED", CTSTATE_BIT_ESTABLISHED },
	{ "UNTRACKED", CTSTATE_BIT_UNTRACKED },
	{ "SNAT", CTSTATE_BIT_SNAT },
	{ "DNAT", CTSTATE_BIT_DNAT },
	{ NULL, 0 },
};

uint32_t ctstate_bit(const struct subject *subject)
{
	static const uint32_t bits[CTSTATE_COUNT] = {
		[CTSTATE_NONE] = CTSTATE_BIT_INVALID,
		[CTSTATE_INVALID] = CTSTATE_BIT_INVALID,
		[CTSTATE_NEW] = CTSTATE_BIT_NEW,
		[CTSTATE_ESTABLISHED] = CTSTATE_BIT_ESTABLISHED,
		[CTSTATE_RELATED] = CTSTATE_BIT_RELATED,
		[CTSTATE_UNTRACKED] = CTSTATE_BIT_UNTRACKED,
	};

	if (subject->request.notrack && subject->tracking->ctstate == CTSTATE_NONE)
		return CTSTATE_BIT_UNTRACKED;
	/* Linux 6.18, xt_ct_target(): behind CT in raw a packet carries the template, as a new one. */
	if (subject_carries_template(subject))
		return CTSTATE_BIT_NEW;
	return bits[subject->tracking->ctstate];
}
