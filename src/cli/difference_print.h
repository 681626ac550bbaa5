/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs between two rulesets, as people and as programs read it. */
#ifndef CLI_DIFFERENCE_PRINT_H
#define CLI_DIFFERENCE_PRINT_H

#include "base/text.h"
#include "cli/difference.h"

/* Groups by cause, the largest first, at most `n_most`; then the sum in one or two lines. */
void difference_print_text(const struct difference *difference, size_t n_most, struct text *out);

/* One line for each group and one for the sum. */
void difference_print_json(const struct difference *difference, struct text *out);

/* One line for a packet that differs; `old` describes it. */
void difference_print_packet_json(const struct difference *difference, const struct ctreplay_difference *told, const struct ctreplay *old,
				  struct text *out);

#endif
